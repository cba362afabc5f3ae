#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "core/time.hpp"

namespace tuanyuan::core {

/// How many sends a verdict on a gateway needs, and how many of the last ones count.
inline constexpr std::size_t dead_run_sends_min = 20;
inline constexpr std::size_t dead_run_sends_max = 200;
inline constexpr Duration dead_run_window = std::chrono::minutes(15);

/// Tells dead addresses from a gateway that is wrong: one that says "nobody is there" of more than half of what it
/// was sent lately (a token of another project, a wrong environment) is not to be believed. Times are of a steady
/// clock.
class DeadRun {
 public:
  void note(bool dead, Instant at);
  /// Whether what it says of addresses is not to be believed now.
  bool doubtful(Instant now) const;

 private:
  struct Send {
    Instant at;
    bool dead = false;
  };
  std::deque<Send> sends_;
};

}  // namespace tuanyuan::core
