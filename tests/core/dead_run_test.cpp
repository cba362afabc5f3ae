#include "core/dead_run.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

const Instant noon = from_epoch_ms(1'795'000'000'000);

TEST(DeadRun, MoreThanHalfOfAtLeastTwentyThenTheGatewayIsWrong) {
  struct {
    int dead;
    int alive;
    bool doubtful;
  } const rows[] = {
      {0, 0, false},  {19, 0, false}, {20, 0, true},    {10, 10, false},
      {11, 10, true}, {11, 9, true},  {30, 170, false}, {101, 99, true},
  };
  for (const auto& row : rows) {
    DeadRun run;
    for (int i = 0; i < row.dead; ++i) {
      run.note(true, noon);
    }
    for (int i = 0; i < row.alive; ++i) {
      run.note(false, noon);
    }
    EXPECT_EQ(run.doubtful(noon), row.doubtful) << row.dead << " of " << row.dead + row.alive;
  }
}

TEST(DeadRun, LongAgoThenItCountsNoMore) {
  DeadRun run;
  for (int i = 0; i < 20; ++i) {
    run.note(true, noon);
  }
  EXPECT_TRUE(run.doubtful(noon + dead_run_window));
  EXPECT_FALSE(run.doubtful(noon + dead_run_window + Duration(1)));
}

TEST(DeadRun, ManySendsThenTheLastOnesCount) {
  DeadRun run;
  for (std::size_t i = 0; i < dead_run_sends_max; ++i) {
    run.note(true, noon);
  }
  for (std::size_t i = 0; i < dead_run_sends_max / 2; ++i) {
    run.note(false, noon);
  }
  EXPECT_FALSE(run.doubtful(noon));
}

}  // namespace
}  // namespace tuanyuan::core
