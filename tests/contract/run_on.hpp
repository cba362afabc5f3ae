#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

namespace tuanyuan::test {

/// Runs one coroutine on the loop to its end and gives what it returned.
template <class T>
T run_on(boost::asio::io_context& context, boost::asio::awaitable<T> task) {
  std::optional<T> result;
  boost::asio::co_spawn(context, std::move(task), [&result](std::exception_ptr failure, T value) {
    if (failure) {
      std::rethrow_exception(failure);
    }
    result.emplace(std::move(value));
  });
  context.restart();
  context.run();
  return std::move(result.value());
}

}  // namespace tuanyuan::test
