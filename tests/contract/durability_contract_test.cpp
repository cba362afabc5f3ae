#include "contract/ledger_fixture.hpp"

namespace tuanyuan::test {
namespace {

using Durability = LedgerContract;

TEST_P(Durability, OpenedAgainThenEverythingIsThere) {
  ports::Commit all = entries_only(alert_id(1), 2);
  all.keys.push_back({alert_id(1), "key"});
  all.documents.push_back({alert_id(1), "report/1", "sealed"});
  all.recipients_expected.push_back({alert_id(1), {1, 0}, core::RecipientSet::bitmapOf(2, 7, 8), noon});
  all.deliveries.push_back(delivery(alert_id(1), 1));
  all.entries.push_back(answers_entry(alert_id(1)));
  all.answers.push_back(answer(alert_id(1), 7));
  all.sightings.push_back({core::SightingId("s"), alert_id(1), 7, core::RecipientId("r"), noon, "sealed"});
  all.recipients.push_back({recipient("r"), false});
  all.idempotency = ports::IdempotencyRecord{"key", "digest", "", 0, "", noon};
  commit(all);
  reopen();
  EXPECT_EQ(read(ledger_->journal(0, "", 10)).size(), 3U);
  EXPECT_EQ(read(ledger_->wrapped_key(alert_id(1))), "key");
  EXPECT_EQ(read(ledger_->document(alert_id(1), "report/1")), "sealed");
  EXPECT_EQ(read(ledger_->expected(alert_id(1))).size(), 1U);
  EXPECT_EQ(read(ledger_->backlog(core::ChannelKind::mqtt)).rows, 1U);
  EXPECT_EQ(answers(alert_id(1)).size(), 1U);
  EXPECT_EQ(read(ledger_->sightings(alert_id(1))).size(), 1U);
  EXPECT_EQ(directory().size(), 1U);
  EXPECT_TRUE(read(ledger_->idempotency("key")).has_value());
}

TEST_P(Durability, OpenedAgainThenNumbersGoOnAndDuplicatesAreKnown) {
  commit(answers_only({answer(alert_id(1), 7)}));
  const auto before = commit(deliveries_only({delivery(alert_id(1), 1)})).delivery_ids;
  reopen();
  const auto done =
      commit(answers_only({answer(alert_id(1), 7, core::AnswerKind::received, noon + core::Duration(5)),
                           answer(alert_id(1), 8), answer(alert_id(2), 7)}));
  EXPECT_EQ(done.answers_first, (std::vector<bool>{false, true, true}));
  EXPECT_EQ(done.answers_recorded_at[0], noon);
  EXPECT_EQ(done.last_sequence, 3U);
  EXPECT_GT(commit(deliveries_only({delivery(alert_id(1), 1)})).delivery_ids.at(0), before.at(0));
}

TEST_P(Durability, LedgerGoesWhileCommitsWaitThenTheyAreCommittedFirst) {
  for (int index = 0; index < 50; ++index) {
    boost::asio::co_spawn(context_, ledger_->commit(entries_only(alert_id(1))),
                          [](std::exception_ptr, ports::CommitResult) {});
  }
  context_.restart();
  context_.poll();  // made, and perhaps answered
  reopen();
  EXPECT_EQ(read(ledger_->journal(0, "", 100)).size(), 50U);
}

TEST_P(Durability, ReadRightAfterACommitWasAnsweredThenItIsSeen) {
  for (core::Sequence round = 1; round <= 50; ++round) {
    commit(entries_only(alert_id(1)));
    EXPECT_EQ(read(ledger_->journal(round - 1, "", 10)).size(), 1U);
  }
}

INSTANTIATE_TEST_SUITE_P(Ledger, Durability, testing::ValuesIn(ledger_backends()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace tuanyuan::test
