#include "core/send_meter.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/forecast.hpp"

namespace tuanyuan::core {
namespace {

/// How much of the mean each new send is.
constexpr double weight = 1.0 / 16;

std::int64_t second_of(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

}  // namespace

void SendMeter::ended(Instant at, Duration took, DeliveryOutcome outcome) {
  if (is_answered(outcome)) {
    count(at);
    learn(took);
    return;
  }
  const Duration usual = each() > Duration(0) ? each() : send_duration_guess;
  if (outcome != DeliveryOutcome::held && took > usual) {
    learn(took);
  }
}

void SendMeter::count(Instant at) {
  const std::int64_t second = second_of(at);
  Bucket& bucket = buckets_[static_cast<std::size_t>(second) % seconds];
  if (bucket.second != second) {
    bucket = {second, 0};
  }
  ++bucket.sends;
}

void SendMeter::learn(Duration took) {
  const auto took_ms = static_cast<double>(std::max(took, Duration(0)).count());
  each_ms_ = each_ms_ < 0 ? took_ms : each_ms_ + (took_ms - each_ms_) * weight;
}

double SendMeter::per_second(Instant now) const {
  const std::int64_t since = second_of(now) - static_cast<std::int64_t>(seconds);
  std::uint32_t sends = 0;
  for (const Bucket& bucket : buckets_) {
    sends += bucket.second > since ? bucket.sends : 0;
  }
  return static_cast<double>(sends) / seconds;
}

Duration SendMeter::each() const {
  // One that took no measurable time still took some.
  return each_ms_ < 0 ? Duration(0) : Duration(std::max(std::llround(each_ms_), 1LL));
}

}  // namespace tuanyuan::core
