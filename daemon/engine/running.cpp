#include "engine/running.hpp"

namespace tuanyuan::engine {

bool Running::note(ports::Clock::Steady now) {
  const bool stood_still = now > noted_ + stood_still_after;
  if (stood_still) {
    since_ = now;
  }
  noted_ = now;
  return stood_still;
}

}  // namespace tuanyuan::engine
