#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

#include "ports/clock.hpp"

namespace tuanyuan::runtime {

/// Something that has happened, for any number of coroutines to wait for: once set, every wait ends at once
/// until it is reset. Loop thread.
class Event {
 public:
  explicit Event(boost::asio::any_io_executor executor);

  void set();
  void reset() { set_ = false; }
  bool is_set() const { return set_; }
  boost::asio::awaitable<void> wait();
  /// `while (!event.is_set()) { co_await event.changed(); }` is `co_await event.wait()` without a coroutine of its
  /// own, for where there is one for each of many messages.
  auto changed() { return gate_.async_wait(boost::asio::as_tuple(boost::asio::deferred)); }

 private:
  boost::asio::steady_timer gate_;
  bool set_ = false;
};

/// Wakes one loop: each notify makes the wait that is under way, or the next one, return once. Several before
/// the loop comes round count as one. Loop thread, one waiter.
class Notifier {
 public:
  explicit Notifier(boost::asio::any_io_executor executor);

  void notify();
  boost::asio::awaitable<void> wait();
  /// Ends at `at` too; tells whether it was notified.
  boost::asio::awaitable<bool> wait_until(ports::Clock& clock, ports::Clock::Steady at);

 private:
  boost::asio::steady_timer gate_;
  bool pending_ = false;
};

}  // namespace tuanyuan::runtime
