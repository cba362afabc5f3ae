// What the alerts' clock does by itself: circles widen, silence is followed up, notices are renewed and cleared.
#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include "engine/fixture.hpp"

namespace tuanyuan::engine {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class ClockTest : public EngineTest {
 protected:
  ClockTest() {
    clocked = true;
    settings.chase_grace = core::Duration(0);
    restart();
  }

  /// To so many minutes after the child was last seen; alerts are released 40 minutes after that.
  void to_minute(int minute) { run_for(minutes(minute) - (clock.wall_now() - lost)); }
  core::AlertId alert_out() {
    lost = clock.wall_now() - minutes(40);
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
    for (const ports::Dispatch& dispatch : run(engine->retained().in_force())) {
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

  /// From now on this unit answers for "near".
  void near_answers_to(std::string unit) {
    core::Recipient answering;
    answering.id = core::RecipientId("near");
    answering.name = "某站";
    answering.category = core::Category::railway_station;
    answering.audience = core::Audience::partner;
    answering.division = core::Division{210102};
    answering.position = core::Position{41.80, 123.43};
    answering.unit = core::RecipientId(std::move(unit));
    const core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
    ASSERT_TRUE(run(engine->recipients().put(keeper, answering, {})));
  }

  core::AlertId id;
  core::Instant lost;
};

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
  ports::CloseOptions close;
  close.outcome = core::Outcome::found_safe;
  close.cause = core::Cause::lost;
  channel.sent.clear();
  decide(engine->cases().update(releaser, id, update, {}), engine->cases().close(releaser, id, close, {}));
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

TEST_F(ClockTest, WhoIsSilentIsChasedStepByStepAndThenListed) {
  alert_out();
  run_for(seconds(59));
  EXPECT_THAT(sent_to("near"), IsEmpty());
  run_for(seconds(3));
  ASSERT_THAT(sent_to("near"), SizeIs(1));
  EXPECT_EQ(sent_to("near")[0].concerns.value, "near");
  EXPECT_EQ(board(id).silent[0].next_step, "unit");
  run_for(minutes(3));
  EXPECT_EQ(board(id).silent[0].next_step, "late");
  run_for(minutes(3));
  EXPECT_EQ(board(id).silent[0].next_step, "telephone");
  run_for(hours(2));
  EXPECT_THAT(sent_to("near"), SizeIs(3)) << "its circle's two further steps, and no further chase";
}

TEST_F(ClockTest, WhoReceivedInTimeAndDoesNotConfirmIsReminded) {
  alert_out();
  run_for(seconds(2));
  answer(id, 1, "near", core::AnswerKind::displayed);
  run_for(minutes(5) - seconds(4));
  EXPECT_THAT(sent_to("near"), IsEmpty());
  run_for(seconds(5));
  ASSERT_THAT(sent_to("near"), SizeIs(1));
  EXPECT_EQ(sent_to("near")[0].awaits, core::AnswerKind::confirmed);
}

TEST_F(ClockTest, ChasingStopsAtOnceForWhoAnsweredAlsoForWhatIsQueued) {
  alert_out();
  channel.up = false;
  run_for(seconds(62));  // the chase is committed, and cannot be sent
  everybody_confirms();
  channel.up = true;
  run_for(seconds(5));
  EXPECT_THAT(sent_to("near"), IsEmpty());
}

TEST_F(ClockTest, MemberIsChasedThroughItsHubAndTheUnitThatAnswersIsTold) {
  near_answers_to("province");
  alert_out();
  for (const char* who : {"next", "police", "province"}) {
    answer(id, 1, who, core::AnswerKind::confirmed);
  }
  channel.sent.clear();
  run_for(seconds(62));
  const auto first = sent_to("province");
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0].concerns.value, "member");
  run_for(minutes(3));
  const auto then = sent_to("province");
  ASSERT_THAT(then, SizeIs(2));
  EXPECT_EQ(then[1].concerns.value, "near");
}

TEST_F(ClockTest, RestartForgetsNoStepAndRepeatsNone) {
  alert_out();
  run_for(seconds(62));
  const std::size_t before = sent_to("near").size();
  restart();
  run_for(seconds(60));
  EXPECT_EQ(sent_to("near").size(), before);
  run_for(minutes(2));
  EXPECT_EQ(board(id).silent[0].next_step, "late");
}

TEST_F(ClockTest, AfterAStandstillAnswersMayComeInBeforeAnybodyIsChased) {
  settings.chase_grace = seconds(60);
  restart();
  alert_out();
  run_for(seconds(2));
  clock.stand_still(hours(3));
  run_for(seconds(30));
  EXPECT_EQ(now().circle->radius_km, 500) << "one step takes it to where it should be";
  EXPECT_EQ(now().version, (core::Version{1, 1}));
  everybody_confirms();
  run_for(minutes(2));
  EXPECT_THAT(sent_to("near"), SizeIs(0)) << "it answered while nobody could hear it";
}

TEST_F(ClockTest, WhoIsDeletedStaysInTheAlertUntilItIsRecalled) {
  alert_out();
  everybody_confirms();
  const core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
  ASSERT_TRUE(run(engine->recipients().remove(keeper, core::RecipientId("near"), {})));
  to_minute(61);
  EXPECT_EQ(board(id).total.expected, 5U);
  EXPECT_EQ(board(id).silent_total, 0U) << "the circle has not left it behind";
  restart();
  EXPECT_EQ(board(id).silent_total, 0U);
  ports::CloseOptions options;
  options.outcome = core::Outcome::found_safe;
  options.cause = core::Cause::lost;
  ASSERT_TRUE(run(engine->cases().close(releaser, id, options, {})));
  for (const char* who : {"next", "police", "province", "member"}) {
    answer(id, 2, who, core::AnswerKind::removed, who == std::string("member") ? "province" : who);
  }
  channel.sent.clear();
  run_for(minutes(5) + seconds(2));
  ASSERT_THAT(sent_to("near"), SizeIs(1)) << "it may still show it";
  EXPECT_EQ(answer(id, 2, "near", core::AnswerKind::removed).result, core::ReceiptResult::recorded);
  EXPECT_EQ(board(id).silent_total, 0U);
}

TEST_F(ClockTest, RecallIsChasedUntilItIsRemoved) {
  alert_out();
  everybody_confirms();
  ports::CloseOptions options;
  options.outcome = core::Outcome::found_safe;
  options.cause = core::Cause::lost;
  ASSERT_TRUE(run(engine->cases().close(releaser, id, options, {})));
  for (const char* who : {"next", "police", "province", "member"}) {
    answer(id, 2, who, core::AnswerKind::removed, who == std::string("member") ? "province" : who);
  }
  channel.sent.clear();
  run_for(minutes(5) + seconds(2));
  ASSERT_THAT(sent_to("near"), SizeIs(1));
  EXPECT_EQ(sent_to("near")[0].kind, core::NoticeKind::close);
  EXPECT_EQ(sent_to("near")[0].awaits, core::AnswerKind::removed);
}

TEST_F(ClockTest, WhomAChaseToldAfterOneThatWasLostIsRecalledAfterARestart) {
  alert_out();
  for (const char* who : {"next", "police", "province", "member"}) {
    answer(id, 1, who, core::AnswerKind::confirmed, who == std::string("member") ? "province" : who);
  }
  memory->faults.commit_fate = [](const ports::Commit& commit) {
    return commit.chased.empty() ? ledger::CommitFate::normal : ledger::CommitFate::unknown_lost;
  };
  run_for(seconds(62));
  EXPECT_THAT(reasserted_to("near"), IsEmpty()) << "nobody was told";
  memory->faults = {};
  run_for(seconds(30));
  ASSERT_THAT(sent_to("near"), SizeIs(1));
  EXPECT_THAT(reasserted_to("near"), SizeIs(1));
  restart();
  channel.sent.clear();
  ports::CloseOptions options;
  options.outcome = core::Outcome::found_safe;
  options.cause = core::Cause::lost;
  ASSERT_TRUE(run(engine->cases().close(releaser, id, options, {})));
  run_for(seconds(3));
  ASSERT_THAT(sent_to("near"), SizeIs(1));
  EXPECT_EQ(sent_to("near")[0].kind, core::NoticeKind::close);
}

/// A ledger may carry out at last what it was given first.
TEST_F(ClockTest, NobodyIsChasedWhileADecisionIsOnItsWayToTheLedger) {
  alert_out();
  run_for(seconds(50));
  memory->hold_commits();
  ports::CloseOptions options;
  options.outcome = core::Outcome::found_safe;
  options.cause = core::Cause::lost;
  boost::asio::co_spawn(context, engine->cases().close(releaser, id, options, {}),
                        [](std::exception_ptr, const core::Result<ports::AlertView>&) {});
  run_for(seconds(20));
  EXPECT_EQ(memory->commits_held(), 1U);
  memory->release_commits();
  run_for(seconds(2));
  EXPECT_EQ(now().state, core::AlertState::closed);
}

TEST_F(ClockTest, SuspensionTakesItFromThePartnersAndLeavesThePolice) {
  alert_out();
  everybody_confirms();
  channel.sent.clear();
  ports::SuspendOptions options;
  options.audiences = {core::Audience::partner};
  options.reason = core::SuspendReason::child_at_risk;
  const auto suspended = run(engine->cases().suspend(releaser, id, options, {}));
  ASSERT_TRUE(suspended);
  EXPECT_EQ(suspended->state, core::AlertState::suspended);
  run_for(seconds(2));
  for (const ports::Dispatch& dispatch : channel.sent) {
    EXPECT_EQ(dispatch.delivery.audience, core::Audience::partner);
    EXPECT_EQ(dispatch.delivery.version, (core::Version{2, 0}));
    EXPECT_TRUE(core::is_recall(dispatch.delivery.kind));
  }
  EXPECT_EQ(board(id).silent_total, 4U) << "the partners, until they have removed it";
  core::Caller partner;
  partner.recipient = core::RecipientId("near");
  partner.roles = {core::Role::recipient};
  EXPECT_EQ(run(engine->cases().photo(partner, id)).error().code, core::Errc::not_found);
  EXPECT_TRUE(run(engine->cases().photo(releaser, id)));
  channel.sent.clear();
  const auto resumed = run(engine->cases().resume(releaser, id, options, {}));
  ASSERT_TRUE(resumed);
  EXPECT_EQ(resumed->state, core::AlertState::active);
  run_for(seconds(2));
  std::set<core::NoticeKind> kinds;
  for (const core::Delivery& delivery : channel.of(core::Parcel::notice)) {
    EXPECT_EQ(delivery.audience, core::Audience::partner);
    kinds.insert(delivery.kind);
  }
  EXPECT_THAT(kinds, UnorderedElementsAre(core::NoticeKind::update));
}

TEST_F(ClockTest, SuspendedCircleWidensForThePoliceAloneAndIsRightWhenResumed) {
  alert_out();
  ports::SuspendOptions options;
  options.audiences = {core::Audience::partner};
  options.reason = core::SuspendReason::leads_held;
  ASSERT_TRUE(run(engine->cases().suspend(releaser, id, options, {})));
  channel.sent.clear();
  to_minute(125);
  for (const core::Delivery& delivery : channel.of(core::Parcel::notice)) {
    EXPECT_TRUE(delivery.audience == core::Audience::police || !delivery.concerns.empty());
  }
  EXPECT_EQ(board(id).total.expected, 5U);
  ASSERT_TRUE(run(engine->cases().resume(releaser, id, options, {})));
  EXPECT_EQ(board(id).total.expected, 6U);
}

TEST_F(ClockTest, LookoutGoesToThePoliceOfTheDivisionAndIsTakenBackByARejection) {
  settings.lookout = true;
  restart();
  const auto report = submit();
  ASSERT_TRUE(report);
  run_for(seconds(2));
  ASSERT_FALSE(channel.sent.empty());
  for (const ports::Dispatch& dispatch : channel.sent) {
    EXPECT_EQ(dispatch.delivery.audience, core::Audience::police);
    EXPECT_EQ(dispatch.delivery.version, (core::Version{0, 0}));
  }
  EXPECT_EQ(answer(report->alert_id, 0, "police", core::AnswerKind::confirmed).result,
            core::ReceiptResult::recorded);
  EXPECT_EQ(run(engine->cases().alert(releaser, report->alert_id))->state, core::AlertState::lookout);
  channel.sent.clear();
  ASSERT_TRUE(run(engine->cases().reject(releaser, report->id, "重复报案", {})));
  run_for(seconds(2));
  ASSERT_FALSE(channel.sent.empty());
  for (const ports::Dispatch& dispatch : channel.sent) {
    EXPECT_EQ(dispatch.delivery.kind, core::NoticeKind::retract);
    EXPECT_EQ(dispatch.delivery.audience, core::Audience::police);
  }
}

TEST_F(ClockTest, LookoutBecomesTheAlertAndItsPoliceAreExpectedAnew) {
  settings.lookout = true;
  restart();
  const auto report = submit();
  run_for(seconds(2));
  answer(report->alert_id, 0, "police", core::AnswerKind::confirmed);
  const auto alert = release(report->id);
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->version, (core::Version{1, 0}));
  const core::Board made = board(report->alert_id);
  EXPECT_EQ(made.total.expected, 5U);
  EXPECT_EQ(made.total.count(core::AnswerKind::confirmed), 0U);
  EXPECT_EQ(made.by_revision.at("0").count(core::AnswerKind::confirmed), 1U);
}

