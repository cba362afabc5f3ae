#pragma once

#include <cstdint>

#include "core/time.hpp"

namespace tuanyuan::core {

struct RetryPolicy {
  double share = 0.2;        ///< of what goes well, so much may be repetitions that fail
  double at_once = 32;       ///< that have been earned, and may be used at any time
  Duration one_each{1'000};  ///< however little goes well
};

/// How many repetitions a gateway is asked for (promise 6): where it fails at everything, everything waits for its
/// repetition, and without a limit those would be all that it is asked. What goes well earns a share of one; one
/// that goes well gives back what it took and earns as much, so that whatever waited goes out faster and faster
/// once the gateway is well again. Times are of a steady clock.
class RetryBudget {
 public:
  explicit RetryBudget(const RetryPolicy& policy) : policy_(policy), earned_(policy.at_once) {}

  /// Whether one may be repeated now.
  bool take(Instant now);
  void went_well() { earn(policy_.share); }
  void repeated_well() { earn(1 + policy_.share); }
  bool is_full() const { return earned_ >= policy_.at_once; }

 private:
  void earn(double share);

  RetryPolicy policy_;
  double earned_;
  Instant last_free_ = Instant::min();
};

}  // namespace tuanyuan::core
