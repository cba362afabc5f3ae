#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "adapters/mqtt/broker.hpp"
#include "adapters/mqtt/fakes.hpp"
#include "runtime/entropy.hpp"
#include "runtime/system_clock.hpp"

namespace tuanyuan::mqtt::test {

/// The adapter as the daemon runs it, in real time, with a desk and a truth of the test's.
class BrokerFixture : public testing::Test {
 protected:
  /// Longer than anything here should take on the slowest machine; reached only where a test fails.
  static constexpr std::chrono::seconds patience{60};

  BrokerFixture();
  void TearDown() override;

  void start(const Settings& settings);
  void stop();
  /// Runs the loop until it is so.
  ::testing::AssertionResult eventually(const std::function<bool()>& is_so);

  /// What the coroutine answers, with the loop running meanwhile.
  template <class T>
  std::optional<T> await(boost::asio::awaitable<T> operation) {
    const auto answer = std::make_shared<std::optional<T>>();
    boost::asio::co_spawn(context, keep<T>(std::move(operation), answer), boost::asio::detached);
    EXPECT_TRUE(eventually([answer] { return answer->has_value(); }));
    return *answer;
  }
  std::shared_ptr<std::optional<core::DeliveryOutcome>> begin_send(ports::Dispatch dispatch);
  core::DeliveryOutcome send(ports::Dispatch dispatch);
  core::Instant in(core::Duration time) { return clock.wall_now() + time; }

  boost::asio::io_context context{1};
  runtime::SystemClock clock;
  runtime::SeededEntropy entropy{7};
  SilentLog log;
  CountingMetrics metrics;
  FakeDesk desk{context.get_executor()};
  FakeTruth truth;
  std::unique_ptr<Broker> broker;

 private:
  template <class T>
  static boost::asio::awaitable<void> keep(boost::asio::awaitable<T> operation,
                                           std::shared_ptr<std::optional<T>> answer) {
    answer->emplace(co_await std::move(operation));
  }
  boost::asio::awaitable<void> send_and_keep(ports::Dispatch dispatch,
                                             std::shared_ptr<std::optional<core::DeliveryOutcome>> outcome);
  boost::asio::awaitable<bool> stop_broker();

  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context.get_executor()};
};

}  // namespace tuanyuan::mqtt::test
