#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <utility>

namespace tuanyuan::runtime {

/// One value that is made elsewhere, perhaps on another thread, and awaited on the loop. The waiting coroutine
/// may be cancelled at any time (the wait then throws operation_aborted, as Asio's own operations do); the
/// value is then dropped. The io_context must outlive whoever completes it.
template <class T>
class Reply {
 public:
  explicit Reply(boost::asio::any_io_executor executor)
      : gate_(std::move(executor), boost::asio::steady_timer::time_point::max()) {}

  /// Loop thread. Once.
  void complete(T value) {
    value_.emplace(std::move(value));
    gate_.cancel();
  }

  /// Any thread. Once.
  static void post(std::shared_ptr<Reply> reply, T value) {
    auto executor = reply->gate_.get_executor();
    boost::asio::post(executor, [kept = std::move(reply), made = std::move(value)]() mutable {
      kept->complete(std::move(made));
    });
  }

  /// Loop thread. One waiter.
  static boost::asio::awaitable<T> wait(std::shared_ptr<Reply> reply) {
    while (!reply->value_) {
      co_await reply->gate_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    co_return std::move(*reply->value_);
  }

 private:
  boost::asio::steady_timer gate_;
  std::optional<T> value_;
};

}  // namespace tuanyuan::runtime
