#pragma once

#include "core/time.hpp"
#include "ports/clock.hpp"

namespace tuanyuan::engine {

/// Longer than any tick takes: the process itself stood still, with its machine or by a signal.
inline constexpr core::Duration stood_still_after = std::chrono::minutes(2);

/// Since when the process runs without a break: from its start, or from when it went on after it had stood still.
/// What was answered in between is on its way, and comes in first. Loop thread.
class Running {
 public:
  void begin(ports::Clock::Steady now) { since_ = noted_ = now; }
  /// To be called again and again, and before anything is done about silence. True: it has stood still since the
  /// last time.
  bool note(ports::Clock::Steady now);
  ports::Clock::Steady since() const { return since_; }

 private:
  ports::Clock::Steady since_{};
  ports::Clock::Steady noted_{};
};

}  // namespace tuanyuan::engine