TEST_F(ClockTest, WhatIsOverdueIsCountedOnceAndNamed) {
  alert_out();
  memory->faults.commit_fate = [](const ports::Commit&) { return ledger::CommitFate::not_committed; };
  run_for(minutes(10));
  engine->auditor().audit();
  EXPECT_FALSE(engine->auditor().wrong().empty());
  EXPECT_EQ(engine->auditor().sum().forgotten, 5U);
  EXPECT_EQ(engine->auditor().sum().acknowledged, 0U);
  memory->faults = {};
  run_for(minutes(1));
  engine->auditor().audit();
  EXPECT_EQ(engine->auditor().wrong(), "");
}

TEST_F(ClockTest, WhatWasQueuedByAClockThatRanAheadGoesOutWhenItIsSetBack) {
  channel.up = false;
  clock.step_wall(hours(1));
  alert_out();
  clock.step_wall(-hours(1));
  channel.up = true;
  run_for(seconds(3));
  EXPECT_FALSE(channel.sent.empty());
}

TEST_F(ClockTest, ClockSetForwardThenWhatHasBecomeDueByItIsNotForgotten) {
  alert_out();
  run_for(minutes(3));
  clock.step_wall(std::chrono::hours(2));
  engine->auditor().audit();
  EXPECT_EQ(engine->auditor().wrong(), "") << "nobody could have taken it yet";
  memory->faults.commit_fate = [](const ports::Commit&) { return ledger::CommitFate::not_committed; };
  run_for(minutes(2));
  engine->auditor().audit();
  EXPECT_NE(engine->auditor().wrong(), "") << "by now it should have been";
}

