#include <boost/asio/detached.hpp>
#include <deque>

#include "adapters/ledger/fault_disk.hpp"
#include "adapters/ledger/sqlite_fixture.hpp"

namespace tuanyuan::test {
namespace {

/// A ledger whose flushes can be held up, so that commits gather behind one for certain.
class GroupCommit : public SqliteTest {
 protected:
  GroupCommit() { options_.vfs = disk_.name(); }
  ~GroupCommit() override { ledger_.reset(); }

  /// One commit is on its way to the disk and stays there.
  void hold_one() {
    disk_.hold_log_flushes();
    begin(entries_only(alert_id(1)), first_);
    disk_.await_held_flush();
  }
  void release() {
    disk_.release_log_flushes();
    finish();
  }

  FaultDisk disk_;
  ports::CommitResult first_ = ports::UnknownCommit{};
};

template <class Outcome>
std::size_t count(const std::deque<ports::CommitResult>& results) {
  return static_cast<std::size_t>(std::count_if(
      results.begin(), results.end(), [](const auto& result) { return std::holds_alternative<Outcome>(result); }));
}

TEST_F(GroupCommit, ManyWaitBehindAFlushThenOneTransactionCommitsThemAll) {
  open();
  hold_one();
  const auto before = ledger_->statistics();
  std::deque<ports::CommitResult> results(300, ports::CommitResult(ports::UnknownCommit{}));
  for (ports::CommitResult& result : results) {
    begin(entries_only(alert_id(1)), result);
  }
  release();
  EXPECT_EQ(count<ports::Committed>(results), 300U);
  const auto after = ledger_->statistics();
  EXPECT_EQ(after.transactions - before.transactions, 2U) << "the one that was held, and the group";
  EXPECT_EQ(after.commits - before.commits, 300U);
}

TEST_F(GroupCommit, NothingIsAnsweredBeforeTheFlush) {
  open();
  hold_one();
  EXPECT_TRUE(std::holds_alternative<ports::UnknownCommit>(first_)) << "still what it was";
  release();
  EXPECT_TRUE(std::holds_alternative<ports::Committed>(first_));
}

TEST_F(GroupCommit, MoreRowsThanAGroupMayHaveThenSeveralTransactions) {
  options_.commits.group_rows_max = 10;
  open();
  hold_one();
  std::deque<ports::CommitResult> results(50, ports::CommitResult(ports::UnknownCommit{}));
  for (ports::CommitResult& result : results) {
    begin(entries_only(alert_id(1)), result);  // weighs two
  }
  release();
  EXPECT_EQ(count<ports::Committed>(results), 50U);
  EXPECT_GE(ledger_->statistics().transactions, 10U);
}

TEST_F(GroupCommit, OneCommitLargerThanAGroupThenCommittedByItself) {
  options_.commits.group_rows_max = 10;
  options_.commits.queued_rows_max = 10;
  open();
  EXPECT_TRUE(is_committed(entries_only(alert_id(1), 100)));
}

TEST_F(GroupCommit, QueueFullThenKnownNotToBeCommitted) {
  options_.commits.queued_jobs_max = 2;
  open();
  hold_one();
  std::deque<ports::CommitResult> results(5, ports::CommitResult(ports::UnknownCommit{}));
  for (ports::CommitResult& result : results) {
    begin(entries_only(alert_id(1)), result);
  }
  EXPECT_EQ(count<ports::NotCommitted>(results), 3U) << "answered at once";
  release();
  EXPECT_EQ(count<ports::Committed>(results), 2U);
  EXPECT_EQ(journal_lines(), 3U);
}

TEST_F(GroupCommit, OneBreaksAConstraintThenTheOthersOfItsGroupAreCommitted) {
  open();
  hold_one();
  ports::Commit broken = entries_only(alert_id(2));
  broken.keys = {{alert_id(2), "one"}, {alert_id(2), "two"}};
  std::deque<ports::CommitResult> results(9, ports::CommitResult(ports::UnknownCommit{}));
  for (std::size_t index = 0; index < results.size(); ++index) {
    begin(index == 4 ? broken : answers_only({answer(alert_id(1), static_cast<core::Ordinal>(index))}),
          results[index]);
  }
  release();
  EXPECT_EQ(count<ports::Committed>(results), 8U);
  EXPECT_TRUE(std::holds_alternative<ports::NotCommitted>(results[4]));
  EXPECT_EQ(journal_lines(), 9U);
  EXPECT_EQ(run(ledger_->verify_journal())->altered_at, std::nullopt);
  const auto again = commit(answers_only({answer(alert_id(1), 3)}));
  EXPECT_EQ(std::get<ports::Committed>(again).answers_first, (std::vector<bool>{false}));
}

TEST_F(GroupCommit, ReadWhileAFlushTakesLongThenItIsAnsweredAllTheSame) {
  open();
  ASSERT_TRUE(is_committed(entries_only(alert_id(1))));
  hold_one();
  std::size_t lines = 0;
  boost::asio::co_spawn(context_, ledger_->journal(0, "", 10), [&](std::exception_ptr, auto entries) {
    lines = entries->size();
    disk_.release_log_flushes();
  });
  finish();
  EXPECT_EQ(lines, 1U) << "and does not see what is not flushed";
  EXPECT_EQ(journal_lines(), 2U);
}

// The log.

/// SQLite does not write a page again that stays the same.
ports::Commit large_commit(int round) {
  ports::Commit commit = entries_only(alert_id(1));
  commit.documents.push_back(
      {alert_id(1), "photo/" + std::to_string(round % 10), std::string(200'000, static_cast<char>(round))});
  return commit;
}

TEST_F(GroupCommit, WrittenWithoutPauseThenTheLogStaysWithinItsBound) {
  options_.checkpoints = {50, 200};
  options_.commits.group_rows_max = 1;  // each a transaction
  open();
  std::deque<ports::CommitResult> results(100, ports::CommitResult(ports::UnknownCommit{}));
  for (std::size_t index = 0; index < results.size(); ++index) {
    begin(large_commit(static_cast<int>(index)), results[index]);
  }
  finish();
  EXPECT_EQ(count<ports::Committed>(results), 100U);
  EXPECT_GT(disk_.log_bytes_written(), 20'000'000U);
  // The bound, and one transaction beyond it.
  EXPECT_LT(disk_.log_bytes_largest(), 200U * 4096 + 400'000U);
  EXPECT_EQ(run(ledger_->health()), "");
}

boost::asio::awaitable<void> read_until(ledger::SqliteLedger& ledger, const bool& stopped) {
  while (!stopped) {
    std::vector<core::Ordinal> asked{1};
    co_await ledger.recipients(std::move(asked));
  }
}
boost::asio::awaitable<void> write_large(ledger::SqliteLedger& ledger, int count, bool& ended) {
  for (int index = 0; index < count; ++index) {
    ports::Commit commit = large_commit(index);
    co_await ledger.commit(std::move(commit));
  }
  ended = true;
}

TEST_F(GroupCommit, RecipientsReadWithoutPauseThenTheLogStaysWithinItsBoundAllTheSame) {
  options_.checkpoints = {50, 200};
  open();
  ASSERT_TRUE(is_committed(recipients_only({{recipient("a"), false}})));
  bool ended = false;
  boost::asio::co_spawn(context_, read_until(*ledger_, ended), boost::asio::detached);
  boost::asio::co_spawn(context_, write_large(*ledger_, 300, ended), boost::asio::detached);
  finish();
  EXPECT_GT(disk_.log_bytes_written(), 60'000'000U);
  // The bound, and what is committed until a read that was under way makes room for a log that begins anew.
  EXPECT_LT(disk_.log_bytes_largest(), 10 * 200U * 4096);
}

TEST_F(GroupCommit, IndexOfAnswersDroppedThenDuplicatesAreStillKnown) {
  options_.commits.answer_index_bytes_max = 0;
  open();
  for (int number = 1; number <= 5; ++number) {
    ASSERT_TRUE(is_committed(answers_only({answer(alert_id(number), 7)})));
  }
  for (int number = 1; number <= 5; ++number) {
    const auto again = commit(answers_only({answer(alert_id(number), 7), answer(alert_id(number), 8)}));
    EXPECT_EQ(std::get<ports::Committed>(again).answers_first, (std::vector<bool>{false, true}));
  }
}

}  // namespace
}  // namespace tuanyuan::test
