#include "runtime/event.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <utility>

#include "runtime/with_timeout.hpp"

namespace tuanyuan::runtime {
namespace {
constexpr auto never = boost::asio::steady_timer::time_point::max();
}

// Both loops below end by an exception when their coroutine is cancelled: the second co_await throws
// operation_aborted. So a cancelled wait is never taken for something that has happened.

Event::Event(boost::asio::any_io_executor executor) : gate_(std::move(executor), never) {}

void Event::set() {
  set_ = true;
  gate_.cancel();
}

boost::asio::awaitable<void> Event::wait() {
  while (!set_) {
    co_await changed();
  }
}

Notifier::Notifier(boost::asio::any_io_executor executor) : gate_(std::move(executor), never) {}

void Notifier::notify() {
  pending_ = true;
  gate_.cancel();
}

boost::asio::awaitable<void> Notifier::wait() {
  while (!pending_) {
    co_await gate_.async_wait(boost::asio::as_tuple(boost::asio::deferred));
  }
  pending_ = false;
}

boost::asio::awaitable<bool> Notifier::wait_until(ports::Clock& clock, ports::Clock::Steady at) {
  co_return co_await with_timeout(clock, wait(), at);
}

}  // namespace tuanyuan::runtime
