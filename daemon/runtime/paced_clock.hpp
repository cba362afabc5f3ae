#pragma once

#include <algorithm>

#include "ports/clock.hpp"

namespace tuanyuan::runtime {

/// Wall time that never goes back, for what waits by stored wall times (leases, retries): when the wall clock is
/// set back, it goes on from where it was, at the pace of the steady one. Set forward, it follows.
class PacedClock {
 public:
  explicit PacedClock(ports::Clock& clock) : clock_(clock), latest_(clock.wall_now()), at_(clock.steady_now()) {}

  core::Instant now() {
    const ports::Clock::Steady steady = clock_.steady_now();
    const core::Duration passed = std::chrono::duration_cast<core::Duration>(steady - at_);
    at_ += passed;  // what is less than a millisecond counts the next time
    latest_ = std::max(latest_ + passed, clock_.wall_now());
    return latest_;
  }

 private:
  ports::Clock& clock_;
  core::Instant latest_;
  ports::Clock::Steady at_;
};

}  // namespace tuanyuan::runtime
