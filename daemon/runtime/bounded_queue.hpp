#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <deque>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "ports/clock.hpp"
#include "runtime/event.hpp"

namespace tuanyuan::runtime {

/// Hands values from many producers to one consumer, at most `size_max` waiting. A full queue refuses: what
/// that means (back-pressure, 503) is the producer's affair, and nothing is ever dropped in silence. Loop
/// thread.
template <class T>
class BoundedQueue {
 public:
  BoundedQueue(boost::asio::any_io_executor executor, std::size_t size_max)
      : size_max_(size_max), changed_(std::move(executor)) {}

  bool push(T value) {
    if (closed_ || values_.size() >= size_max_) {
      return false;
    }
    values_.push_back(std::move(value));
    changed_.notify();
    return true;
  }

  /// Up to `most` values, at least one; none only when the queue is closed and empty.
  boost::asio::awaitable<std::vector<T>> pop(std::size_t most) {
    while (values_.empty() && !closed_) {
      co_await changed_.wait();
    }
    co_return take(most);
  }

  /// The same, but ends at `at` too, then with none.
  boost::asio::awaitable<std::vector<T>> pop_until(std::size_t most, ports::Clock& clock,
                                                   ports::Clock::Steady at) {
    while (values_.empty() && !closed_) {
      const bool in_time = co_await changed_.wait_until(clock, at);
      if (!in_time) {
        break;
      }
    }
    co_return take(most);
  }

  /// Refuses from now on; what is in it can still be taken.
  void close() {
    closed_ = true;
    changed_.notify();
  }

  std::size_t size() const { return values_.size(); }
  bool full() const { return values_.size() >= size_max_; }
  bool closed() const { return closed_; }

 private:
  std::vector<T> take(std::size_t most) {
    const auto count = static_cast<std::ptrdiff_t>(most < values_.size() ? most : values_.size());
    const auto end = std::next(values_.begin(), count);
    std::vector<T> taken(std::make_move_iterator(values_.begin()), std::make_move_iterator(end));
    values_.erase(values_.begin(), end);
    return taken;
  }

  std::size_t size_max_;
  Notifier changed_;
  std::deque<T> values_;
  bool closed_ = false;
};

}  // namespace tuanyuan::runtime
