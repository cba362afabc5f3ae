#include "engine/crowds.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "runtime/with_timeout.hpp"

namespace tuanyuan::engine {

Crowds::Crowds(ports::Clock& clock, std::size_t in_flight_max)
    : clock_(clock), share_(std::max<std::size_t>(1, in_flight_max / lane_share)) {}

core::Instant Crowds::now() const {
  return core::Instant(std::chrono::duration_cast<core::Duration>(clock_.steady_now().time_since_epoch()));
}

Crowds::Lane& Crowds::at(const std::string& lane) {
  if (lanes_.size() >= crowds_max && !lanes_.contains(lane)) {
    std::erase_if(lanes_, [](const auto& each) { return each.second.crowd.is_empty() && !each.second.changed; });
  }
  return lanes_.try_emplace(lane, share_).first->second;
}

boost::asio::awaitable<core::Duration> Crowds::room(std::string lane) {
  const auto executor = co_await boost::asio::this_coro::executor;
  for (;;) {
    if (lane.empty() || at(lane).crowd.has_room(now())) {
      co_return core::Duration(0);
    }
    Lane& full = at(lane);
    if (full.crowd.slow_from() <= now()) {
      co_return full.crowd.pause();
    }
    const core::Duration left = full.crowd.slow_from() - now();
    if (!full.changed) {
      full.changed = std::make_shared<runtime::Event>(executor);
    }
    const std::shared_ptr<runtime::Event> changed = full.changed;
    auto waiting = changed->wait();
    co_await runtime::with_timeout(clock_, std::move(waiting), clock_.steady_now() + left);
  }
}

Crowds::Place::Place(Crowds& crowds, const std::string& lane) : crowds_(crowds), lane_(lane) {
  if (!lane_.empty()) {
    crowds_.at(lane_).crowd.enter();
  }
}

void Crowds::Place::sent() {
  is_sent_ = !lane_.empty();
  sent_at_ = crowds_.now();
  if (is_sent_) {
    crowds_.at(lane_).crowd.sent(sent_at_);
  }
}

Crowds::Place::~Place() {
  if (lane_.empty()) {
    return;
  }
  Lane& lane = crowds_.at(lane_);
  if (is_sent_) {
    lane.crowd.answered(sent_at_, crowds_.now());
  }
  lane.crowd.leave();
  if (const auto changed = std::exchange(lane.changed, nullptr)) {
    changed->set();
  }
}

}  // namespace tuanyuan::engine
