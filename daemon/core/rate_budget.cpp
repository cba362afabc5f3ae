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

Instant RateBudget::turn(Instant now) const {
  const microseconds turn(std::max(next_us_ - ahead_us_, to_us(now)));
  return std::max(now, Instant(std::chrono::ceil<Duration>(turn)));
}

Instant RateBudget::take(Instant now) {
  const Instant at = turn(now);
  next_us_ = std::max(next_us_, to_us(now)) + interval_us_;
  return at;
}

std::size_t RateBudget::places_by(Instant until, Instant now, std::size_t most) const {
  const std::int64_t room_us = to_us(until) + ahead_us_ - std::max(next_us_, to_us(now));
  if (interval_us_ == 0) {
    return most;
  }
  return room_us < 0 ? 0 : std::min(most, static_cast<std::size_t>(room_us / interval_us_) + 1);
}

}  // namespace tuanyuan::core
