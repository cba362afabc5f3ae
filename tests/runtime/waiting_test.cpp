#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/bounded_queue.hpp"
#include "runtime/event.hpp"
#include "runtime/loop.hpp"
#include "runtime/turns.hpp"
#include "runtime/under_way.hpp"
#include "runtime/with_timeout.hpp"

namespace tuanyuan::test {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using runtime::with_timeout;
using Steady = ports::Clock::Steady;

awaitable<std::string> answer_after(runtime::VirtualClock& clock, Steady::duration delay, std::string answer) {
  co_await clock.sleep_until(clock.steady_now() + delay);
  // A cancelled sleep ends quietly; the next wait is what throws.
  co_await boost::asio::post(boost::asio::use_awaitable);
  co_return answer;
}

awaitable<std::string> fail_after(runtime::VirtualClock& clock, Steady::duration delay) {
  co_await clock.sleep_until(clock.steady_now() + delay);
  throw std::runtime_error("broken");
}

awaitable<void> ask(Loop& loop, awaitable<std::string> operation, std::optional<std::string>& answer,
                    Steady& ended) {
  answer = co_await with_timeout(loop.clock, std::move(operation), Steady{} + 10s);
  ended = loop.clock.steady_now();
}

struct Asked {
  std::optional<std::string> answer;
  Steady ended{};
};

Asked ask_with_deadline_of_ten_seconds(Steady::duration answering_takes) {
  Loop loop;
  Asked asked;
  loop.start(ask(loop, answer_after(loop.clock, answering_takes, "here"), asked.answer, asked.ended));
  loop.clock.run();
  return asked;
}

TEST(WithTimeout, AnswerInTimeThenTheAnswerAtOnce) {
  const Asked asked = ask_with_deadline_of_ten_seconds(9s);
  EXPECT_EQ(asked.answer, "here");
  EXPECT_EQ(asked.ended.time_since_epoch(), 9s);
}

TEST(WithTimeout, DeadlineFirstThenNothingAtTheDeadline) {
  const Asked asked = ask_with_deadline_of_ten_seconds(24h);
  EXPECT_EQ(asked.answer, std::nullopt);
  EXPECT_EQ(asked.ended.time_since_epoch(), 10s);
}

TEST(WithTimeout, BothAtTheSameTimeThenItEndsThen) {
  EXPECT_EQ(ask_with_deadline_of_ten_seconds(10s).ended.time_since_epoch(), 10s);
}

TEST(WithTimeout, OperationThrowsThenItIsPassedOn) {
  Loop loop;
  Asked asked;
  loop.start(ask(loop, fail_after(loop.clock, 1s), asked.answer, asked.ended));
  EXPECT_THROW(loop.clock.run(), std::runtime_error);
}

awaitable<void> ask_for_nothing(Loop& loop, Steady::duration takes, bool& in_time) {
  auto operation = loop.clock.sleep_until(loop.clock.steady_now() + takes);
  in_time = co_await with_timeout(loop.clock, std::move(operation), loop.clock.steady_now() + 10s);
}

TEST(WithTimeout, OperationWithoutResultThenTellsWhetherInTime) {
  Loop loop;
  bool in_time = false;
  loop.start(ask_for_nothing(loop, 1s, in_time));
  loop.clock.run();
  EXPECT_TRUE(in_time);
}

awaitable<void> wait_for(runtime::Event& event, int& woken) {
  co_await event.wait();
  ++woken;
}

TEST(Event, SetThenEveryWaiterGoesOnUntilItIsReset) {
  Loop loop;
  runtime::Event event(loop.context.get_executor());
  int woken = 0;
  loop.start(wait_for(event, woken));
  loop.start(wait_for(event, woken));
  loop.clock.settle();
  EXPECT_EQ(woken, 0);
  event.set();
  loop.start(wait_for(event, woken));
  loop.clock.settle();
  EXPECT_EQ(woken, 3);
  event.reset();
  loop.start(wait_for(event, woken));
  loop.clock.settle();
  EXPECT_EQ(woken, 3);
  event.set();
  loop.clock.settle();
  EXPECT_EQ(woken, 4);
}

awaitable<void> wait_for_none(runtime::UnderWay& counted, int& woken) {
  co_await counted.none();
  ++woken;
}

TEST(UnderWay, LastOneEndsThenEveryWaiterGoesOn) {
  Loop loop;
  runtime::UnderWay counted(loop.context.get_executor());
  int woken = 0;
  auto first = std::make_unique<runtime::UnderWay::One>(counted.begin());
  auto second = std::make_unique<runtime::UnderWay::One>(counted.begin());
  loop.start(wait_for_none(counted, woken));
  loop.start(wait_for_none(counted, woken));
  first.reset();
  loop.clock.settle();
  EXPECT_TRUE(counted.any());
  EXPECT_EQ(woken, 0);
  second.reset();
  EXPECT_FALSE(counted.any());
  loop.clock.settle();
  EXPECT_EQ(woken, 2);
  loop.start(wait_for_none(counted, woken));
  loop.clock.settle();
  EXPECT_EQ(woken, 3) << "nothing is";
}

TEST(UnderWay, MoreHasBegunByTheTimeAWaiterIsWokenThenItDoesNotWaitForThat) {
  Loop loop;
  runtime::UnderWay counted(loop.context.get_executor());
  int woken = 0;
  auto first = std::make_unique<runtime::UnderWay::One>(counted.begin());
  loop.start(wait_for_none(counted, woken));
  loop.clock.settle();
  first.reset();
  const runtime::UnderWay::One second = counted.begin();
  loop.clock.settle();
  EXPECT_EQ(woken, 1);
}

TEST(UnderWay, MovedThenItIsCountedOnceAndItMayOutliveTheCounter) {
  Loop loop;
  std::unique_ptr<runtime::UnderWay::One> left;
  {
    runtime::UnderWay counted(loop.context.get_executor());
    runtime::UnderWay::One one = counted.begin();
    left = std::make_unique<runtime::UnderWay::One>(std::move(one));
    EXPECT_TRUE(counted.any());
  }
  left.reset();
}

awaitable<void> count_notifications(runtime::Notifier& notifier, int& rounds) {
  while (rounds < 100) {
    co_await notifier.wait();
    ++rounds;
  }
}

TEST(Notifier, NotifiedSeveralTimesBeforeTheLoopComesRoundThenOneRound) {
  Loop loop;
  runtime::Notifier notifier(loop.context.get_executor());
  int rounds = 0;
  notifier.notify();
  loop.start(count_notifications(notifier, rounds));
  loop.clock.settle();
  EXPECT_EQ(rounds, 1) << "a notification before the wait is kept";
  notifier.notify();
  notifier.notify();
  loop.clock.settle();
  EXPECT_EQ(rounds, 2);
  loop.clock.settle();
  EXPECT_EQ(rounds, 2);
}

awaitable<void> wait_notified(Loop& loop, runtime::Notifier& notifier, std::vector<bool>& results) {
  for (int round = 0; round < 2; ++round) {
    results.push_back(co_await notifier.wait_until(loop.clock, loop.clock.steady_now() + 30s));
  }
}

TEST(Notifier, WaitUntilTellsNotificationFromDeadline) {
  Loop loop;
  runtime::Notifier notifier(loop.context.get_executor());
  std::vector<bool> results;
  loop.start(wait_notified(loop, notifier, results));
  loop.clock.run_for(20s);
  notifier.notify();
  loop.clock.run();
  EXPECT_EQ(results, (std::vector<bool>{true, false}));
  EXPECT_EQ(loop.clock.steady_now().time_since_epoch(), 50s);
}

TEST(Notifier, WaiterIsCancelledThenTheNotificationIsKeptForTheNext) {
  Loop loop;
  runtime::Notifier notifier(loop.context.get_executor());
  boost::asio::cancellation_signal signal;
  bool threw = false;
  boost::asio::co_spawn(loop.context, notifier.wait(),
                        boost::asio::bind_cancellation_slot(
                            signal.slot(), [&threw](std::exception_ptr failure) { threw = failure != nullptr; }));
  loop.clock.settle();
  signal.emit(boost::asio::cancellation_type::terminal);
  loop.clock.settle();
  EXPECT_TRUE(threw);
  int rounds = 0;
  notifier.notify();
  loop.start(count_notifications(notifier, rounds));
  loop.clock.settle();
  EXPECT_EQ(rounds, 1);
}

using Queue = runtime::BoundedQueue<int>;

awaitable<void> drain(Queue& queue, std::vector<std::vector<int>>& batches) {
  while (true) {
    std::vector<int> batch = co_await queue.pop(2);
    batches.push_back(batch);
    if (batch.empty()) {
      co_return;
    }
  }
}

TEST(BoundedQueue, FullThenRefuses) {
  Loop loop;
  Queue queue(loop.context.get_executor(), 3);
  EXPECT_TRUE(queue.push(1));
  EXPECT_TRUE(queue.push(2));
  EXPECT_TRUE(queue.push(3));
  EXPECT_TRUE(queue.full());
  EXPECT_FALSE(queue.push(4));
  EXPECT_EQ(queue.size(), 3U);
}

TEST(BoundedQueue, ConsumerTakesBatchesInOrderUntilClosedAndEmpty) {
  Loop loop;
  Queue queue(loop.context.get_executor(), 8);
  std::vector<std::vector<int>> batches;
  loop.start(drain(queue, batches));
  loop.clock.settle();
  EXPECT_TRUE(batches.empty());
  for (int value = 1; value <= 3; ++value) {
    EXPECT_TRUE(queue.push(value));
  }
  loop.clock.settle();
  EXPECT_TRUE(queue.push(4));
  queue.close();
  EXPECT_FALSE(queue.push(5));
  loop.clock.settle();
  EXPECT_EQ(batches, (std::vector<std::vector<int>>{{1, 2}, {3}, {4}, {}}));
}

awaitable<void> pop_once(Loop& loop, Queue& queue, std::vector<std::vector<int>>& batches) {
  std::vector<int> batch = co_await queue.pop_until(8, loop.clock, loop.clock.steady_now() + 5s);
  batches.push_back(batch);
}

TEST(BoundedQueue, NothingUntilTheDeadlineThenAnEmptyBatch) {
  Loop loop;
  Queue queue(loop.context.get_executor(), 8);
  std::vector<std::vector<int>> batches;
  loop.start(pop_once(loop, queue, batches));
  loop.clock.run();
  EXPECT_EQ(batches, (std::vector<std::vector<int>>{{}}));
  EXPECT_EQ(loop.clock.steady_now().time_since_epoch(), 5s);
}

awaitable<void> work(Loop& loop, runtime::Turns& turns, std::string name, std::vector<std::string>& log) {
  const runtime::Turns::Turn turn = co_await turns.take(name);
  log.push_back("+" + name);
  co_await loop.clock.sleep_until(loop.clock.steady_now() + 1s);
  log.push_back("-" + name);
}

TEST(Turns, SameNameThenOneAfterTheOtherAndOtherNamesBeside) {
  Loop loop;
  runtime::Turns turns;
  std::vector<std::string> log;
  for (const char* name : {"a", "a", "a", "b"}) {
    loop.start(work(loop, turns, name, log));
  }
  loop.clock.run();
  EXPECT_EQ(log, (std::vector<std::string>{"+a", "+b", "-a", "+a", "-b", "-a", "+a", "-a"}));
}

awaitable<void> fail(runtime::Turns& turns) {
  try {
    const runtime::Turns::Turn turn = co_await turns.take("a");
    throw std::runtime_error("broken");
  } catch (const std::runtime_error&) {
    // The turn has ended on the way here.
  }
}

TEST(Turns, EndedByAnExceptionThenTheNextHasItsTurn) {
  Loop loop;
  runtime::Turns turns;
  std::vector<std::string> log;
  loop.start(fail(turns));
  loop.start(work(loop, turns, "a", log));
  loop.clock.run();
  EXPECT_EQ(log, (std::vector<std::string>{"+a", "-a"}));
}

TEST(Turns, GoneBeforeATurnEndsThenNothingIsTouched) {
  Loop loop;
  std::vector<std::string> log;
  auto turns = std::make_unique<runtime::Turns>();
  loop.start(work(loop, *turns, "a", log));
  loop.start([](runtime::VirtualClock& clock, std::unique_ptr<runtime::Turns>& gone) -> awaitable<void> {
    co_await clock.sleep_until(clock.steady_now() + 500ms);
    gone.reset();
  }(loop.clock, turns));
  loop.clock.run();
  EXPECT_EQ(log, (std::vector<std::string>{"+a", "-a"}));
}

}  // namespace
}  // namespace tuanyuan::test
