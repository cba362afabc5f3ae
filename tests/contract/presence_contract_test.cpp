#include "contract/ledger_fixture.hpp"

namespace tuanyuan::test {
namespace {

using PresenceRows = LedgerContract;
using ports::PresenceRow;
using Rows = std::vector<PresenceRow>;

ports::Commit presence_only(Rows rows, std::optional<core::Instant> noted_at = std::nullopt) {
  ports::Commit commit;
  commit.presence = std::move(rows);
  commit.presence_noted_at = noted_at;
  return commit;
}

TEST_P(PresenceRows, NobodyWasSeenThenThereIsNothing) {
  const auto presence = read(ledger_->presence());
  EXPECT_TRUE(presence.rows.empty());
  EXPECT_EQ(presence.noted_at, core::Instant{});
}

TEST_P(PresenceRows, WhatWasWrittenIsReadInTheOrderOfOrdinalsAndOutlivesAStart) {
  commit(presence_only({{7, noon}, {3, std::nullopt}}, noon));
  reopen();
  const auto presence = read(ledger_->presence());
  EXPECT_EQ(presence.rows, (Rows{{3, std::nullopt}, {7, noon}}));
  EXPECT_EQ(presence.noted_at, noon);
}

TEST_P(PresenceRows, ANewRowReplacesTheFormerOneAndOthersStay) {
  const core::Instant later = noon + std::chrono::minutes(1);
  commit(presence_only({{3, std::nullopt}, {4, noon}, {5, noon}}, noon));
  commit(presence_only({{3, later}, {4, std::nullopt}}));
  const auto presence = read(ledger_->presence());
  EXPECT_EQ(presence.rows, (Rows{{3, later}, {4, std::nullopt}, {5, noon}}));
  EXPECT_EQ(presence.noted_at, noon) << "this commit said nothing of it";
  commit(presence_only({}, later));
  EXPECT_EQ(read(ledger_->presence()).noted_at, later);
  EXPECT_EQ(read(ledger_->presence()).rows.size(), 3U);
}

TEST_P(PresenceRows, ItIsNoLineOfTheJournal) {
  EXPECT_EQ(commit(presence_only({{3, noon}}, noon)).last_sequence, 0U);
  EXPECT_TRUE(read(ledger_->journal(0, "", 10)).empty());
}

INSTANTIATE_TEST_SUITE_P(Ledger, PresenceRows, testing::ValuesIn(ledger_backends()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace tuanyuan::test
