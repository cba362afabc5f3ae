#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "adapters/wire/answer_codec.hpp"
#include "adapters/wire/json.hpp"
#include "tools/station/deployment.hpp"
#include "tools/station/station_mind.hpp"

namespace tuanyuan::station {

using core::AnswerKind;
using core::NoticeKind;

inline const std::string notice_topic = "tuanyuan/v1/notices/partner/210102/0198c0de-0000-7000-8000-00000000000a";
inline const std::string direct_topic = "tuanyuan/v1/direct/s1/0198c0de-0000-7000-8000-00000000000a";
inline const std::string photo_topic = "tuanyuan/v1/photos/partner/210102/0198c0de-0000-7000-8000-00000000000a";
inline const core::AlertId alert("0198c0de-0000-7000-8000-00000000000a");

/// An answer as the daemon would read it.
struct Said {
  std::string who;
  std::uint32_t revision = 0;
  AnswerKind kind = AnswerKind::received;

  friend bool operator==(const Said&, const Said&) = default;
};

inline void PrintTo(const Said& said, std::ostream* out) {
  *out << said.who << " " << core::to_string(said.kind) << " r" << said.revision;
}

inline Member member(std::string id, std::optional<core::Position> place = heping) {
  Member made;
  made.id = core::RecipientId(std::move(id));
  made.division = core::Division{210102};
  made.place = place;
  return made;
}

/// One station in one place, with its screen and its people played by the test.
class Mind : public testing::Test {
 protected:
  void start(Member self = member("s1"), std::vector<Member> members = {}, Temper temper = {}) {
    mind = std::make_unique<StationMind>(commons, std::move(self), std::move(members), temper, 1);
    mind->message("tuanyuan/v1/keys", deployment.keys_protobuf(), now);
  }

  void pass(Steady time) {
    now.steady += time;
    now.wall += time;
    mind->tick(now);
  }

  void hear(const core::Notice& notice, const std::string& topic = notice_topic) {
    mind->message(topic, deployment.sign(notice).protobuf, now);
  }

  void hear(core::Version version, NoticeKind kind = NoticeKind::alert, const std::string& topic = notice_topic) {
    hear(notice_at(version, kind), topic);
  }

  template <class W>
  std::vector<W> wished() {
    std::vector<W> found;
    for (Wish& wish : mind->take_wishes()) {
      if (auto* one = std::get_if<W>(&wish)) {
        found.push_back(std::move(*one));
      }
    }
    return found;
  }

  /// Does what the mind wishes as a screen that always works would, and tells what it showed and took down.
  std::vector<std::string> obey() {
    std::vector<std::string> done;
    for (const Wish& wish : mind->take_wishes()) {
      if (const auto* show = std::get_if<Show>(&wish)) {
        done.push_back("show r" + std::to_string(show->notice->version.revision) + "s" +
                       std::to_string(show->notice->version.step) + (show->photo ? " with photo" : ""));
        mind->displayed(show->notice->alert_id, show->notice->version, now);
      } else if (const auto* down = std::get_if<TakeDown>(&wish)) {
        done.push_back("down " + std::string(describe(down->reason)));
        mind->removed(down->alert_id, now);
      }
    }
    return done;
  }

  std::vector<Said> said() {
    std::vector<Said> answers;
    for (const OutgoingAnswer& outgoing : mind->take_answers(now, 100)) {
      EXPECT_EQ(outgoing.topic, "tuanyuan/v1/acknowledgements/s1");
      v1::Acknowledgement message;
      EXPECT_TRUE(outgoing.payload.starts_with('{') ? wire::decode_json(outgoing.payload, message).has_value()
                                                    : message.ParseFromString(outgoing.payload));
      const auto answer = wire::from_proto(message);
      EXPECT_TRUE(answer.has_value());
      EXPECT_EQ(answer->alert_id, alert);
      answers.push_back({answer->recipient_id.value, answer->revision, answer->kind});
    }
    return answers;
  }

  using Done = std::vector<std::string>;
  using Answers = std::vector<Said>;

  Deployment deployment;
  Commons commons{MindSettings{}, deployment.ca()};
  std::unique_ptr<StationMind> mind;
  Moment now{today, Steady{1'000'000}};
};

}  // namespace tuanyuan::station
