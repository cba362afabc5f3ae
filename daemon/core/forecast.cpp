#include "core/forecast.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace tuanyuan::core {
namespace {

using Seconds = std::chrono::duration<double>;

/// Beyond this nobody plans, and the sums stay within what an instant can hold.
constexpr double forecast_seconds_max = 30.0 * 24 * 3600;

Instant begin_of(const ChannelFlow& flow, Instant now) {
  return std::max(now, flow.not_before.value_or(now));
}

}  // namespace

double sends_per_second(const ChannelFlow& flow) {
  const Duration each = flow.each > Duration(0) ? flow.each : send_duration_guess;
  const double at_best = static_cast<double>(std::max<std::size_t>(flow.at_once, 1)) / Seconds(each).count();
  if (flow.quota.sends == 0) {
    return at_best;
  }
  return std::min(at_best, flow.quota.sends / Seconds(flow.quota.per).count());
}

std::optional<Instant> sent_by(const ChannelFlow& flow, std::uint64_t place, Instant now) {
  if (!flow.open) {
    return std::nullopt;
  }
  const double seconds = std::min(static_cast<double>(place) / sends_per_second(flow), forecast_seconds_max);
  return begin_of(flow, now) + std::chrono::ceil<Duration>(Seconds(seconds));
}

Instant lane_sent_by(const LaneFlow& lane, std::uint64_t place, Instant now) {
  const Instant begin = std::max(lane.free_from, now);
  const std::uint64_t at_once = std::max<std::size_t>(lane.free_at_once, 1);
  if (lane.quota.sends == 0 || place <= at_once) {
    return begin;
  }
  const double per_second = lane.quota.sends / Seconds(lane.quota.per).count();
  const double seconds = std::min(static_cast<double>(place - at_once) / per_second, forecast_seconds_max);
  return begin + std::chrono::ceil<Duration>(Seconds(seconds));
}

std::uint64_t places_sent_by(const ChannelFlow& flow, Instant deadline, Instant now) {
  const Instant begin = begin_of(flow, now);
  if (!flow.open || deadline <= begin) {
    return 0;
  }
  const double seconds = std::min(Seconds(deadline - begin).count(), forecast_seconds_max);
  return static_cast<std::uint64_t>(std::floor(seconds * sends_per_second(flow) + 1e-6));
}

Forecast forecast_of(std::vector<Forecast::Line> lines) {
  Forecast forecast;
  bool shut = false;
  for (const Forecast::Line& line : lines) {
    forecast.waiting += line.waiting;
    shut = shut || !line.sent_by;
    if (line.sent_by) {
      forecast.sent_by = std::max(forecast.sent_by.value_or(*line.sent_by), *line.sent_by);
    }
  }
  if (shut) {
    forecast.sent_by.reset();
  }
  forecast.channels = std::move(lines);
  return forecast;
}

}  // namespace tuanyuan::core
