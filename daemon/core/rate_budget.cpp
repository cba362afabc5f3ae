#include "core/rate_budget.hpp"

#include <algorithm>
#include <chrono>

namespace tuanyuan::core {
namespace {

using std::chrono::microseconds;

std::int64_t to_us(Instant at) {
  return std::chrono::duration_cast<microseconds>(at.time_since_epoch()).count();
}

}  // namespace

RateBudget::RateBudget(const RatePolicy& policy) {
  if (policy.sends != 0) {
    interval_us_ = std::chrono::duration_cast<microseconds>(policy.per).count() / policy.sends;
    ahead_us_ = interval_us_ * (std::max<std::uint32_t>(policy.burst, 1) - 1);
  }
}

Instant RateBudget::take(Instant now) {
  const std::int64_t now_us = to_us(now);
  const std::int64_t place = std::max(next_us_, now_us);
  next_us_ = place + interval_us_;
  const microseconds turn(std::max(place - ahead_us_, now_us));
  return std::max(now, Instant(std::chrono::ceil<Duration>(turn)));
}

}  // namespace tuanyuan::core
