#pragma once

#include "ports/clock.hpp"

namespace tuanyuan::runtime {

/// Notices that the wall clock was set back, by the steady one beside it. What had run out by the wrong time may
/// then be in force again. Drift and small corrections are no news.
class WallWatch {
 public:
  static constexpr core::Duration tolerance = std::chrono::seconds(10);

  explicit WallWatch(ports::Clock& clock) : clock_(clock), lead_(lead()) {}

  /// Whether it was, since the last time this was asked.
  bool set_back() {
    const core::Duration before = lead_;
    lead_ = lead();
    return lead_ + tolerance < before;
  }

 private:
  core::Duration lead() const {
    const auto steady = clock_.steady_now().time_since_epoch();
    return clock_.wall_now().time_since_epoch() - std::chrono::duration_cast<core::Duration>(steady);
  }

  ports::Clock& clock_;
  core::Duration lead_;
};

}  // namespace tuanyuan::runtime
