#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "core/time.hpp"

namespace tuanyuan::ports {

/// Time, as it is given to the engine. Wall time dates what is written and decides what has expired; steady
/// time paces retries and deadlines, because the wall clock may be stepped.
class Clock {
 public:
  using Steady = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

  virtual ~Clock() = default;

  virtual core::Instant wall_now() = 0;
  virtual Steady steady_now() = 0;
  /// Completes at `at`, or earlier when the calling coroutine is cancelled. Loop thread.
  virtual boost::asio::awaitable<void> sleep_until(Steady at) = 0;
};

}  // namespace tuanyuan::ports
