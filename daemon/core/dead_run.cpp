#include "core/dead_run.hpp"

#include <algorithm>

namespace tuanyuan::core {

void DeadRun::note(bool dead, Instant at) {
  sends_.push_back({at, dead});
  if (sends_.size() > dead_run_sends_max) {
    sends_.pop_front();
  }
}

bool DeadRun::doubtful(Instant now) const {
  std::size_t sends = 0;
  std::size_t dead = 0;
  for (const Send& send : sends_) {
    if (now - send.at <= dead_run_window) {
      ++sends;
      dead += send.dead ? 1 : 0;
    }
  }
  const bool hardly_any_arrived = dead >= dead_run_few_min && dead >= dead_run_few_dead_each * (sends - dead);
  return hardly_any_arrived || (sends >= dead_run_sends_min && 2 * dead > sends);
}

bool DeadRun::believed(Instant now, Duration lately) const {
  const bool has_arrived = std::any_of(sends_.begin(), sends_.end(), [&](const Send& send) {
    return !send.dead && now - send.at >= lately && now - send.at <= dead_run_window;
  });
  return has_arrived && !doubtful(now);
}

}  // namespace tuanyuan::core
