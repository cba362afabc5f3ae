#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/fixture.hpp"

namespace tuanyuan::engine {

/// An alert whose clock runs, and what became of it.
class ClockTest : public EngineTest {
 protected:
  ClockTest() {
    clocked = true;
    settings.chase_grace = core::Duration(0);
    restart();
  }

  /// To so many minutes after the child was last seen; alerts are released 40 minutes after that.
  void to_minute(int minute) { run_for(std::chrono::minutes(minute) - (clock.wall_now() - lost)); }
  core::AlertId alert_out() {
    lost = clock.wall_now() - std::chrono::minutes(40);
    id = released().id;
    return id;
  }
  ports::AlertView now() { return *run(engine->cases().alert(releaser, id)); }
  std::vector<core::Delivery> sent_to(const std::string& recipient) const {
    std::vector<core::Delivery> rows;
    for (const ports::Dispatch& dispatch : channel.sent) {
      const auto* target = std::get_if<core::RecipientId>(&dispatch.delivery.target);
      if (target != nullptr && target->value == recipient) {
        rows.push_back(dispatch.delivery);
      }
    }
    return rows;
  }
  std::vector<core::Delivery> reasserted_to(const std::string& recipient) {
    std::vector<core::Delivery> rows;
    for (const ports::Dispatch& dispatch : run(engine->retained().in_force()).dispatches) {
      if (dispatch.delivery.target == core::Target(core::RecipientId(recipient))) {
        rows.push_back(dispatch.delivery);
      }
    }
    return rows;
  }
  void everybody_confirms(std::uint32_t revision = 1) {
    for (const char* who : {"near", "next", "police", "province", "member"}) {
      answer(id, revision, who, core::AnswerKind::confirmed, who == std::string("member") ? "province" : who);
    }
  }

  void received(const std::string& who, std::uint32_t revision = 1) {
    answer(id, revision, who, core::AnswerKind::received);
  }
  core::Receipt unable(const std::string& who, core::UnableReason reason, std::uint32_t revision = 1) {
    ports::InboundAnswer inbound;
    inbound.answer.alert_id = id;
    inbound.answer.revision = revision;
    inbound.answer.recipient_id = core::RecipientId(who);
    inbound.answer.kind = core::AnswerKind::unable;
    inbound.answer.reason = reason;
    inbound.connection = inbound.answer.recipient_id;
    std::vector<ports::InboundAnswer> one{inbound};
    return run(engine->answers().acknowledge(one))->at(0);
  }
  void everybody_confirms_but(const std::string& silent) {
    for (const char* who : {"near", "next", "police", "province", "member"}) {
      if (who != silent) {
        answer(id, 1, who, core::AnswerKind::confirmed, who == std::string("member") ? "province" : who);
      }
    }
  }
  /// What the journal says was done about who kept silent.
  std::vector<core::SilentChased> chased() const {
    std::vector<core::SilentChased> all;
    for (const ports::RecordedEntry& recorded : store->journal(0, id.value + "/chase", 1'000)) {
      all.push_back(std::get<core::SilentChased>(recorded.entry.body));
    }
    return all;
  }

  static core::Recipient near() {
    core::Recipient near;
    near.id = core::RecipientId("near");
    near.name = "某站";
    near.category = core::Category::railway_station;
    near.audience = core::Audience::partner;
    near.division = core::Division{210102};
    near.position = core::Position{41.80, 123.43};
    return near;
  }
  void enter(const core::Recipient& recipient) {
    const core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
    ASSERT_TRUE(run(engine->recipients().put(keeper, recipient, {})));
  }
  /// From now on this unit answers for "near".
  void near_answers_to(std::string unit) {
    core::Recipient answering = near();
    answering.unit = core::RecipientId(std::move(unit));
    enter(answering);
  }

  core::AlertId id;
  core::Instant lost;
};

}  // namespace tuanyuan::engine
