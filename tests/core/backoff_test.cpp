#include "core/backoff.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>

namespace tuanyuan::core {
namespace {

using namespace std::chrono_literals;

constexpr BackoffPolicy full{1s, 60s, Jitter::full};
constexpr BackoffPolicy equal{1s, 60s, Jitter::equal};

TEST(Backoff, AttemptsThenDoublesToTheLongest) {
  struct Row {
    std::uint32_t attempts;
    Duration wait;
  };
  const Row rows[] = {{0, 1s}, {1, 1s}, {2, 2s}, {3, 4s}, {6, 32s}, {7, 60s}, {8, 60s}, {4'000'000'000U, 60s}};
  std::mt19937_64 random(7);
  for (const Row& row : rows) {
    Duration shortest = Duration::max();
    Duration longest{0};
    for (int draw = 0; draw < 2'000; ++draw) {
      const std::uint64_t bits = random();
      const Duration spread = backoff_delay(full, row.attempts, bits);
      ASSERT_GE(spread, 0ms);
      ASSERT_LE(spread, row.wait);
      const Duration kept = backoff_delay(equal, row.attempts, bits);
      ASSERT_GE(kept, row.wait / 2);
      ASSERT_LE(kept, row.wait);
      shortest = std::min(shortest, spread);
      longest = std::max(longest, spread);
    }
    EXPECT_LT(shortest, row.wait / 20) << row.attempts;
    EXPECT_GT(longest, row.wait - row.wait / 20) << row.attempts;
  }
}

TEST(Backoff, ExtremePoliciesThenInBounds) {
  constexpr auto all_ones = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(backoff_delay({0s, 60s, Jitter::equal}, 1'000'000, all_ones), 0s);
  EXPECT_LE(backoff_delay({10s, 3s, Jitter::equal}, 1, all_ones), 3s);
  const BackoffPolicy endless{1s, Duration::max(), Jitter::equal};
  EXPECT_GE(backoff_delay(endless, 1'000, all_ones), 1s);
}

TEST(AnswerRepeat, FirstAndLastThenAsTheContractHasIt) {
  EXPECT_EQ(answer_repeat_backoff.first, 5s);
  EXPECT_EQ(answer_repeat_backoff.longest, 5min);
}

}  // namespace
}  // namespace tuanyuan::core
