#include "runtime/blocking_pool.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "runtime/loop.hpp"

namespace tuanyuan::test {
namespace {

using boost::asio::awaitable;
using runtime::BlockingPool;

struct Observed {
  std::optional<std::string> result;
  std::thread::id worked_on;
  std::thread::id resumed_on;
};

awaitable<void> work_once(BlockingPool& pool, Observed& observed) {
  auto work = [&observed] {
    observed.worked_on = std::this_thread::get_id();
    return std::string("done");
  };
  observed.result = co_await pool.run(std::move(work));
  observed.resumed_on = std::this_thread::get_id();
}

TEST(BlockingPool, WorkIsDoneElsewhereAndResumesOnTheLoop) {
  Loop loop;
  BlockingPool pool(2, 8);
  Observed observed;
  loop.start(work_once(pool, observed));
  loop.context.run();
  EXPECT_EQ(observed.result, "done");
  EXPECT_NE(observed.worked_on, std::this_thread::get_id());
  EXPECT_EQ(observed.resumed_on, std::this_thread::get_id());
}

TEST(BlockingPool, WithoutThreadsThenOnTheLoop) {
  Loop loop;
  BlockingPool pool(0, 8);
  Observed observed;
  loop.start(work_once(pool, observed));
  loop.clock.settle();
  EXPECT_EQ(observed.result, "done");
  EXPECT_EQ(observed.worked_on, std::this_thread::get_id());
}

awaitable<void> work_that_waits(BlockingPool& pool, std::promise<void>& began, std::shared_future<void> go,
                                int& done) {
  auto work = [&began, go] {
    began.set_value();
    go.wait();
    return 1;
  };
  const std::optional<int> result = co_await pool.run(std::move(work));
  done += result.value_or(0);
}

awaitable<void> quick_work(BlockingPool& pool, std::vector<std::optional<int>>& results) {
  auto work = [] { return 1; };
  results.push_back(co_await pool.run(std::move(work)));
}

TEST(BlockingPool, QueueFullThenNothingIsRun) {
  Loop loop;
  BlockingPool pool(1, 1);
  std::promise<void> began;
  std::promise<void> go;
  int done = 0;
  std::vector<std::optional<int>> results;
  loop.start(work_that_waits(pool, began, go.get_future().share(), done));
  loop.context.poll();
  began.get_future().wait();
  loop.start(quick_work(pool, results));  // takes the one place in the queue
  loop.start(quick_work(pool, results));
  loop.context.poll();
  EXPECT_EQ(results, (std::vector<std::optional<int>>{std::nullopt}));
  go.set_value();
  loop.context.restart();
  loop.context.run();
  EXPECT_EQ(results, (std::vector<std::optional<int>>{std::nullopt, 1}));
  EXPECT_EQ(done, 1);
}

awaitable<void> work_that_throws(BlockingPool& pool) {
  auto work = []() -> int { throw std::runtime_error("broken"); };
  co_await pool.run(std::move(work));
}

TEST(BlockingPool, WorkThrowsThenTheCallerGetsIt) {
  Loop loop;
  BlockingPool pool(1, 8);
  loop.start(work_that_throws(pool));
  EXPECT_THROW(loop.context.run(), std::runtime_error);
}

awaitable<void> many(BlockingPool& pool, int& sum) {
  for (int index = 0; index < 200; ++index) {
    auto work = [index] { return index; };
    sum += (co_await pool.run(std::move(work))).value_or(-100'000);
  }
}

TEST(BlockingPool, ManyCallersThenEveryOneGetsItsOwnResult) {
  Loop loop;
  BlockingPool pool(2, 64);
  int sum = 0;
  for (int index = 0; index < 8; ++index) {
    loop.start(many(pool, sum));
  }
  loop.context.run();
  EXPECT_EQ(sum, 8 * 199 * 200 / 2);
}

}  // namespace
}  // namespace tuanyuan::test
