#include "runtime/task_group.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "runtime/event.hpp"
#include "runtime/loop.hpp"

namespace tuanyuan::test {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;

awaitable<void> tick_forever(runtime::VirtualClock& clock, int& ticks) {
  while (true) {
    co_await clock.sleep_until(clock.steady_now() + 1s);
    ++ticks;
  }
}

awaitable<void> end_after(runtime::VirtualClock& clock, std::chrono::seconds delay, int& ended) {
  co_await clock.sleep_until(clock.steady_now() + delay);
  ++ended;
}

awaitable<void> throw_now() {
  throw std::runtime_error("broken");
  co_return;
}

awaitable<void> join(runtime::TaskGroup& group, bool& joined) {
  co_await group.join();
  joined = true;
}

TEST(TaskGroup, JoinEndsWhenTheLastTaskHasEnded) {
  Loop loop;
  runtime::TaskGroup group(loop.context.get_executor());
  int ended = 0;
  bool joined = false;
  EXPECT_TRUE(group.spawn(end_after(loop.clock, 1s, ended)));
  EXPECT_TRUE(group.spawn(end_after(loop.clock, 5s, ended)));
  loop.start(join(group, joined));
  loop.clock.run_for(4s);
  EXPECT_EQ(ended, 1);
  EXPECT_EQ(group.size(), 1U);
  EXPECT_FALSE(joined);
  loop.clock.run_for(1s);
  EXPECT_EQ(ended, 2);
  EXPECT_TRUE(joined);
}

TEST(TaskGroup, CancelledThenEveryTaskEndsAndNoNewOneStarts) {
  Loop loop;
  runtime::TaskGroup group(loop.context.get_executor());
  int ticks = 0;
  bool joined = false;
  for (int index = 0; index < 10; ++index) {
    EXPECT_TRUE(group.spawn(tick_forever(loop.clock, ticks)));
  }
  loop.clock.run_for(3s);
  EXPECT_EQ(ticks, 30);
  group.cancel_all();
  loop.start(join(group, joined));
  loop.clock.settle();
  EXPECT_TRUE(joined);
  EXPECT_FALSE(group.spawn(tick_forever(loop.clock, ticks)));
  EXPECT_EQ(loop.clock.sleepers(), 0U);
}

TEST(TaskGroup, CancelledBeforeATaskBeganThenItEndsToo) {
  Loop loop;
  runtime::TaskGroup group(loop.context.get_executor());
  int ticks = 0;
  EXPECT_TRUE(group.spawn(tick_forever(loop.clock, ticks)));
  group.cancel_all();
  loop.clock.settle();
  EXPECT_EQ(group.size(), 0U);
}

TEST(TaskGroup, FullThenRefuses) {
  Loop loop;
  runtime::TaskGroup group(loop.context.get_executor(), 1);
  int ended = 0;
  EXPECT_TRUE(group.spawn(end_after(loop.clock, 1s, ended)));
  EXPECT_FALSE(group.spawn(end_after(loop.clock, 1s, ended)));
  loop.clock.run();
  EXPECT_EQ(ended, 1);
  EXPECT_TRUE(group.spawn(end_after(loop.clock, 1s, ended)));
  loop.clock.run();
}

TEST(TaskGroup, TaskThrowsThenTheOwnerIsToldAndTheRestGoesOn) {
  Loop loop;
  int failures = 0;
  int ended = 0;
  runtime::TaskGroup group(loop.context.get_executor(), 8, [&](std::exception_ptr) { ++failures; });
  EXPECT_TRUE(group.spawn(throw_now()));
  EXPECT_TRUE(group.spawn(end_after(loop.clock, 1s, ended)));
  loop.clock.run();
  EXPECT_EQ(failures, 1);
  EXPECT_EQ(ended, 1);
}

TEST(TaskGroup, TaskThrowsAndNobodyAskedThenItLeavesTheLoop) {
  Loop loop;
  runtime::TaskGroup group(loop.context.get_executor());
  EXPECT_TRUE(group.spawn(throw_now()));
  EXPECT_THROW(loop.clock.settle(), std::runtime_error);
}

}  // namespace
}  // namespace tuanyuan::test
