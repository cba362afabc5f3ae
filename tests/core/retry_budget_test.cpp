#include "core/retry_budget.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

const Instant start{Duration(1'000'000)};

RetryPolicy policy() {
  RetryPolicy policy;
  policy.share = 0.5;
  policy.at_once = 4;
  return policy;
}

/// How many of so many may go.
int taken(RetryBudget& budget, int wanted, Instant now) {
  int went = 0;
  for (int each = 0; each < wanted; ++each) {
    went += budget.take(now) ? 1 : 0;
  }
  return went;
}

TEST(RetryBudget, EverythingFailsThenOneEachSecond) {
  RetryBudget budget(policy());
  EXPECT_EQ(taken(budget, 100, start), 5) << "those at once, and this second's";
  EXPECT_EQ(taken(budget, 100, start + Duration(999)), 0);
  EXPECT_EQ(taken(budget, 100, start + Duration(1'000)), 1);
  EXPECT_EQ(taken(budget, 100, start + Duration(5'000)), 1) << "what was not used is no burst";
}

TEST(RetryBudget, OthersGoWellThenTheirShare) {
  RetryBudget budget(policy());
  taken(budget, 100, start);
  for (int each = 0; each < 4; ++each) {
    budget.went_well();
  }
  EXPECT_EQ(taken(budget, 100, start), 2);
  for (int each = 0; each < 1'000; ++each) {
    budget.went_well();
  }
  EXPECT_TRUE(budget.is_full());
  EXPECT_EQ(taken(budget, 100, start), 4) << "no more than at once";
}

TEST(RetryBudget, WellAgainThenFasterAndFaster) {
  RetryBudget budget(policy());
  taken(budget, 100, start);
  int before = taken(budget, 100, start + Duration(1'000));
  for (int round = 0; round < 4; ++round) {
    for (int each = 0; each < before; ++each) {
      budget.repeated_well();
    }
    const int now = taken(budget, 100, start + Duration(1'000));
    EXPECT_GE(now, before) << round;
    before = now;
  }
  EXPECT_GE(before, 2);
}

}  // namespace
}  // namespace tuanyuan::core
