#include "core/dead_run.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

const Instant noon = from_epoch_ms(1'795'000'000'000);

TEST(DeadRun, MoreThanHalfOfManyOrNearlyAllOfAFewThenTheGatewayIsWrong) {
  struct {
    int dead;
    int alive;
    bool doubtful;
  } const rows[] = {
      {0, 0, false}, {4, 0, false},   {5, 0, true},   {8, 2, true},  {7, 2, false},    {19, 0, true},
      {20, 0, true}, {10, 10, false}, {11, 10, true}, {11, 9, true}, {30, 170, false}, {101, 99, true},
  };
  for (const auto& row : rows) {
    DeadRun run;
    for (int i = 0; i < row.dead; ++i) {
      run.dead(noon);
    }
    for (int i = 0; i < row.alive; ++i) {
      run.accepted(noon);
    }
    EXPECT_EQ(run.doubtful(noon), row.doubtful) << row.dead << " of " << row.dead + row.alive;
  }
}

TEST(DeadRun, LongAgoThenItCountsNoMore) {
  DeadRun run;
  for (int i = 0; i < 20; ++i) {
    run.dead(noon);
  }
  EXPECT_TRUE(run.doubtful(noon + dead_run_window));
  EXPECT_FALSE(run.doubtful(noon + dead_run_window + Duration(1)));
}

TEST(DeadRun, ManySendsThenTheLastOnesCount) {
  DeadRun run;
  for (std::size_t i = 0; i < dead_run_sends_max; ++i) {
    run.dead(noon);
  }
  for (std::size_t i = 0; i < dead_run_sends_max / 2; ++i) {
    run.accepted(noon);
  }
  EXPECT_FALSE(run.doubtful(noon));
}

TEST(DeadRun, IsBelievedOnceSomethingHasArrivedForAWhile) {
  constexpr Duration lately = std::chrono::seconds(30);
  DeadRun run;
  run.dead(noon);
  EXPECT_FALSE(run.believed(noon + dead_run_window, lately)) << "nothing has ever arrived";
  const Instant later = noon + std::chrono::minutes(5);
  run.accepted(later);
  EXPECT_FALSE(run.believed(later + lately - Duration(1), lately));
  EXPECT_TRUE(run.believed(later + lately, lately));
  EXPECT_TRUE(run.believed(later + dead_run_window, lately));
  EXPECT_FALSE(run.believed(later + dead_run_window + Duration(1), lately)) << "long ago";
}

TEST(DeadRun, MostAreDeadThenItIsNotBelievedThoughSomeHaveArrived) {
  DeadRun run;
  for (int i = 0; i < 20; ++i) {
    run.dead(noon);
  }
  run.accepted(noon);
  EXPECT_FALSE(run.believed(noon + std::chrono::minutes(1), std::chrono::seconds(30)));
}

}  // namespace
}  // namespace tuanyuan::core
