// Who moves while an alert is out is told where it is now.
#include <gmock/gmock.h>
#include "engine/clock_fixture.hpp"

namespace tuanyuan::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FollowerTest : public ClockTest {
 protected:
  /// To a county at the other end of the country, and closed until the morning.
  void near_moves_away() {
    core::Recipient elsewhere = near();
    elsewhere.division = core::Division{530102};
    elsewhere.position = core::Position{25.04, 102.71};
    elsewhere.hours = "Mo-Su 03:00-03:01";
    enter(elsewhere);
  }
};

TEST_F(FollowerTest, MovedWhereTheAlertNeverWasThenToldAtOnceOnItsOwnTopic) {
  alert_out();
  everybody_confirms();
  channel.sent.clear();
  near_moves_away();
  run_for(seconds(3));
  const auto told = sent_to("near");
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_TRUE(told[0].concerns.empty()) << "no reminder: it is due though it has answered";
  EXPECT_EQ(told[0].version, now().version);
  EXPECT_THAT(reasserted_to("near"), SizeIs(1));
  run_for(minutes(10));
  EXPECT_THAT(sent_to("near"), SizeIs(1)) << "once";
}

TEST_F(FollowerTest, ThenHearsOfTheEndThereWhateverItsHours) {
  alert_out();
  everybody_confirms();
  near_moves_away();
  run_for(seconds(3));
  restart();
  channel.sent.clear();
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  run_for(seconds(3));
  ASSERT_THAT(sent_to("near"), SizeIs(1));
  EXPECT_EQ(sent_to("near")[0].kind, core::NoticeKind::close);
}

class MovedAfterTheEnd : public FollowerTest, public ::testing::WithParamInterface<bool> {};

TEST_P(MovedAfterTheEnd, HearsOfItThereUnlessItHasTakenItDown) {
  const bool taken_down = GetParam();
  alert_out();
  everybody_confirms();
  channel.up = false;
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  if (taken_down) {
    answer(id, 2, "near", core::AnswerKind::removed);
  }
  channel.sent.clear();
  near_moves_away();
  run_for(seconds(3));
  channel.up = true;
  run_for(seconds(3));
  EXPECT_THAT(sent_to("near"), SizeIs(taken_down ? 0 : 1));
}
INSTANTIATE_TEST_SUITE_P(, MovedAfterTheEnd, ::testing::Bool());

TEST_F(FollowerTest, MovedWithinWhatTheAlertCoversThenNothingIsSaidAgain) {
  alert_out();
  everybody_confirms();
  run_for(seconds(3));
  channel.sent.clear();
  core::Recipient beside = near();
  beside.division = core::Division{210103};
  enter(beside);
  run_for(seconds(30));
  EXPECT_THAT(sent_to("near"), IsEmpty());
}

TEST_F(FollowerTest, LostOnItsWayToTheLedgerThenToldOnceItIsThere) {
  alert_out();
  everybody_confirms();
  channel.sent.clear();
  memory->faults.commit_fate = [](const ports::Commit& commit) {
    return commit.recipients.empty() ? ledger::CommitFate::unknown_lost : ledger::CommitFate::normal;
  };
  near_moves_away();
  run_for(seconds(3));
  EXPECT_THAT(sent_to("near"), IsEmpty());
  memory->faults = {};
  run_for(minutes(1));
  EXPECT_THAT(sent_to("near"), SizeIs(1));
}

TEST_F(FollowerTest, ToldAndThatIsNotLearntThenNotToldTwice) {
  alert_out();
  everybody_confirms();
  channel.sent.clear();
  memory->faults.commit_fate = [](const ports::Commit& commit) {
    const bool tells = !commit.deliveries.empty();
    return tells ? ledger::CommitFate::unknown_committed : ledger::CommitFate::normal;
  };
  near_moves_away();
  run_for(seconds(3));
  memory->faults = {};
  run_for(seconds(30));
  EXPECT_THAT(sent_to("near"), SizeIs(1));
}

}  // namespace
}  // namespace tuanyuan::engine
