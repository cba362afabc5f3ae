#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <utility>

namespace tuanyuan::runtime {

/// A number that only grows, and any number of coroutines that wait for it to pass theirs. Because each says
/// how far it has come, none can miss a rise. Loop thread.
class HighWater {
 public:
  explicit HighWater(boost::asio::any_io_executor executor)
      : gate_(std::move(executor), boost::asio::steady_timer::time_point::max()) {}

  std::uint64_t level() const { return level_; }

  void raise(std::uint64_t to) {
    if (to > level_) {
      level_ = to;
      gate_.cancel();
    }
  }

  /// Ends once the level is above `seen`; when cancelled, by an exception as Asio's own waits do.
  boost::asio::awaitable<void> wait_above(std::uint64_t seen) {
    while (level_ <= seen) {
      co_await gate_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
  }

 private:
  boost::asio::steady_timer gate_;
  std::uint64_t level_ = 0;
};

}  // namespace tuanyuan::runtime
