#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "ports/clock.hpp"

namespace tuanyuan::runtime {

namespace detail {

// co_spawn needs results that can be made out of nothing.
template <class T>
boost::asio::awaitable<std::optional<T>> as_optional(boost::asio::awaitable<T> operation) {
  co_return co_await std::move(operation);
}
inline boost::asio::awaitable<std::optional<bool>> as_optional(boost::asio::awaitable<void> operation) {
  co_await std::move(operation);
  co_return true;
}

inline bool is_cancellation(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    return error.code() == boost::asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

template <class T>
boost::asio::awaitable<std::optional<T>> race(ports::Clock& clock,
                                              boost::asio::awaitable<std::optional<T>> operation,
                                              ports::Clock::Steady deadline) {
  auto executor = co_await boost::asio::this_coro::executor;
  auto work = boost::asio::co_spawn(executor, std::move(operation), boost::asio::deferred);
  auto timer = boost::asio::co_spawn(executor, clock.sleep_until(deadline), boost::asio::deferred);
  auto both = boost::asio::experimental::make_parallel_group(std::move(work), std::move(timer));
  auto [order, failure, result, timer_failure] =
      co_await both.async_wait(boost::asio::experimental::wait_for_one(), boost::asio::use_awaitable);
  if (failure) {
    if (!is_cancellation(failure)) {
      std::rethrow_exception(failure);
    }
    co_return std::nullopt;
  }
  co_return std::move(result);
}

}  // namespace detail

/// The operation's result, or nothing when the deadline came first; the operation is then cancelled, and what
/// became of it is unknown. A result that came all the same while it was being cancelled is given. Returns
/// only when the operation has really ended, so it must heed cancellation. A deadline is never an exception;
/// what the operation itself throws is passed on.
template <class T>
boost::asio::awaitable<std::optional<T>> with_timeout(ports::Clock& clock, boost::asio::awaitable<T> operation,
                                                      ports::Clock::Steady deadline) {
  auto wrapped = detail::as_optional(std::move(operation));
  return detail::race<T>(clock, std::move(wrapped), deadline);
}

/// The same for an operation without a result: whether it was done in time.
inline boost::asio::awaitable<bool> with_timeout(ports::Clock& clock, boost::asio::awaitable<void> operation,
                                                 ports::Clock::Steady deadline) {
  auto wrapped = detail::as_optional(std::move(operation));
  const std::optional<bool> done = co_await detail::race<bool>(clock, std::move(wrapped), deadline);
  co_return done.has_value();
}

}  // namespace tuanyuan::runtime
