#pragma once

#include <cstdint>

#include "core/backoff.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

struct BreakerPolicy {
  std::uint32_t failures_max = 5;  ///< in a row, until it opens
  BackoffPolicy pause{Duration(5'000), Duration(300'000), Jitter::equal};
};

/// Keeps what does not work from being asked by everything that waits: after so many failures in a row it opens,
/// and when its pause is over lets one probe through. A probe that succeeds closes it, one that fails doubles the
/// pause.
class Breaker {
 public:
  explicit Breaker(const BreakerPolicy& policy) : policy_(policy) {}

  /// Whether one more may be sent now; while it probes, one at a time.
  bool admit(Instant now);
  /// Ends no pause: what was sent before it was asked for may well be answered later.
  void succeeded();
  /// Whether it was the probe. While it is open, what else fails was sent before it opened: that is the same
  /// incident (one connection with a hundred requests under way), and makes no pause longer. `random`: any 64
  /// random bits, for the jitter of the pause.
  void failed(Instant now, std::uint64_t random, bool was_probe);
  /// What was admitted was not sent after all; the next one may be the probe.
  void not_sent() { probing_ = false; }
  /// The other side asked for a pause; that is no failure of its own.
  void hold(Instant until);

  bool is_probing() const { return probing_; }
  bool is_closed() const { return failures_ < policy_.failures_max; }
  /// Nothing may be sent before then.
  Instant next_try() const { return until_; }

 private:
  BreakerPolicy policy_;
  std::uint32_t failures_ = 0;
  bool probing_ = false;
  Instant until_{};
};

}  // namespace tuanyuan::core
