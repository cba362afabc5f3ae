#include "core/rate_budget.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tuanyuan::core {
namespace {

const Instant start{Duration(1'700'000'000'000)};

RatePolicy policy(std::uint32_t sends, Duration per, std::uint32_t burst) {
  RatePolicy policy;
  policy.sends = sends;
  policy.per = per;
  policy.burst = burst;
  return policy;
}

TEST(RateBudget, EachTurnComesAtItsPlace) {
  struct {
    const char* name;
    RatePolicy policy;
    std::vector<std::int64_t> turns_ms;  ///< of what is taken at once
  } const rows[] = {
      {"no limit", policy(0, Duration(60'000), 1), {0, 0, 0, 0}},
      {"20 a minute, one by one", policy(20, Duration(60'000), 1), {0, 3'000, 6'000, 9'000}},
      {"20 a minute, three at once", policy(20, Duration(60'000), 3), {0, 0, 0, 3'000, 6'000}},
      {"1,500 a second", policy(1'500, Duration(1'000), 1), {0, 1, 2, 2}},
  };
  for (const auto& row : rows) {
    RateBudget budget(row.policy);
    for (const std::int64_t turn : row.turns_ms) {
      EXPECT_EQ((budget.take(start) - start).count(), turn) << row.name;
    }
  }
}

TEST(RateBudget, WhatWasNotUsedIsAllowedAsABurstAndNoMore) {
  RateBudget budget(policy(10, Duration(10'000), 2));
  EXPECT_EQ(budget.take(start), start);
  const Instant later = start + std::chrono::hours(1);
  EXPECT_EQ(budget.take(later), later);
  EXPECT_EQ(budget.take(later), later);
  EXPECT_EQ(budget.take(later), later + Duration(1'000));
}

TEST(RateBudget, InAnyWindowNeverMoreThanTheQuotaAndOneBurst) {
  RateBudget budget(policy(100, Duration(1'000), 10));
  std::vector<Instant> turns;
  for (int send = 0; send < 1'000; ++send) {
    turns.push_back(budget.take(start + Duration(send / 4)));
  }
  for (std::size_t first = 0; first + 110 < turns.size(); ++first) {
    EXPECT_GT(turns[first + 110] - turns[first], Duration(1'000)) << first;
  }
}

TEST(RateBudget, LookingTakesNoPlaceAndCountsThoseThatAreLeft) {
  RateBudget budget(policy(20, Duration(60'000), 3));
  EXPECT_EQ(budget.turn(start), start);
  EXPECT_EQ(budget.places_by(start, start, 100), 3U);
  EXPECT_EQ(budget.places_by(start + Duration(3'000), start, 100), 4U);
  for (int send = 0; send < 5; ++send) {
    const Instant turn = budget.turn(start);
    EXPECT_EQ(budget.take(start), turn);
  }
  EXPECT_EQ(budget.turn(start), start + Duration(9'000));
  EXPECT_EQ(budget.places_by(start + Duration(8'999), start, 100), 0U);
  EXPECT_EQ(budget.places_by(start + Duration(9'000), start, 100), 1U);
  EXPECT_EQ(budget.places_by(start + std::chrono::hours(1), start, 100), 100U);
  EXPECT_EQ(RateBudget(RatePolicy()).places_by(start, start, 100), 100U);
}

}  // namespace
}  // namespace tuanyuan::core
