#pragma once

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

#include "runtime/system_clock.hpp"

namespace tuanyuan::test {

/// A loop in real time, for tests over real sockets: it runs until something has happened, never for a while.
struct RealLoop {
  boost::asio::io_context context{1};
  runtime::SystemClock clock;

  /// Whether `done` came true before a test has to be given up.
  bool run_until(const std::function<bool()>& done) {
    context.restart();
    const auto given_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!done()) {
      if (context.run_one_until(given_up) == 0) {
        ADD_FAILURE() << "nothing happens any more";
        return false;
      }
    }
    return true;
  }

  template <class T>
  T run(boost::asio::awaitable<T> task) {
    std::optional<T> result;
    boost::asio::co_spawn(context, std::move(task), [&result](std::exception_ptr failure, T value) {
      if (failure) {
        std::rethrow_exception(failure);
      }
      result.emplace(std::move(value));
    });
    run_until([&result] { return result.has_value(); });
    return std::move(result.value());
  }
};

}  // namespace tuanyuan::test
