#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "core/time.hpp"

namespace tuanyuan::core {

/// How many sends a verdict on a gateway needs, and how many of the last ones count.
inline constexpr std::size_t dead_run_sends_min = 20;
inline constexpr std::size_t dead_run_sends_max = 200;
/// Fewer do where nothing arrived, or hardly anything: so many dead for each that was accepted.
inline constexpr std::size_t dead_run_few_min = 5;
inline constexpr std::size_t dead_run_few_dead_each = 4;
inline constexpr Duration dead_run_window = std::chrono::minutes(15);

/// Tells dead addresses from a gateway that is wrong: one that says "nobody is there" of more than half of what it
/// was sent lately (a token of another project, a wrong environment) is not to be believed, and one that has
/// accepted nothing has yet to show that it can. What it rejects for other reasons says nothing of either. Times
/// are of a steady clock.
class DeadRun {
 public:
  void accepted(Instant at) { note(false, at); }
  void dead(Instant at) { note(true, at); }
  /// Whether what it says of addresses is not to be believed now.
  bool doubtful(Instant now) const;
  /// Whether it has been accepting for so long at least, and is not doubtful: then an address that it calls dead
  /// is. `lately`: no longer than the window.
  bool believed(Instant now, Duration lately) const;

 private:
  struct Send {
    Instant at;
    bool dead = false;
  };
  void note(bool dead, Instant at);

  std::deque<Send> sends_;
};

}  // namespace tuanyuan::core
