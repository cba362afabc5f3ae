#include "adapters/ledger/fault_disk.hpp"
#include "adapters/ledger/sqlite_fixture.hpp"

namespace tuanyuan::test {
namespace {

class Failure : public SqliteTest {
 protected:
  Failure() { options_.vfs = disk_.name(); }
  ~Failure() override { ledger_.reset(); }

  FaultDisk disk_;
};

ports::Commit of_everything() {
  ports::Commit commit = answers_only({answer(alert_id(2), 7), answer(alert_id(2), 8)});
  commit.entries.push_back(case_entry(alert_id(1)));
  commit.documents.push_back({alert_id(1), "report/1", std::string(100'000, 'x')});
  commit.deliveries.push_back(delivery(alert_id(1), 1));
  commit.recipients.push_back({recipient("r"), false});
  return commit;
}

TEST_F(Failure, DiskFullThenKnownNotToBeCommittedAndTheSameCommitWorksLater) {
  open();
  ASSERT_TRUE(is_committed(entries_only(alert_id(1))));
  disk_.full = true;
  EXPECT_TRUE(std::holds_alternative<ports::NotCommitted>(commit(of_everything())));
  EXPECT_NE(run(ledger_->health()), "");
  EXPECT_EQ(journal_lines(), 1U) << "reads go on";
  disk_.full = false;
  EXPECT_EQ(run(ledger_->health()), "");
  const auto done = std::get<ports::Committed>(commit(of_everything()));
  EXPECT_EQ(done.last_sequence, 3U);
  EXPECT_EQ(done.answers_first, (std::vector<bool>{true, true})) << "nothing of the first try is remembered";
  EXPECT_EQ(run(ledger_->verify_journal())->lines, 3U);
}

TEST_F(Failure, DiskFullThenARowCannotBeClaimedAndIsNotLost) {
  open();
  ASSERT_TRUE(is_committed(deliveries_only({delivery(alert_id(1), 1)})));
  disk_.full = true;
  EXPECT_FALSE(run(ledger_->claim(core::ChannelKind::mqtt, noon, noon, 1)).has_value());
  disk_.full = false;
  EXPECT_EQ(run(ledger_->claim(core::ChannelKind::mqtt, noon, noon, 1))->size(), 1U);
}

TEST_F(Failure, DiskFullThenWhoHoldsARowGoesOnHoldingIt) {
  open();
  const auto ids =
      std::get<ports::Committed>(commit(deliveries_only({delivery(alert_id(1), 1), delivery(alert_id(1), 2)})))
          .delivery_ids;
  ASSERT_EQ(run(ledger_->claim(core::ChannelKind::mqtt, noon, noon + std::chrono::hours(1), 1))->size(), 1U);
  disk_.full = true;
  ports::Commit settled;
  settled.delivery_updates.push_back({ids[0], core::DeliveryState::accepted, 1, false, noon});
  EXPECT_TRUE(std::holds_alternative<ports::NotCommitted>(commit(settled)));
  EXPECT_FALSE(run(ledger_->claim(core::ChannelKind::mqtt, noon, noon + std::chrono::hours(1), 1)).has_value());
  disk_.full = false;
  const auto next = run(ledger_->claim(core::ChannelKind::mqtt, noon, noon + std::chrono::hours(1), 10)).value();
  ASSERT_EQ(next.size(), 1U)
      << "of the claim that failed; the other one is held, though its outcome was not written";
  EXPECT_EQ(next[0].id, ids[1]);
  ports::Commit newer;
  newer.supersede.push_back({alert_id(1), core::Audience::police, {9, 0}});
  ASSERT_TRUE(is_committed(newer));
  EXPECT_EQ(run(ledger_->backlog(core::ChannelKind::mqtt))->rows, 2U) << "their outcomes are still to come";
}

TEST_F(Failure, FlushFailsThenUnknownAndTheLedgerGoesOn) {
  open();
  ASSERT_TRUE(is_committed(entries_only(alert_id(1))));
  disk_.log_flush_fails = true;
  ports::Commit made = of_everything();
  made.idempotency = ports::IdempotencyRecord{"key", "digest", "", 0, "", noon};
  EXPECT_TRUE(std::holds_alternative<ports::UnknownCommit>(commit(made)));
  EXPECT_NE(run(ledger_->health()), "");
  disk_.log_flush_fails = false;
  // The same commit with the same key again: whichever it was, afterwards it is there once.
  const auto again = commit(made);
  const auto* conflict = std::get_if<ports::Conflict>(&again);
  EXPECT_TRUE(std::holds_alternative<ports::Committed>(again) || (conflict != nullptr && conflict->idempotency));
  EXPECT_EQ(journal_lines(), 3U);
  EXPECT_EQ(run(ledger_->verify_journal())->altered_at, std::nullopt);
  open();
  EXPECT_EQ(journal_lines(), 3U);
}

TEST_F(Failure, DiskFullThenTheLedgerGoesWithoutWaitingForever) {
  options_.checkpoints = {1, 1};
  open();
  ASSERT_TRUE(is_committed(entries_only(alert_id(1))));
  disk_.full = true;
  EXPECT_FALSE(is_committed(entries_only(alert_id(1))));
  EXPECT_FALSE(is_committed(entries_only(alert_id(1))));
  close();
  disk_.full = false;
  open();
  EXPECT_EQ(journal_lines(), 1U);
}

}  // namespace
}  // namespace tuanyuan::test
