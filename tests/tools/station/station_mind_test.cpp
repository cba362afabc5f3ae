#include "tools/station/station_mind.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "adapters/wire/answer_codec.hpp"
#include "adapters/wire/json.hpp"
#include "tools/station/deployment.hpp"

namespace tuanyuan::station {
namespace {

using core::AnswerKind;
using core::NoticeKind;

const std::string notice_topic = "tuanyuan/v1/notices/partner/210102/0198c0de-0000-7000-8000-00000000000a";
const std::string direct_topic = "tuanyuan/v1/direct/s1/0198c0de-0000-7000-8000-00000000000a";
const std::string photo_topic = "tuanyuan/v1/photos/partner/210102/0198c0de-0000-7000-8000-00000000000a";
const core::AlertId alert("0198c0de-0000-7000-8000-00000000000a");

/// An answer as the daemon would read it.
struct Said {
  std::string who;
  std::uint32_t revision = 0;
  AnswerKind kind = AnswerKind::received;

  friend bool operator==(const Said&, const Said&) = default;
};

void PrintTo(const Said& said, std::ostream* out) {
  *out << said.who << " " << core::to_string(said.kind) << " r" << said.revision;
}

Member member(std::string id, std::optional<core::Position> place = heping) {
  Member made;
  made.id = core::RecipientId(std::move(id));
  made.division = core::Division{210102};
  made.place = place;
  return made;
}

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

TEST_F(Mind, ConnectedThenSubscribesAndSaysOnline) {
  start();
  mind->connected(now);
  const auto wishes = mind->take_wishes();
  ASSERT_EQ(wishes.size(), 2U);
  EXPECT_EQ(std::get<SubscribeTo>(wishes[0]).filters, mind->topics().filters());
  EXPECT_EQ(std::get<SayOnline>(wishes[1]).topic, "tuanyuan/v1/presence/s1");
}

TEST_F(Mind, AlertInTheCircleThenShownAndAnswered) {
  start();
  hear({1, 0});
  EXPECT_EQ(said(), (Answers{{"s1", 1, AnswerKind::received}}));
  EXPECT_EQ(obey(), (Done{"show r1s0"}));
  EXPECT_EQ(said(), (Answers{{"s1", 1, AnswerKind::displayed}}));
  EXPECT_EQ(mind->shown(), (std::vector<core::AlertId>{alert}));
}

TEST_F(Mind, AlertOutsideTheCircleThenNothingIsShownOrSaid) {
  start(member("s1", dalian));
  hear({1, 0});
  EXPECT_EQ(obey(), Done{});
  EXPECT_EQ(said(), Answers{});
}

TEST_F(Mind, AnotherAudiencesCopyThenNotShown) {
  start();
  core::Notice notice = notice_at({1, 0});
  notice.audience = core::Audience::police;
  hear(notice);
  EXPECT_EQ(obey(), Done{});
}

TEST_F(Mind, CoversTheDivisionThenShownWhereverItStands) {
  for (const char* covered : {"210102", "2101", "21", "*"}) {
    Member broadcaster = member("s1", std::nullopt);
    broadcaster.coverage = {*core::parse_coverage(covered)};
    start(broadcaster);
    hear({1, 0});
    EXPECT_EQ(obey(), (Done{"show r1s0"})) << covered;
  }
  Member elsewhere = member("s1", heping);
  elsewhere.coverage = {*core::parse_coverage("22")};
  start(elsewhere);
  hear({1, 0});
  EXPECT_EQ(obey(), Done{});
}

TEST_F(Mind, OnItsDirectTopicThenShownWithoutLookingAtTheCircle) {
  start(member("s1", dalian));
  hear({1, 0}, NoticeKind::alert, direct_topic);
  EXPECT_EQ(obey(), (Done{"show r1s0"}));
  hear({1, 0});
  EXPECT_EQ(obey(), Done{});
  EXPECT_EQ(said(), (Answers{{"s1", 1, AnswerKind::received}, {"s1", 1, AnswerKind::displayed}}));
}

TEST_F(Mind, OutsideByAreaAndThenAddressedDirectlyThenShown) {
  start(member("s1", dalian));
  hear({1, 0});
  hear({1, 0}, NoticeKind::alert, direct_topic);
  EXPECT_EQ(obey(), (Done{"show r1s0"}));
}

TEST_F(Mind, SameAgainThenNothingHappensTwice) {
  start();
  hear({1, 0});
  obey();
  said();
  hear({1, 0});
  hear({1, 0}, NoticeKind::alert, direct_topic);
  EXPECT_EQ(obey(), Done{});
  EXPECT_EQ(said(), Answers{});
}

TEST_F(Mind, LowerVersionThenDropped) {
  start();
  hear({3, 1}, NoticeKind::update);
  obey();
  said();
  for (const core::Version lower : {core::Version{3, 0}, core::Version{2, 9}, core::Version{0, 0}}) {
    hear(lower);
    hear(lower, NoticeKind::close);
  }
  EXPECT_EQ(obey(), Done{});
  EXPECT_EQ(said(), Answers{});
}

TEST_F(Mind, LowerVersionOnTheOtherPathThenDropped) {
  start();
  hear({3, 0}, NoticeKind::update, direct_topic);
  obey();
  said();
  hear({2, 0}, NoticeKind::update);
  hear({2, 0}, NoticeKind::close);
  EXPECT_EQ(obey(), Done{});
  EXPECT_EQ(said(), Answers{});
}

TEST_F(Mind, NewRevisionThenShownAndAnsweredAgain) {
  start();
  hear({1, 0});
  obey();
  said();
  hear({2, 0}, NoticeKind::update);
  EXPECT_EQ(obey(), (Done{"show r2s0"}));
  EXPECT_EQ(said(), (Answers{{"s1", 2, AnswerKind::received}, {"s1", 2, AnswerKind::displayed}}));
}

TEST_F(Mind, NewStepThenShownAndNotAnsweredAgain) {
  start();
  hear({1, 0});
  obey();
  said();
  hear({1, 1}, NoticeKind::update);
  EXPECT_EQ(obey(), (Done{"show r1s1"}));
  EXPECT_EQ(said(), Answers{});
}

TEST_F(Mind, StepWidensTheCircleToItThenShownAndAnswered) {
  start(member("s1", dalian));
  hear({1, 0});
  core::Notice wider = notice_at({1, 1}, NoticeKind::update);
  wider.circle->radius_km = 500;
  hear(wider);
  EXPECT_EQ(obey(), (Done{"show r1s1"}));
  EXPECT_EQ(said(), (Answers{{"s1", 1, AnswerKind::received}, {"s1", 1, AnswerKind::displayed}}));
}

TEST_F(Mind, UpdateLeavesItOutsideThenTakenDownAndRemoved) {
  for (const std::string& topic : {notice_topic, direct_topic}) {
    start();
    hear({1, 0}, NoticeKind::alert, topic);
    obey();
    said();
    core::Notice moved = notice_at({2, 0}, NoticeKind::update);
    moved.circle->centre = dalian;
    hear(moved, topic);
    EXPECT_EQ(obey(), (Done{"down outside"})) << topic;
    EXPECT_EQ(said(), (Answers{{"s1", 2, AnswerKind::removed}})) << topic;
  }
}

TEST_F(Mind, RecalledThenTakenDownAndRemovedAndNeverResurrected) {
  for (const NoticeKind kind : {NoticeKind::close, NoticeKind::retract}) {
    start();
    hear({1, 0});
    obey();
    said();
    hear({2, 0}, kind);
    EXPECT_EQ(obey(), (Done{"down recalled"}));
    EXPECT_EQ(said(), (Answers{{"s1", 2, AnswerKind::removed}}));
    hear({1, 0});
    hear({1, 5}, NoticeKind::update);
    hear({2, 0}, kind);
    hear({2, 0}, kind, direct_topic);
    EXPECT_EQ(obey(), Done{});
    EXPECT_EQ(said(), Answers{});
  }
}

TEST_F(Mind, RecallOfAnAlertItNeverSawThenRemovedAllTheSame) {
  start();
  hear({2, 0}, NoticeKind::close);
  obey();
  EXPECT_EQ(said(), (Answers{{"s1", 2, AnswerKind::removed}}));
}

TEST_F(Mind, ReleasedAnewAfterARecallThenShown) {
  start();
  hear({1, 0});
  hear({2, 0}, NoticeKind::close);
  obey();
  said();
  hear({3, 0}, NoticeKind::update);
  EXPECT_EQ(obey(), (Done{"show r3s0"}));
}

TEST_F(Mind, RecalledBeforeItWasAnsweredThenOnlyRemovedIsSaid) {
  start(member("s1"), {}, Temper{false, Steady{10'000}, {}});
  hear({1, 0});
  obey();
  EXPECT_EQ(said(), Answers{});
  hear({2, 0}, NoticeKind::close);
  obey();
  pass(Steady{10'000});
  EXPECT_EQ(said(), (Answers{{"s1", 2, AnswerKind::removed}}));
}

TEST_F(Mind, TopicEmptiedThenTakenDownUntilItIsFilledAgain) {
  start();
  hear({1, 0});
  obey();
  said();
  mind->message(notice_topic, "", now);
  EXPECT_EQ(obey(), (Done{"down cleared"}));
  EXPECT_EQ(said(), (Answers{{"s1", 1, AnswerKind::removed}}));
  hear({1, 0});
  EXPECT_EQ(obey(), (Done{"show r1s0"}));
}

TEST_F(Mind, RecalledAndItsTopicEmptiedThenItStaysDown) {
  start();
  hear({1, 0});
  hear({2, 0}, NoticeKind::close);
  mind->message(notice_topic, "", now);
  obey();
  hear({1, 0});
  hear({2, 0}, NoticeKind::close);
  EXPECT_EQ(obey(), Done{});
}

TEST_F(Mind, ExpiredThenTakenDown) {
  start();
  hear({1, 0});
  obey();
  said();
  EXPECT_LE(*mind->display_deadline(now), now.steady + Steady{60'000});
  pass(std::chrono::hours(24) - Steady{1});
  EXPECT_EQ(obey(), Done{});
  pass(Steady{1});
  EXPECT_EQ(obey(), (Done{"down expired"}));
  hear({1, 0});
  EXPECT_EQ(obey(), Done{});
}

TEST_F(Mind, AlreadyExpiredThenNeverShown) {
  start();
  now.wall = today + std::chrono::hours(25);
  hear({1, 0});
  EXPECT_EQ(obey(), Done{});
  EXPECT_EQ(said(), Answers{});
}

TEST_F(Mind, NotGenuineThenRejectedAndNotShown) {
  start();
  std::string payload = deployment.sign(notice_at({1, 0})).protobuf;
  payload.back() = static_cast<char>(payload.back() ^ 1);
  mind->message(notice_topic, payload, now);
  const auto rejected = wished<Rejected>();
  ASSERT_EQ(rejected.size(), 1U);
  EXPECT_EQ(rejected[0].verdict, Verdict::not_genuine);
  EXPECT_EQ(commons.totals.rejected, 1U);
}

TEST_F(Mind, GenuineOnAnotherAlertsTopicThenRejected) {
  start();
  hear(notice_at({1, 0}), "tuanyuan/v1/notices/partner/210102/another");
  EXPECT_EQ(wished<Rejected>().size(), 1U);
}

TEST_F(Mind, KeysComeAfterTheNoticeThenItIsShownThen) {
  mind = std::make_unique<StationMind>(commons, member("s1"), std::vector<Member>{}, Temper{}, 1);
  hear({1, 0});
  EXPECT_TRUE(mind->take_wishes().empty());
  mind->message("tuanyuan/v1/keys", deployment.keys_protobuf(), now);
  EXPECT_EQ(obey(), (Done{"show r1s0"}));
}

TEST_F(Mind, HeldUntilItsKeyComesAndEmptiedBeforeThenNotShown) {
  mind = std::make_unique<StationMind>(commons, member("s1"), std::vector<Member>{}, Temper{}, 1);
  hear({1, 0});
  mind->message(notice_topic, "", now);
  mind->message("tuanyuan/v1/keys", deployment.keys_protobuf(), now);
  EXPECT_EQ(obey(), Done{});
}

TEST_F(Mind, WithAPhotoThenItsTopicIsAskedForAndTheNoticeShownWithIt) {
  start();
  hear(with_photo(notice_at({1, 0}), "jpeg"));
  const auto asked = wished<SubscribeTo>();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].filters, std::vector<std::string>{photo_topic});
  EXPECT_EQ(said(), (Answers{{"s1", 1, AnswerKind::received}}));
  mind->message(photo_topic, "another picture", now);
  EXPECT_EQ(obey(), Done{});
  mind->message(photo_topic, "jpeg", now);
  EXPECT_EQ(obey(), (Done{"show r1s0 with photo"}));
  EXPECT_EQ(said(), (Answers{{"s1", 1, AnswerKind::displayed}}));
}

TEST_F(Mind, OutsideTheCircleThenThePhotoIsNotAskedFor) {
  start(member("s1", dalian));
  hear(with_photo(notice_at({1, 0}), "jpeg"));
  EXPECT_TRUE(wished<SubscribeTo>().empty());
}

TEST_F(Mind, PhotoDoesNotComeThenShownWithoutAndAgainWithItLater) {
  start();
  hear(with_photo(notice_at({1, 0}), "jpeg"));
  mind->take_wishes();
  EXPECT_EQ(mind->answers_due(), now.steady);
  EXPECT_EQ(mind->display_deadline(now), now.steady + commons.settings.photo_ms_max);
  said();
  pass(commons.settings.photo_ms_max);
  EXPECT_EQ(obey(), (Done{"show r1s0"}));
  mind->message(photo_topic, "jpeg", now);
  EXPECT_EQ(obey(), (Done{"show r1s0 with photo"}));
}

TEST_F(Mind, UpdateKeepsThePhotoThenNotAskedForAgain) {
  start();
  hear(with_photo(notice_at({1, 0}), "jpeg"));
  mind->message(photo_topic, "jpeg", now);
  mind->take_wishes();
  hear(with_photo(notice_at({2, 0}, NoticeKind::update), "jpeg"));
  EXPECT_EQ(obey(), (Done{"show r2s0 with photo"}));
}

TEST_F(Mind, UpdateChangesThePhotoThenTheOldOneIsNotShownWithIt) {
  start();
  hear(with_photo(notice_at({1, 0}), "jpeg"));
  mind->message(photo_topic, "jpeg", now);
  mind->take_wishes();
  hear(with_photo(notice_at({2, 0}, NoticeKind::update), "newer"));
  EXPECT_EQ(wished<SubscribeTo>().size(), 1U);
  mind->message(photo_topic, "jpeg", now);
  EXPECT_EQ(obey(), Done{});
  mind->message(photo_topic, "newer", now);
  EXPECT_EQ(obey(), (Done{"show r2s0 with photo"}));
  hear(notice_at({3, 0}, NoticeKind::update));
  EXPECT_EQ(obey(), (Done{"show r3s0"}));
}

TEST_F(Mind, TakenDownThenPhotoTopicIsLeftAndNothingIsKept) {
  start();
  hear(with_photo(notice_at({1, 0}), "jpeg"));
  mind->message(photo_topic, "jpeg", now);
  std::weak_ptr<const std::string> photo;
  std::weak_ptr<const core::Notice> notice;
  for (const Show& show : wished<Show>()) {
    photo = show.photo;
    notice = show.notice;
  }
  EXPECT_FALSE(photo.expired());
  hear({2, 0}, NoticeKind::close);
  const auto left = wished<UnsubscribeFrom>();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].filter, photo_topic);
  EXPECT_TRUE(photo.expired());
  EXPECT_TRUE(notice.expired());
}

TEST_F(Mind, AddressedDirectlyFromAnotherDivisionThenThePhotoIsFetchedByUrl) {
  Member self = member("s1", dalian);
  self.division = core::Division{210202};
  start(self);
  hear(with_photo(notice_at({1, 0}), "jpeg", "https://localhost/photo"), direct_topic);
  const auto fetch = wished<FetchPhoto>();
  ASSERT_EQ(fetch.size(), 1U);
  EXPECT_EQ(fetch[0].url, "https://localhost/photo");
  mind->photo(alert, "jpeg", now);
  EXPECT_EQ(obey(), (Done{"show r1s0 with photo"}));
}

TEST_F(Mind, NoReceiptThenRepeatedAndAReceiptEndsIt) {
  start();
  hear({1, 0});
  EXPECT_EQ(said().size(), 1U);
  pass(Steady{5'000});
  EXPECT_EQ(said(), (Answers{{"s1", 1, AnswerKind::received}}));
  core::Receipt receipt;
  receipt.alert_id = alert;
  receipt.revision = 1;
  receipt.recipient_id = core::RecipientId("s1");
  receipt.kind = AnswerKind::received;
  receipt.recorded_at = today;
  mind->message("tuanyuan/v1/receipts/s1", wire::to_proto(receipt).SerializeAsString(), now);
  EXPECT_EQ(mind->unanswered(), 0U);
  EXPECT_EQ(commons.totals.receipts, 1U);
}

TEST_F(Mind, SeveralReceiptsInOneInEitherEncodingThenAllEnd) {
  for (const bool json : {false, true}) {
    start();
    hear({1, 0});
    obey();
    std::vector<core::Receipt> receipts(2);
    for (std::size_t i = 0; i < receipts.size(); ++i) {
      receipts[i].alert_id = alert;
      receipts[i].revision = 1;
      receipts[i].recipient_id = core::RecipientId("s1");
      receipts[i].kind = i == 0 ? AnswerKind::received : AnswerKind::displayed;
      receipts[i].recorded_at = today;
    }
    EXPECT_EQ(mind->unanswered(), 2U);
    const v1::Receipts message = wire::to_proto(receipts);
    mind->message("tuanyuan/v1/receipts/s1", json ? wire::encode_json(message) : message.SerializeAsString(), now);
    EXPECT_EQ(mind->unanswered(), 0U);
  }
}

TEST_F(Mind, PersonConfirmsThenConfirmedForWhatIsShown) {
  start();
  EXPECT_FALSE(mind->confirm(alert, now));
  hear({1, 0});
  obey();
  said();
  EXPECT_TRUE(mind->confirm(alert, now));
  EXPECT_TRUE(mind->act(alert, now));
  EXPECT_TRUE(mind->unable(alert, core::UnableReason::no_staff, now));
  EXPECT_EQ(
      said(),
      (Answers{{"s1", 1, AnswerKind::confirmed}, {"s1", 1, AnswerKind::acting}, {"s1", 1, AnswerKind::unable}}));
  pass(Steady{1});
  hear({2, 0}, NoticeKind::close);
  EXPECT_FALSE(mind->confirm(alert, now));
}

TEST_F(Mind, NobodyConfirmsThenConfirmedIsNeverSaid) {
  start();
  hear({1, 0});
  obey();
  for (int i = 0; i < 20; ++i) {
    pass(Steady{60'000});
    for (const Said& answer : said()) {
      EXPECT_NE(answer.kind, AnswerKind::confirmed);
    }
  }
}

TEST_F(Mind, SimulatedThenConfirmedAfterTheSimulatedPersonsTime) {
  start(member("s1"), {}, Temper{false, Steady{0}, Steady{700}});
  hear({1, 0});
  obey();
  EXPECT_EQ(said().size(), 2U);
  pass(Steady{700});
  EXPECT_EQ(said(), (Answers{{"s1", 1, AnswerKind::confirmed}}));
}

TEST_F(Mind, SimulatedSilentThenNothingIsEverSaid) {
  start(member("s1"), {}, Temper{true, Steady{0}, Steady{0}});
  hear({1, 0});
  obey();
  hear({2, 0}, NoticeKind::close);
  obey();
  EXPECT_EQ(mind->unanswered(), 0U);
}

TEST_F(Mind, JsonThenReadsAndAnswersInJson) {
  commons.settings.json = true;
  start();
  mind->message("tuanyuan/v1/json/notices/partner/210102/" + alert.value, deployment.sign(notice_at({1, 0})).json,
                now);
  const auto answers = mind->take_answers(now, 10);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_TRUE(answers[0].payload.starts_with('{'));
}

TEST_F(Mind, AnswersForMembersThenEachByItsOwnPlace) {
  start(member("s1", dalian), {member("m1"), member("m2", dalian), member("m3")});
  hear({1, 0}, NoticeKind::alert, direct_topic);
  const auto shows = wished<Show>();
  ASSERT_EQ(shows.size(), 1U);
  EXPECT_EQ(shows[0].recipients,
            (std::vector<core::RecipientId>{core::RecipientId("m1"), core::RecipientId("m3")}));
  EXPECT_EQ(said(), (Answers{{"m1", 1, AnswerKind::received}, {"m3", 1, AnswerKind::received}}));

  core::Notice moved = notice_at({2, 0}, NoticeKind::update);
  moved.circle->centre = dalian;
  hear(moved, direct_topic);
  EXPECT_EQ(said(), (Answers{{"s1", 2, AnswerKind::received},
                             {"m1", 2, AnswerKind::removed},
                             {"m2", 2, AnswerKind::received},
                             {"m3", 2, AnswerKind::removed}}));
  hear({3, 0}, NoticeKind::close, direct_topic);
  obey();
  EXPECT_EQ(said(), (Answers{{"s1", 3, AnswerKind::removed},
                             {"m1", 3, AnswerKind::removed},
                             {"m2", 3, AnswerKind::removed},
                             {"m3", 3, AnswerKind::removed}}));
}

TEST_F(Mind, RecallOfAnAlertItNeverSawThenRemovedForItsMembersToo) {
  start(member("s1", dalian), {member("m1")});
  hear({2, 0}, NoticeKind::close, direct_topic);
  obey();
  EXPECT_EQ(said(), (Answers{{"s1", 2, AnswerKind::removed}, {"m1", 2, AnswerKind::removed}}));
}

TEST_F(Mind, RecallOfAnAlertThatWasForNobodyThenOnlyTheStationItselfAnswers) {
  start(member("s1", dalian), {member("m1", dalian)});
  hear({1, 0});
  hear({2, 0}, NoticeKind::close);
  obey();
  EXPECT_EQ(said(), (Answers{{"s1", 2, AnswerKind::removed}}));
}

TEST_F(Mind, SightingThenHandedOnAsItCame) {
  start();
  mind->message("tuanyuan/v1/direct/s1/sightings/x", "payload", now);
  mind->message("tuanyuan/v1/direct/s1/sightings/x", "", now);
  const auto sightings = wished<ShowSighting>();
  ASSERT_EQ(sightings.size(), 1U);
  EXPECT_EQ(sightings[0].payload, "payload");
}

TEST_F(Mind, MoreAlertsThanItRemembersThenTheOldestThatIsDownIsForgotten) {
  commons.settings.alerts_max = 3;
  start();
  const auto hear_of = [&](const char* id, core::Version version, NoticeKind kind) {
    core::Notice notice = notice_at(version, kind);
    notice.alert_id = core::AlertId(id);
    hear(notice, std::string("tuanyuan/v1/notices/partner/210102/") + id);
  };
  hear_of("a", {1, 0}, NoticeKind::alert);
  hear_of("b", {2, 0}, NoticeKind::close);
  hear_of("c", {2, 0}, NoticeKind::close);
  mind->take_wishes();
  hear_of("d", {1, 0}, NoticeKind::alert);
  EXPECT_EQ(mind->shown().size(), 2U);
  hear_of("c", {1, 0}, NoticeKind::alert);
  EXPECT_EQ(mind->shown().size(), 2U) << "c is still remembered as recalled";
}

TEST_F(Mind, ConnectedAgainThenThePhotosOfWhatIsShownAreSubscribedToAgain) {
  start();
  hear(with_photo(notice_at({1, 0}), "jpeg"));
  mind->take_wishes();
  mind->connected(now);
  EXPECT_EQ(wished<SubscribeTo>().at(0).filters.back(), photo_topic);
}

}  // namespace
}  // namespace tuanyuan::station
