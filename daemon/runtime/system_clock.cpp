#include "runtime/system_clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tuanyuan::runtime {

core::Instant SystemClock::wall_now() {
  return std::chrono::floor<core::Duration>(std::chrono::system_clock::now());
}

ports::Clock::Steady SystemClock::steady_now() {
  return std::chrono::steady_clock::now();
}

boost::asio::awaitable<void> SystemClock::sleep_until(Steady at) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, at);
  co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

}  // namespace tuanyuan::runtime
