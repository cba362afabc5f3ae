// How wide the circle is: by the hours, by an officer, and what becomes of whom it leaves behind.
#include <algorithm>

#include <gmock/gmock.h>
#include "engine/clock_fixture.hpp"

namespace tuanyuan::engine {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(ClockTest, CircleWidensWithTheHoursAndRingsOnlyWhoIsNew) {
  alert_out();
  EXPECT_EQ(now().circle->radius_km, 100);
  to_minute(59);
  EXPECT_EQ(now().circle->radius_km, 100);
  to_minute(61);
  EXPECT_EQ(now().circle->radius_km, 200);
  EXPECT_EQ(now().version, (core::Version{1, 1}));
  EXPECT_EQ(board(id).total.expected, 5U);
  to_minute(121);
  EXPECT_EQ(now().version, (core::Version{1, 2}));
  EXPECT_EQ(board(id).total.expected, 6U) << "the far one stands within 300 km";
  to_minute(181);
  EXPECT_EQ(now().circle->radius_km, 500);
  to_minute(600);
  EXPECT_EQ(now().version, (core::Version{1, 3}));
}

TEST_F(ClockTest, AfterALongStopTheCircleIsTheOneOfTheHourInOneStep) {
  alert_out();
  clocked = false;
  restart();
  to_minute(300);
  EXPECT_EQ(now().circle->radius_km, 100);
  clocked = true;
  restart();
  run_for(seconds(5));
  EXPECT_EQ(now().circle->radius_km, 500);
  EXPECT_EQ(now().version, (core::Version{1, 1}));
}

TEST_F(ClockTest, WideningCannotBeCommittedThenItIsTriedAgain) {
  alert_out();
  memory->faults.commit_fate = [](const ports::Commit&) { return ledger::CommitFate::not_committed; };
  to_minute(61);
  EXPECT_EQ(now().circle->radius_km, 100);
  memory->faults = {};
  run_for(seconds(20));
  EXPECT_EQ(now().circle->radius_km, 200);
}

TEST_F(ClockTest, OfficerHoldsAdvancesAndSetsTheCircle) {
  alert_out();
  const auto circle = [this](ports::CircleOptions options) {
    options.reason = "按研判结论";
    return run(engine->cases().circle(releaser, id, options, {}));
  };
  ports::CircleOptions hold;
  hold.hold = true;
  ASSERT_TRUE(circle(hold));
  to_minute(130);
  EXPECT_EQ(now().circle->radius_km, 100);
  ports::CircleOptions advance;
  advance.advance = true;
  const auto advanced = circle(advance);
  ASSERT_TRUE(advanced);
  EXPECT_EQ(advanced->circle->radius_km, 200);
  run_for(seconds(3));
  EXPECT_EQ(now().circle->radius_km, 300) << "the clock goes on from there";
  ports::CircleOptions set;
  set.radius_km = 20;
  set.centre = core::Position{43.9, 125.3};
  const auto drawn = circle(set);
  ASSERT_TRUE(drawn);
  EXPECT_EQ(drawn->circle->centre.latitude, 43.9);
  to_minute(600);
  EXPECT_EQ(now().circle->radius_km, 20);
}

TEST_F(ClockTest, AnOfficerSeesWhenTheCircleWidensNext) {
  alert_out();
  EXPECT_GT(now().widens_at, lost + minutes(60));
  EXPECT_LT(now().widens_at, lost + minutes(61));
  to_minute(61);
  EXPECT_GT(now().widens_at, lost + minutes(120));
  EXPECT_LT(now().widens_at, lost + minutes(121));
  ports::CircleOptions hold;
  hold.hold = true;
  hold.reason = "按研判结论";
  ASSERT_TRUE(run(engine->cases().circle(releaser, id, hold, {})));
  EXPECT_EQ(now().widens_at, std::nullopt);
}

/// Two decisions, the second begun when the loop has turned so many times for the first.
class TwoAtOnce : public ClockTest, public ::testing::WithParamInterface<int> {
 protected:
  TwoAtOnce() {
    alert_out();
    clocked = false;
    restart();  // so that there is something to be read, and a moment in between
  }
  template <class T>
  void begin(boost::asio::awaitable<core::Result<T>> call) {
    ++open;
    boost::asio::co_spawn(context, std::move(call), [this](std::exception_ptr, core::Result<T>) { --open; });
  }
  template <class First, class Second>
  void decide(First first, Second second) {
    begin(std::move(first));
    for (int turn = 0; turn < GetParam(); ++turn) {
      context.poll_one();
    }
    begin(std::move(second));
    clock.run_until([this] { return open == 0; }, minutes(1));
    ASSERT_EQ(open, 0);
  }

