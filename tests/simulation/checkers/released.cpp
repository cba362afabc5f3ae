#include "core/exercise_mark.hpp"
#include "simulation/checkers/checkers.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {
namespace {

/// Promise 5: whatever reaches a station was signed, is what the journal says was decided by an officer, for that
/// audience, and cannot be taken for the other of exercise and real thing.
class OnlyWhatWasReleased final : public Checker {
 public:
  explicit OnlyWhatWasReleased(Stage& stage) : Checker("5_released", stage) {}

  void committed(const ports::Commit& commit) override {
    for (const core::Delivery& row : commit.deliveries) {
      const AlertTruth* alert = stage_.truth.find(row.alert_id);
      check(alert != nullptr && alert->find(row.audience, row.version) != nullptr, "a row of", row.alert_id,
            "without an entry");
    }
    for (const core::Entry& entry : commit.entries) {
      if (std::holds_alternative<core::AlertReleased>(entry.body)) {
        check(!entry.actor.officer.empty(), "nobody released", entry.subject);
      }
      const bool ends = std::holds_alternative<core::AlertClosed>(entry.body) ||
                        std::holds_alternative<core::AlertRetracted>(entry.body);
      check(!ends || !entry.actor.officer.empty(), "nobody ended", entry.subject);
    }
  }

  void handed(core::ChannelKind, const ports::Dispatch& dispatch) override { decided(dispatch.delivery); }

  void reached(const StationPlan& plan, const Copy& copy) override {
    if (!copy.bytes) {
      return;
    }
    check(copy.notice && copy.genuine, plan.recipient.id, "was sent what nobody signed");
    if (!copy.notice) {
      return;
    }
    const core::Notice& notice = *copy.notice;
    core::Delivery delivery;
    delivery.alert_id = copy.alert_id;
    delivery.version = notice.version;
    delivery.kind = notice.kind;
    delivery.status = notice.status;
    delivery.audience = notice.audience;
    decided(delivery);
    check(notice.alert_id == copy.alert_id && notice.audience == plan.recipient.audience, plan.recipient.id,
          "was sent the copy of somebody else", core::to_string(notice.audience),
          core::to_string(plan.recipient.audience), copy.topic.index(), notice.alert_id == copy.alert_id);
    const bool exercise = notice.status == core::Status::exercise;
    for (const core::NoticeText& text : notice.texts) {
      check(core::holds_exercise_mark(text.headline) == exercise, "an exercise that looks real, or the reverse");
    }
  }

 private:
  void decided(const core::Delivery& sent) {
    const AlertTruth* alert = stage_.truth.find(sent.alert_id);
    const AlertTruth::Decided* version = alert == nullptr ? nullptr : alert->find(sent.audience, sent.version);
    check(version != nullptr, "revision", sent.version.revision, "of", sent.alert_id, "was never decided");
    if (version == nullptr) {
      return;
    }
    check(version->kind == sent.kind, "revision", sent.version.revision, "was decided as",
          core::to_string(version->kind), "and sent as", core::to_string(sent.kind));
    check(sent.status == alert->state.status, "sent with another status than it was released with");
    check(alert->state.audiences.contains(sent.audience), "sent to an audience it was not released to");
    check(sent.status == core::Status::actual || sent.audience != core::Audience::public_,
          "an exercise reaches the public");
  }
};

}  // namespace

std::unique_ptr<Checker> released(Stage& stage) {
  return std::make_unique<OnlyWhatWasReleased>(stage);
}

}  // namespace tuanyuan::simulation