TEST_F(ClockTest, NoticesAreRenewedBeforeTheyRunOutAndThenLeftToRunOut) {
  settings.display.shown = hours(4);
  settings.display.renewed_for = hours(8);
  restart();
  alert_out();
  to_minute(185);
  EXPECT_EQ(now().version, (core::Version{1, 3})) << "three rings, which renew it too";
  run_for(hours(4));
  EXPECT_EQ(now().version, (core::Version{1, 4}));
  run_for(hours(12));
  EXPECT_EQ(now().version, (core::Version{1, 4}));
  EXPECT_EQ(now().state, core::AlertState::active) << "the display ended, the case did not";
}

TEST_F(ClockTest, RecallIsClearedFromTheTopicsWhenItsRetentionIsOver) {
  settings.recall_retention = hours(5);
  restart();
  alert_out();
  ports::CloseOptions options;
  options.outcome = core::Outcome::found_safe;
  options.cause = core::Cause::lost;
  ASSERT_TRUE(run(engine->cases().close(releaser, id, options, {})));
  run_for(hours(1));
  channel.sent.clear();
  run_for(settings.recall_retention);
  const auto cleared = channel.of(core::Parcel::notice_clear);
  EXPECT_FALSE(cleared.empty());
  EXPECT_THAT(channel.of(core::Parcel::notice), IsEmpty());
  channel.sent.clear();
  run_for(hours(5));
  EXPECT_THAT(channel.sent, IsEmpty());
}

