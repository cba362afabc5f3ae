#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <optional>

namespace tuanyuan::simulation {

/// The loop of one life of the daemon. A crash ends it by dropping every coroutine where it stands.
class Loop : public boost::asio::io_context {
 public:
  Loop() : boost::asio::io_context(1) {}

  /// Runs what is ready, and what that makes ready, until nothing is left or the daemon has crashed.
  void settle() {
    // poll() may leave work that its last handler made on another pass of the reactor; it is idle only after a
    // pass that ran nothing.
    while (!crashed_ && step() != 0) {
      if (!crashed_) {
        restart();
      }
    }
    if (!crashed_) {
      restart();
    }
  }

  /// From within: nothing that comes after the handler that runs now will ever run.
  void crash() {
    crashed_ = true;
    stop();
  }
  bool crashed() const { return crashed_; }
  /// Between two steps of whatever it does next.
  void crash_after(std::size_t steps) { steps_left_ = steps; }

  /// Destroys the coroutines while what they refer to is still there.
  void drop() { shutdown(); }

 private:
  std::size_t step() {
    if (!steps_left_) {
      return poll();
    }
    if (*steps_left_ == 0) {
      crash();
      return 0;
    }
    --*steps_left_;
    return poll_one();
  }

  std::optional<std::size_t> steps_left_;
  bool crashed_ = false;
};

}  // namespace tuanyuan::simulation
