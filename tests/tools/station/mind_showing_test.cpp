// What a station shows, and when it takes it down.
#include "tools/station/mind_fixture.hpp"

namespace tuanyuan::station {
namespace {

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

}  // namespace
}  // namespace tuanyuan::station
