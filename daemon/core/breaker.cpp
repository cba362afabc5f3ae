#include "core/breaker.hpp"

#include <algorithm>
#include <utility>

namespace tuanyuan::core {

bool Breaker::admit(Instant now) {
  if (now < until_) {
    return false;
  }
  if (is_closed()) {
    return true;
  }
  return !std::exchange(probing_, true);
}

void Breaker::succeeded() {
  failures_ = 0;
  probing_ = false;
}

void Breaker::failed(Instant now, std::uint64_t random, bool was_probe) {
  if (!is_closed() && !was_probe) {
    return;
  }
  ++failures_;
  probing_ = false;
  if (!is_closed()) {
    const std::uint32_t pauses = failures_ - policy_.failures_max + 1;
    hold(now + backoff_delay(policy_.pause, pauses, random));
  }
}

void Breaker::hold(Instant until) {
  until_ = std::max(until_, until);
  probing_ = false;
}

}  // namespace tuanyuan::core