  int open = 0;
};

TEST_P(TwoAtOnce, ClockDoesNotWidenWhatAnOfficerHasDrawn) {
  to_minute(61);
  ports::CircleOptions set;
  set.radius_km = 20;
  set.reason = "锁定";
  decide(engine->cases().circle(releaser, id, set, {}), static_cast<CaseService&>(engine->cases()).widen(id));
  EXPECT_EQ(now().circle->radius_km, 20);
}

TEST_P(TwoAtOnce, RecallGoesOutAsTheRevisionThatIsDecided) {
  ports::UpdateOptions update;
  update.merge = [](const core::Report& report, core::Instant) { return core::Result<core::Report>(report); };
  update.fields = {"circumstances"};
  channel.sent.clear();
  decide(engine->cases().update(releaser, id, update, {}), engine->cases().close(releaser, id, found(), {}));
  run_for(seconds(3));
  const core::Version ended = now().version;
  EXPECT_EQ(now().state, core::AlertState::closed);
  const auto sent = channel.of(core::Parcel::notice);
  EXPECT_TRUE(std::any_of(sent.begin(), sent.end(), [ended](const core::Delivery& delivery) {
    return delivery.kind == core::NoticeKind::close && delivery.version == ended;
  }));
}

INSTANTIATE_TEST_SUITE_P(AfterTurns, TwoAtOnce, ::testing::Range(0, 24));

TEST_F(ClockTest, CircleWantsExactlyOneWishAndAReason) {
  alert_out();
  ports::CircleOptions nothing;
  nothing.reason = "x";
  EXPECT_EQ(run(engine->cases().circle(releaser, id, nothing, {})).error().code, core::Errc::invalid);
  ports::CircleOptions unexplained;
  unexplained.hold = true;
  EXPECT_EQ(run(engine->cases().circle(releaser, id, unexplained, {})).error().fields.at(0).path, "reason");
  EXPECT_EQ(run(engine->cases().circle(submitter, id, unexplained, {})).error().code, core::Errc::forbidden);
}

TEST_F(ClockTest, WhomASmallerCircleLeavesBehindHasToTakeItDown) {
  alert_out();
  everybody_confirms();
  to_minute(121);
  answer(id, 1, "far", core::AnswerKind::confirmed);
  EXPECT_EQ(board(id).silent_total, 0U);
  ports::CircleOptions smaller;
  smaller.radius_km = 50;
  smaller.reason = "已排除外地";
  ASSERT_TRUE(run(engine->cases().circle(releaser, id, smaller, {})));
  ASSERT_THAT(board(id).silent, SizeIs(1));
  EXPECT_EQ(board(id).silent[0].recipient_id.value, "far");
  answer(id, 1, "far", core::AnswerKind::removed);
  EXPECT_EQ(board(id).silent_total, 0U);
}

TEST_F(ClockTest, WhoTookItDownOutsideIsNotAskedAgainForALaterRevision) {
  alert_out();
  everybody_confirms();
  to_minute(121);
  answer(id, 1, "far", core::AnswerKind::confirmed);
  ports::CircleOptions circle;
  circle.radius_km = 50;
  circle.reason = "已排除外地";
  ASSERT_TRUE(run(engine->cases().circle(releaser, id, circle, {})));
  answer(id, 1, "far", core::AnswerKind::removed);
  ports::UpdateOptions update;
  update.merge = [](const core::Report& report, core::Instant) { return core::Result<core::Report>(report); };
  update.fields = {"circumstances"};
  ASSERT_TRUE(run(engine->cases().update(releaser, id, update, {})));
  everybody_confirms(2);
  EXPECT_EQ(board(id).silent_total, 0U);
  channel.sent.clear();
  run_for(minutes(20));
  EXPECT_THAT(sent_to("far"), IsEmpty());
  circle.radius_km = 300;
  ASSERT_TRUE(run(engine->cases().circle(releaser, id, circle, {})));
  answer(id, 2, "far", core::AnswerKind::displayed);
  circle.radius_km = 50;
  ASSERT_TRUE(run(engine->cases().circle(releaser, id, circle, {})));
  ASSERT_THAT(board(id).silent, SizeIs(1)) << "it came back, and has to take it down again";
}

TEST_F(ClockTest, UnitThatTheCircleLeavesBehindKeepsTheAlertWhileItAnswersForOneWithin) {
  near_answers_to("far");
  alert_out();
  for (const char* who : {"next", "police", "province", "member"}) {
    answer(id, 1, who, core::AnswerKind::confirmed, who == std::string("member") ? "province" : who);
  }
  to_minute(121);
  answer(id, 1, "far", core::AnswerKind::confirmed);
  ports::CircleOptions smaller;
  smaller.radius_km = 50;
  smaller.reason = "已排除外地";
  ASSERT_TRUE(run(engine->cases().circle(releaser, id, smaller, {})));
  const auto keeps = [this] {
    ports::RetainedSeen seen;
    seen.alert_id = id;
    seen.target = core::RecipientId("far");
    seen.version = now().version;
    return board(id).silent_total == 1 && engine->retained().judge(seen) == ports::RetainedVerdict::in_order;
  };
  EXPECT_TRUE(keeps());
  restart();
  EXPECT_TRUE(keeps());
}

TEST_F(ClockTest, WhoHearsForADivisionStaysInTheAlertThoughEverybodyThereHasMoved) {
  const core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
  core::Recipient jilin;
  jilin.id = core::RecipientId("jilin");
  jilin.name = "省台";
  jilin.category = core::Category::broadcaster;
  jilin.audience = core::Audience::partner;
  jilin.division = core::Division{220100};
  jilin.coverage = {core::DivisionPrefix{"22"}};
  ASSERT_TRUE(run(engine->recipients().put(keeper, jilin, {})));
  alert_out();
  to_minute(181);
  everybody_confirms();
  for (const char* who : {"far", "jilin"}) {
    answer(id, 1, who, core::AnswerKind::confirmed);
  }
  EXPECT_EQ(board(id).silent_total, 0U);
  core::Recipient far = jilin;
  far.id = core::RecipientId("far");
  far.coverage = {};
  far.position = core::Position{41.80, 123.42};
  far.division = core::Division{210102};
  ASSERT_TRUE(run(engine->recipients().put(keeper, far, {})));
  restart();
  EXPECT_EQ(board(id).silent_total, 0U) << "the circle reaches its divisions until the next step";
}

}  // namespace
}  // namespace tuanyuan::engine