TEST_F(ClockTest, ClearedWhileTheRecallStillWaitsThenTheRecallIsNotRetainedAfterIt) {
  settings.recall_retention = hours(5);
  restart();
  alert_out();
  run_for(seconds(2));
  channel.up = false;
  ports::CloseOptions options;
  options.outcome = core::Outcome::found_safe;
  options.cause = core::Cause::lost;
  ASSERT_TRUE(run(engine->cases().close(releaser, id, options, {})));
  clock.step_wall(hours(6));  // and back: for the rows that wait it never was so late
  run_for(seconds(10));
  clock.step_wall(-hours(6));
  channel.sent.clear();
  channel.up = true;
  engine->wake();
  run_for(minutes(10));
  EXPECT_THAT(channel.of(core::Parcel::notice), IsEmpty());
}

TEST_F(ClockTest, DirectTopicIsPutRightWithTheRecipientsOwnCopy) {
  alert_out();
  run_for(seconds(2));
  ports::RetainedSeen seen;
  seen.alert_id = id;
  seen.target = core::RecipientId("province");
  seen.version = core::Version{1, 7};
  EXPECT_EQ(engine->retained().judge(seen), ports::RetainedVerdict::behind);
  const auto right = run(engine->retained().in_force_at(seen));
  ASSERT_TRUE(right);
  EXPECT_EQ(right->delivery.audience, core::Audience::partner);
}

}  // namespace
}  // namespace tuanyuan::engine
