#include "core/breaker.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

using std::chrono::seconds;

constexpr std::uint64_t longest = ~std::uint64_t{0};  ///< jitter at its most
const Instant start{Duration(1'000'000)};

BreakerPolicy policy() {
  BreakerPolicy policy;
  policy.failures_max = 3;
  policy.pause = BackoffPolicy{Duration(10'000), Duration(40'000), Jitter::equal};
  return policy;
}

TEST(Breaker, OpensAfterSoManyFailuresInARow) {
  Breaker breaker(policy());
  for (int failure = 0; failure < 2; ++failure) {
    EXPECT_TRUE(breaker.admit(start));
    breaker.failed(start, longest, false);
  }
  breaker.succeeded();  // not in a row
  for (int failure = 0; failure < 3; ++failure) {
    EXPECT_TRUE(breaker.admit(start)) << failure;
    breaker.failed(start, longest, false);
  }
  EXPECT_FALSE(breaker.is_closed());
  EXPECT_FALSE(breaker.admit(start));
  EXPECT_FALSE(breaker.admit(breaker.next_try() - Duration(1)));
}

TEST(Breaker, ProbesOneAtATimeAndPausesLongerEachTime) {
  Breaker breaker(policy());
  for (int failure = 0; failure < 3; ++failure) {
    breaker.failed(start, longest, false);
  }
  Duration last(0);
  Instant now = start;
  for (const std::int64_t at_most_s : {10, 20, 40, 40}) {
    const Duration pause = breaker.next_try() - now;
    EXPECT_LE(pause, seconds(at_most_s));
    EXPECT_GE(pause, seconds(at_most_s) / 2);
    EXPECT_GE(pause, last);
    last = pause;
    now = breaker.next_try();
    EXPECT_TRUE(breaker.admit(now));
    EXPECT_FALSE(breaker.admit(now)) << "one probe at a time";
    breaker.failed(now, longest, true);
  }
}

TEST(Breaker, WhatWasUnderWayWhenItOpenedThenFailsWithoutAnotherPause) {
  Breaker breaker(policy());
  for (int failure = 0; failure < 100; ++failure) {
    breaker.failed(start, longest, false);
  }
  EXPECT_LE(breaker.next_try() - start, seconds(10));
  const Instant now = breaker.next_try();
  EXPECT_TRUE(breaker.admit(now));
  breaker.failed(now, longest, false);
  EXPECT_FALSE(breaker.admit(now)) << "the probe is still under way";
  breaker.failed(now, longest, true);
  EXPECT_GT(breaker.next_try() - now, seconds(5));
}

TEST(Breaker, ProbeThatSucceedsClosesIt) {
  Breaker breaker(policy());
  for (int failure = 0; failure < 3; ++failure) {
    breaker.failed(start, longest, false);
  }
  const Instant now = breaker.next_try();
  EXPECT_TRUE(breaker.admit(now));
  breaker.succeeded();
  EXPECT_TRUE(breaker.is_closed());
  EXPECT_TRUE(breaker.admit(now));
  EXPECT_TRUE(breaker.admit(now));
}

TEST(Breaker, HeldByTheOtherSideThenQuietUntilThenThoughNothingFailed) {
  Breaker breaker(policy());
  breaker.hold(start + seconds(30));
  breaker.hold(start + seconds(5));
  EXPECT_TRUE(breaker.is_closed());
  EXPECT_FALSE(breaker.admit(start + seconds(29)));
  EXPECT_TRUE(breaker.admit(start + seconds(30)));
}

TEST(Breaker, ProbeThatIsNotSentThenTheNextOneMayBe) {
  Breaker breaker(policy());
  for (int failure = 0; failure < 3; ++failure) {
    breaker.failed(start, longest, false);
  }
  const Instant now = breaker.next_try();
  EXPECT_TRUE(breaker.admit(now));
  breaker.not_sent();
  EXPECT_FALSE(breaker.is_closed());
  EXPECT_TRUE(breaker.admit(now));
}

TEST(Breaker, SuccessDoesNotEndThePauseThatWasAskedFor) {
  Breaker breaker(policy());
  breaker.hold(start + seconds(30));
  breaker.succeeded();
  EXPECT_FALSE(breaker.admit(start + seconds(29)));
  EXPECT_TRUE(breaker.admit(start + seconds(30)));
}

}  // namespace
}  // namespace tuanyuan::core
