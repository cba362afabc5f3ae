// Who keeps silent is followed up, step by step, until the answer; and whom that reaches is recalled.
#include <algorithm>

#include <gmock/gmock.h>
#include "engine/clock_fixture.hpp"

namespace tuanyuan::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
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

TEST_F(ClockTest, WhoAnsweredIsForgottenThenWhatIsQueuedToChaseItWaitsUntilThatIsKnownAgain) {
  alert_out();
  run_for(seconds(2));
  channel.up = false;
  run_for(seconds(62));
  ASSERT_THAT(chased(), ::testing::Not(::testing::IsEmpty()));
  everybody_confirms();
  memory->faults.commit_fate = [](const ports::Commit&) { return ledger::CommitFate::unknown_committed; };
  std::vector<ports::InboundAnswer> one(1);
  one[0].answer.alert_id = id;
  one[0].answer.revision = 1;
  one[0].answer.recipient_id = one[0].connection = core::RecipientId("next");
  one[0].answer.kind = core::AnswerKind::displayed;
  int reads = 0;
  memory->faults.read_fails = [&reads] { return ++reads > 1; };  // the case is read anew, and not its answers
  EXPECT_FALSE(run(engine->answers().acknowledge(one))) << "what has become of it is not known";
  memory->faults.commit_fate = nullptr;
  channel.up = true;
  run_for(seconds(30));
  EXPECT_THAT(sent_to("near"), SizeIs(0));
  memory->faults = {};
  run_for(minutes(1));
  EXPECT_THAT(sent_to("near"), SizeIs(0));
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

TEST_F(ClockTest, WhoHasReceivedAndIsUnableGoesOnAtOnceWithTheReasonShownUpToTheLateList) {
  alert_out();
  run_for(seconds(2));
  everybody_confirms_but("near");
  received("near");
  ASSERT_EQ(unable("near", core::UnableReason::equipment).result, core::ReceiptResult::recorded);
  run_for(seconds(3));
  ASSERT_THAT(sent_to("near"), SizeIs(1));
  EXPECT_EQ(sent_to("near")[0].awaits, core::AnswerKind::confirmed);
  for (const char* next : {"unit", "late", "telephone"}) {
    ASSERT_THAT(board(id).silent, SizeIs(1));
    const core::SilentRecipient row = board(id).silent[0];
    EXPECT_EQ(row.awaited, core::AnswerKind::confirmed);
    EXPECT_EQ(row.reason, core::UnableReason::equipment);
    EXPECT_EQ(row.next_step, next);
    EXPECT_GT(row.due_at, lost);
    engine->auditor().audit();
    EXPECT_EQ(engine->auditor().sum().acknowledged, 4U) << next;
    EXPECT_EQ(engine->auditor().wrong(), "");
    run_for(minutes(3));
  }
  EXPECT_EQ(engine->auditor().sum().late, 1U);
  ASSERT_THAT(chased(), SizeIs(3));
  EXPECT_EQ(chased()[2].step, "late");
  EXPECT_EQ(chased()[2].awaited, "CONFIRMED");
  EXPECT_THAT(chased()[2].recipients, ElementsAre("near"));
  EXPECT_THAT(chased()[1].recipients, IsEmpty());
  restart();
  run_for(seconds(2));
  ASSERT_THAT(board(id).silent, SizeIs(1));
  EXPECT_EQ(board(id).silent[0].reason, core::UnableReason::equipment);
  answer(id, 1, "near", core::AnswerKind::confirmed);
  EXPECT_EQ(board(id).silent_total, 0U);
}

TEST_F(ClockTest, WhoReceivedAndDidNotConfirmInTimeStandsOnTheSilentListWithWhatIsAwaited) {
  alert_out();
  run_for(seconds(2));
  everybody_confirms_but("near");
  received("near");
  EXPECT_EQ(board(id).silent_total, 0U) << "it has time to confirm";
  run_for(minutes(5));
  ASSERT_THAT(board(id).silent, SizeIs(1));
  EXPECT_EQ(board(id).silent[0].awaited, core::AnswerKind::confirmed);
  EXPECT_EQ(board(id).silent[0].next_step, "unit");
}

TEST_F(ClockTest, WhomItDoesNotConcernIsChasedNoMoreAlsoByWhatIsQueued) {
  alert_out();
  run_for(seconds(2));
  everybody_confirms_but("near");
  channel.up = false;
  run_for(seconds(62));  // the chase is committed, and cannot be sent
  ASSERT_THAT(chased(), SizeIs(1));
  unable("near", core::UnableReason::not_concerned);
  channel.up = true;
  run_for(hours(1));
  EXPECT_THAT(chased(), SizeIs(1));
  EXPECT_TRUE(std::none_of(channel.sent.begin(), channel.sent.end(),
                           [](const auto& dispatch) { return !dispatch.delivery.concerns.empty(); }));
  EXPECT_EQ(board(id).silent_total, 0U);
  engine->auditor().audit();
  EXPECT_EQ(engine->auditor().wrong(), "");
  EXPECT_EQ(engine->auditor().sum().acknowledged, 5U);
}

TEST_F(ClockTest, AReasonThatWasGivenOfAnEarlierRevisionIsNotShownOfTheRecall) {
  alert_out();
  everybody_confirms_but("near");
  unable("near", core::UnableReason::equipment);
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  for (const core::SilentRecipient& row : board(id).silent) {
    EXPECT_EQ(row.reason, core::UnableReason::none);
    EXPECT_EQ(row.awaited, core::AnswerKind::removed);
  }
}

/// "office" is a police station far from the circle, and answers for "near", which is a partner.
class UnitOfThePoliceTest : public ClockTest {
 protected:
  UnitOfThePoliceTest() {
    core::Recipient office = near();
    office.id = core::RecipientId("office");
    office.category = core::Category::police_station;
    office.audience = core::Audience::police;
    office.position = core::Position{45.75, 126.63};
    office.division = core::Division{230102};
    enter(office);
    near_answers_to("office");
  }
  void to_the_unit_step() {
    alert_out();
    everybody_confirms_but("near");
    channel.sent.clear();
    run_for(seconds(62) + minutes(3));
  }
  core::SilentChased unit_step() const {
    for (const core::SilentChased& step : chased()) {
      if (step.step == "unit") {
        return step;
      }
    }
    return {};
  }
  ports::SuspendOptions partners() const {
    ports::SuspendOptions options;
    options.audiences = {core::Audience::partner};
    options.reason = core::SuspendReason::leads_held;
    return options;
  }
};

TEST_F(UnitOfThePoliceTest, IsToldOfASilentPartnerByItsOwnCopyAndRecalled) {
  to_the_unit_step();
  ASSERT_THAT(sent_to("office"), SizeIs(1));
  EXPECT_EQ(sent_to("office")[0].audience, core::Audience::police);
  EXPECT_EQ(sent_to("office")[0].concerns.value, "near");
  EXPECT_EQ(unit_step().count, 1U);
  EXPECT_EQ(unit_step().told, 1U);
  channel.sent.clear();
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  run_for(seconds(3));
  ASSERT_THAT(sent_to("office"), SizeIs(1));
  EXPECT_EQ(sent_to("office")[0].kind, core::NoticeKind::close);
}

TEST_F(UnitOfThePoliceTest, WhatIsStillQueuedForItStopsWhenThePartnerAnswersOrHasItTakenAway) {
  alert_out();
  everybody_confirms_but("near");
  run_for(minutes(4));  // the direct step
  channel.up = false;
  run_for(seconds(5));
  ASSERT_EQ(unit_step().told, 1U);
  ASSERT_TRUE(run(engine->cases().suspend(releaser, id, partners(), {})));
  channel.sent.clear();
  channel.up = true;
  run_for(seconds(5));
  EXPECT_THAT(sent_to("office"), IsEmpty());
}

TEST_F(UnitOfThePoliceTest, IsNotToldOfAPartnersRemovalWhileThePoliceKeepTheAlert) {
  alert_out();
  everybody_confirms_but("near");
  ASSERT_TRUE(run(engine->cases().suspend(releaser, id, partners(), {})));
  for (const char* who : {"next", "province", "member"}) {
    answer(id, 2, who, core::AnswerKind::removed, who == std::string("member") ? "province" : who);
  }
  channel.sent.clear();
  run_for(minutes(5) + minutes(3) + seconds(2));
  EXPECT_THAT(sent_to("office"), IsEmpty());
  EXPECT_EQ(unit_step().awaited, "REMOVED");
  EXPECT_EQ(unit_step().count, 1U);
  EXPECT_EQ(unit_step().told, 0U) << "and the journal does not say otherwise";
}

TEST_F(UnitOfThePoliceTest, KeepsWhatItWasToldWhilePartnersAreSuspendedAlsoOverARestart) {
  to_the_unit_step();
  ASSERT_TRUE(run(engine->cases().suspend(releaser, id, partners(), {})));
  to_minute(61);
  EXPECT_EQ(now().circle->radius_km, 200) << "the police have a step that the partners have not";
  EXPECT_THAT(reasserted_to("office"), SizeIs(1));
  restart();
  EXPECT_THAT(reasserted_to("office"), SizeIs(1));
}

TEST_F(ClockTest, RecallIsSaidAgainFromTheLateListUntilItIsRemoved) {
  settings.chase.recall_again = hours(1);
  settings.recall_retention = hours(3);
  restart();
  alert_out();
  everybody_confirms();
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  const core::Instant closed = clock.wall_now();
  for (const char* who : {"next", "police", "province", "member"}) {
    answer(id, 2, who, core::AnswerKind::removed, who == std::string("member") ? "province" : who);
  }
  run_for(minutes(12));
  ASSERT_THAT(chased(), SizeIs(3));
  EXPECT_THAT(chased()[2].recipients, ElementsAre("near"));
  ASSERT_THAT(board(id).silent, SizeIs(1));
  EXPECT_EQ(board(id).silent[0].next_step, "again");
  EXPECT_NEAR(std::chrono::duration<double>(board(id).silent[0].due_at - closed - minutes(71)).count(), 0, 5);
  engine->auditor().audit();
  EXPECT_EQ(engine->auditor().sum().late, 1U) << "a person has to take over, too";
  EXPECT_EQ(engine->auditor().wrong(), "");
  channel.sent.clear();
  restart();
  run_for(hours(1));
  ASSERT_THAT(sent_to("near"), SizeIs(1));
  EXPECT_EQ(sent_to("near")[0].awaits, core::AnswerKind::removed);
  EXPECT_EQ(chased().back().step, "again");
  EXPECT_EQ(chased().back().told, 1U);
  run_for(hours(2));
  EXPECT_THAT(chased(), SizeIs(5)) << "after 71 and 142 min; the next time it would not be kept any more";
  engine->auditor().audit();
  EXPECT_EQ(engine->auditor().wrong(), "");
}

TEST_F(ClockTest, WhoRemovedAfterItCameToBeLateHearsNoMore) {
  alert_out();
  everybody_confirms();
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  run_for(minutes(12));
  for (const char* who : {"near", "next", "police", "province", "member"}) {
    answer(id, 2, who, core::AnswerKind::removed, who == std::string("member") ? "province" : who);
  }
  const std::size_t before = chased().size();
  run_for(hours(2));
  EXPECT_THAT(chased(), SizeIs(before));
}

TEST_F(ClockTest, AnAlertThatCannotBeReadForLongIsNamedAndThenIsNot) {
  settings.recall_retention = hours(1);
  restart();
  alert_out();
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  clocked = false;  // so that its recall is not cleared
  restart();
  run_for(hours(2));
  clocked = true;
  restart();
  memory->faults.read_fails = [] { return true; };
  run_for(seconds(85));
  EXPECT_EQ(engine->auditor().wrong(), "") << "it may be read in a moment";
  run_for(minutes(2));
  EXPECT_EQ(engine->auditor().wrong(), "1 alerts cannot be read");
  memory->faults = {};
  run_for(minutes(1));
  EXPECT_EQ(engine->auditor().wrong(), "");
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

/// In the directory behind more schools, which have longer, than the board lists.
class ManySilentTest : public ClockTest {
 protected:
  ManySilentTest() {
    std::vector<core::Recipient> all;
    for (std::size_t number = 0; number < core::board_silent_rows_max; ++number) {
      all.push_back(one("school-" + std::to_string(number), core::Category::school));
    }
    all.push_back(one("airport", core::Category::airport));
    const core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
    EXPECT_TRUE(run(engine->recipients().import(keeper, std::move(all), {})));
  }
  static core::Recipient one(const std::string& id, core::Category category) {
    core::Recipient made = near();
    made.id = core::RecipientId(id);
    made.category = category;
    return made;
  }
  std::vector<std::string> listed() {
    std::vector<std::string> ids;
    for (const core::SilentRecipient& row : board(id).silent) {
      ids.push_back(row.recipient_id.value);
    }
    return ids;
  }
};

TEST_F(ManySilentTest, MoreThanAreListedThenWhoIsDueFirstIsAndWhomAPersonHasToCallIsFirst) {
  alert_out();
  EXPECT_EQ(board(id).silent_total, core::board_silent_rows_max + 6);
  EXPECT_THAT(listed(), SizeIs(core::board_silent_rows_max));
  EXPECT_THAT(listed(), Contains("airport")) << "it is due before any school";
  EXPECT_EQ(board(id).silent.back().due_at - board(id).silent.front().due_at, minutes(4));
  everybody_confirms();
  ASSERT_TRUE(run(engine->recipients().remove(supervisor, core::RecipientId("school-50"), {})));
  run_for(minutes(7) + seconds(5));
  const core::Board late = board(id);
  ASSERT_THAT(late.silent, SizeIs(core::board_silent_rows_max));
  EXPECT_EQ(late.silent_total, core::board_silent_rows_max + 1);
  const auto place = [&late](std::size_t at) {
    return late.silent.at(at).recipient_id.value + " " + late.silent.at(at).next_step;
  };
  EXPECT_EQ(place(0), "school-50 telephone") << "nothing follows of what is not in the directory any more";
  EXPECT_EQ(place(1), "airport telephone");
  EXPECT_EQ(place(2), "school-0 unit");
}

TEST_F(ManySilentTest, RecalledThenWhoHasToBeCalledStandsFirstThoughTheRecallIsSaidAgain) {
  alert_out();
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  run_for(minutes(12));
  EXPECT_EQ(board(id).silent.front().next_step, "again");
  EXPECT_THAT(listed(), Contains("airport"));
}

}  // namespace
}  // namespace tuanyuan::engine
