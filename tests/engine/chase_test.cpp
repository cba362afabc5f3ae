// Who keeps silent is followed up, step by step, until the answer; and whom that reaches is recalled.
#include <gmock/gmock.h>
#include "engine/clock_fixture.hpp"

namespace tuanyuan::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;

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
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
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
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
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
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  run_for(seconds(3));
  ASSERT_THAT(sent_to("near"), SizeIs(1));
  EXPECT_EQ(sent_to("near")[0].kind, core::NoticeKind::close);
}

/// A ledger may carry out at last what it was given first.
TEST_F(ClockTest, NobodyIsChasedWhileADecisionIsOnItsWayToTheLedger) {
  alert_out();
  run_for(seconds(50));
  memory->hold_commits();
  boost::asio::co_spawn(context, engine->cases().close(releaser, id, found(), {}),
                        [](std::exception_ptr, const core::Result<ports::AlertView>&) {});
  run_for(seconds(20));
  EXPECT_EQ(memory->commits_held(), 1U);
  memory->release_commits();
  run_for(seconds(2));
  EXPECT_EQ(now().state, core::AlertState::closed);
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

}  // namespace
}  // namespace tuanyuan::engine
