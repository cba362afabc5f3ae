#include "core/dead_run.hpp"

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
  return sends >= dead_run_sends_min && 2 * dead > sends;
}

}  // namespace tuanyuan::core
