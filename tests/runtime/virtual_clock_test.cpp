#include "runtime/virtual_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "runtime/entropy.hpp"
#include "runtime/loop.hpp"

namespace tuanyuan::test {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using Trace = std::vector<std::pair<std::chrono::seconds, std::string>>;

awaitable<void> sleeper(runtime::VirtualClock& clock, std::chrono::seconds at, std::string name, Trace& trace) {
  co_await clock.sleep_until(runtime::VirtualClock::Steady{} + at);
  trace.emplace_back(std::chrono::floor<std::chrono::seconds>(clock.steady_now().time_since_epoch()), name);
}

TEST(VirtualClock, SleepersWakeInOrderOfTimeThenOfGoingToSleep) {
  Loop loop;
  Trace trace;
  loop.start(sleeper(loop.clock, 3600s, "late", trace));
  loop.start(sleeper(loop.clock, 60s, "first of two", trace));
  loop.start(sleeper(loop.clock, 60s, "second of two", trace));
  loop.start(sleeper(loop.clock, 0s, "now", trace));
  loop.clock.run();
  EXPECT_EQ(trace, (Trace{{0s, "now"}, {60s, "first of two"}, {60s, "second of two"}, {3600s, "late"}}));
  EXPECT_EQ(loop.clock.sleepers(), 0U);
}

TEST(VirtualClock, RunForStopsAtExactlyItsEnd) {
  Loop loop;
  Trace trace;
  loop.start(sleeper(loop.clock, 10s, "inside", trace));
  loop.start(sleeper(loop.clock, 11s, "outside", trace));
  loop.clock.run_for(10s);
  EXPECT_EQ(trace, (Trace{{10s, "inside"}}));
  EXPECT_EQ(loop.clock.steady_now().time_since_epoch(), 10s);
  EXPECT_EQ(loop.clock.sleepers(), 1U);
  loop.clock.run_for(500ms);
  EXPECT_EQ(loop.clock.steady_now().time_since_epoch(), 10500ms);
}

TEST(VirtualClock, RunUntilStopsWhenDoneOrAfterTheLongest) {
  Loop loop;
  Trace trace;
  loop.start(sleeper(loop.clock, 5s, "a", trace));
  loop.start(sleeper(loop.clock, 9s, "b", trace));
  EXPECT_TRUE(loop.clock.run_until([&] { return trace.size() == 1; }, 1h));
  EXPECT_EQ(loop.clock.steady_now().time_since_epoch(), 5s);
  EXPECT_FALSE(loop.clock.run_until([&] { return trace.size() == 3; }, 1h));
  EXPECT_EQ(loop.clock.steady_now().time_since_epoch(), 1h + 5s);
}

TEST(VirtualClock, WallClockStepsWithoutTheSteadyOneNoticing) {
  Loop loop;
  const auto start = loop.clock.wall_now();
  loop.clock.run_for(1500ms);
  EXPECT_EQ(loop.clock.wall_now() - start, 1500ms);
  loop.clock.step_wall(-1h);
  EXPECT_EQ(loop.clock.wall_now() - start, 1500ms - 1h);
  EXPECT_EQ(loop.clock.steady_now().time_since_epoch(), 1500ms);
}

awaitable<void> wanderer(runtime::VirtualClock& clock, runtime::SeededEntropy& entropy, std::string name,
                         Trace& trace) {
  for (int step = 0; step < 5; ++step) {
    co_await clock.sleep_until(clock.steady_now() + std::chrono::seconds(entropy.next() % 3600));
    trace.emplace_back(std::chrono::floor<std::chrono::seconds>(clock.steady_now().time_since_epoch()), name);
  }
}

Trace wander(std::uint64_t seed) {
  Loop loop;
  Trace trace;
  runtime::SeededEntropy entropy(seed);
  for (int index = 0; index < 200; ++index) {
    loop.start(wanderer(loop.clock, entropy, std::to_string(index), trace));
  }
  loop.clock.run();
  return trace;
}

TEST(VirtualClock, SameSeedThenSameTrace) {
  EXPECT_EQ(wander(7).size(), 1000U);
  EXPECT_EQ(wander(7), wander(7));
  EXPECT_NE(wander(7), wander(8));
}

}  // namespace
}  // namespace tuanyuan::test
