#include "adapters/ledger/sqlite/claims.hpp"

#include "adapters/ledger/sqlite_fixture.hpp"

namespace tuanyuan::test {
namespace {

using ledger::IdRuns;

TEST(ClaimRuns, IdsInAnyOrderThenFirstAndLastOfEachRun) {
  EXPECT_EQ(ledger::runs_of({}), IdRuns{});
  EXPECT_EQ(ledger::runs_of({7}), (IdRuns{{7, 7}}));
  EXPECT_EQ(ledger::runs_of({3, 1, 2, 9, 8, 5}), (IdRuns{{1, 3}, {5, 5}, {8, 9}}));
  EXPECT_EQ(ledger::runs_of({4, 4}), (IdRuns{{4, 4}}));
}

TEST(ClaimRuns, WrittenThenReadAsTheyWere) {
  const IdRuns runs{{1, 3}, {std::uint64_t{1} << 40U, (std::uint64_t{1} << 40U) + 7}};
  EXPECT_EQ(ledger::from_bytes(ledger::to_bytes(runs)), runs);
  EXPECT_EQ(ledger::from_bytes(""), IdRuns{});
  EXPECT_EQ(ledger::from_bytes(ledger::to_bytes(runs).substr(0, 31)), (IdRuns{{1, 3}})) << "cut short";
}

class Claimed : public SqliteTest {
 protected:
  std::vector<core::Delivery> claim(core::Instant now = noon) {
    return run(ledger_->claim(core::ChannelKind::mqtt, now, now + std::chrono::minutes(1), 10)).value();
  }
  void settle(std::uint64_t id, core::DeliveryState state) {
    ports::Commit settled;
    settled.delivery_updates.push_back({id, state, 1, false, noon});
    ASSERT_TRUE(is_committed(settled));
  }
  std::int64_t noted() {
    ledger::Connection other(options_.path, ledger::OpenMode{false, true, ""});
    return other.number("SELECT count(*) FROM claims").value();
  }
};

TEST_F(Claimed, WhileSomethingIsHeldThenNotedAndNoLonger) {
  open();
  ASSERT_TRUE(is_committed(deliveries_only({delivery(alert_id(1), 1), delivery(alert_id(1), 2)})));
  EXPECT_EQ(noted(), 0);
  const auto held = claim();
  ASSERT_EQ(held.size(), 2U);
  EXPECT_EQ(noted(), 1) << "as one, however many rows it has";
  settle(held[0].id, core::DeliveryState::accepted);
  EXPECT_EQ(noted(), 1);
  settle(held[1].id, core::DeliveryState::queued);
  EXPECT_EQ(noted(), 0);
}

TEST_F(Claimed, NothingToGiveThenNothingIsNoted) {
  open();
  EXPECT_TRUE(claim().empty());
  EXPECT_EQ(noted(), 0);
}

TEST_F(Claimed, LeaseRanOutThenNotedByTheLaterClaimAlone) {
  open();
  ASSERT_TRUE(is_committed(deliveries_only({delivery(alert_id(1), 1)})));
  claim();
  ASSERT_EQ(claim(noon + std::chrono::minutes(1)).size(), 1U);
  EXPECT_EQ(noted(), 1);
}

TEST_F(Claimed, OpenedAgainThenNobodyHoldsAnythingAndWhatWasHeldIsMarked) {
  open();
  ASSERT_TRUE(is_committed(
      deliveries_only({delivery(alert_id(1), 1), delivery(alert_id(1), 2), delivery(alert_id(1), 3)})));
  const auto held = run(ledger_->claim(core::ChannelKind::mqtt, noon, noon + std::chrono::minutes(1), 2)).value();
  settle(held.at(0).id, core::DeliveryState::queued);
  close();
  open();
  EXPECT_EQ(noted(), 0);
  const auto again = claim(noon + std::chrono::seconds(1));
  ASSERT_EQ(again.size(), 3U);
  EXPECT_FALSE(again[0].maybe_sent) << "it was put back before";
  EXPECT_TRUE(again[1].maybe_sent);
  EXPECT_FALSE(again[2].maybe_sent) << "nobody ever held it";
}

}  // namespace
}  // namespace tuanyuan::test
