#include "engine/gateway.hpp"

#include <algorithm>
#include <utility>

namespace tuanyuan::engine {

Gateway::Gateway(ports::Channel& wire, const GatewayLimits& limits, ports::Clock& clock, ports::Entropy& entropy,
                 ports::Metrics& metrics)
    : wire_(wire), limits_(limits), clock_(clock), entropy_(entropy), metrics_(metrics), budget_(limits.rate) {}

boost::asio::awaitable<ports::SendResult> Gateway::send(ports::Dispatch dispatch) {
  const std::string lane = wire_.lane(dispatch);
  const auto troubled = troubled_.find(lane);
  const core::Instant now = clock_.wall_now();
  if (troubled != troubled_.end() && !troubled->second.admit(now)) {
    co_return held_back(troubled->second.next_try(), now);
  }
  const core::Instant turn = budget_.take(now);
  if (turn > now) {
    co_await clock_.sleep_until(clock_.steady_now() + (turn - now));
  }
  ports::SendResult result = co_await wire_.send(std::move(dispatch));
  judge(lane, result);
  co_return result;
}

/// Until another lane's probe is back there is nothing to wait for but a moment.
ports::SendResult Gateway::held_back(core::Instant until, core::Instant now) const {
  ports::SendResult result;
  result.outcome = core::DeliveryOutcome::retry;
  result.retry_after = std::max(until - now, core::Duration(0));
  metrics_.add("tuanyuan_gateway_held_back_total", {{"channel", core::to_string(kind())}});
  return result;
}

void Gateway::judge(const std::string& lane, const ports::SendResult& result) {
  const bool works =
      result.outcome == core::DeliveryOutcome::accepted || result.outcome == core::DeliveryOutcome::rejected;
  if (works) {
    troubled_.erase(lane);
  } else if (troubled_.contains(lane) || troubled_.size() < troubled_lanes_max) {
    core::Breaker& breaker = troubled_.try_emplace(lane, limits_.breaker).first->second;
    const core::Instant now = clock_.wall_now();
    if (result.retry_after > core::Duration(0)) {
      breaker.hold(now + result.retry_after);
    } else {
      breaker.failed(now, entropy_.next());
    }
  }
  count_open();
}

void Gateway::count_open() const {
  const auto open =
      std::count_if(troubled_.begin(), troubled_.end(), [](const auto& lane) { return !lane.second.is_closed(); });
  metrics_.set("tuanyuan_gateway_breakers_open", {{"channel", core::to_string(kind())}},
               static_cast<double>(open));
}

}  // namespace tuanyuan::engine
