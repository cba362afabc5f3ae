#include "engine/gateway.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <stdexcept>
#include <utility>

namespace tuanyuan::engine {

Gateway::Gateway(ports::Channel& wire, const GatewayLimits& limits, ports::Clock& clock, ports::Entropy& entropy,
                 ports::Metrics& metrics)
    : wire_(wire),
      limits_(limits),
      clock_(clock),
      entropy_(entropy),
      metrics_(metrics),
      budget_(limits.rate),
      crowds_(clock, wire.in_flight_max()) {}

std::size_t Gateway::WhoseHash::operator()(const Whose& whose) const {
  const auto& [alert, target, endpoint] = whose;
  const auto* recipient = std::get_if<core::RecipientId>(&target);
  const std::size_t to = recipient != nullptr ? std::hash<core::RecipientId>()(*recipient)
                                              : std::size_t{std::get<core::Division>(target).code};
  return std::hash<core::AlertId>()(alert) ^ to ^ static_cast<std::size_t>(endpoint);
}

bool Gateway::UnderWay::has_said(const core::Delivery& delivery) const {
  const bool is_the_same = version == delivery.version && parcel == delivery.parcel;
  const bool has_arrived =
      awaited && awaited->result && awaited->result->outcome == core::DeliveryOutcome::accepted;
  return is_the_same && chases && !delivery.concerns.empty() && has_arrived;
}

/// Lets the next one pass when it is over, also where the send was cancelled.
class Gateway::Passage {
 public:
  Passage(Gateway& gateway, Whose whose, const core::Delivery& delivery) : gateway_(gateway) {
    const auto [place, is_first] = gateway_.under_way_.try_emplace(std::move(whose), delivery);
    if (!is_first) {
      throw std::logic_error("two at once on their way to one recipient");
    }
    whose_ = &place->first;
    under_way_ = &place->second;
  }
  Passage(const Passage&) = delete;
  Passage& operator=(const Passage&) = delete;
  ~Passage() {
    if (under_way_->awaited) {
      under_way_->awaited->over.set();
    }
    gateway_.under_way_.erase(gateway_.under_way_.find(*whose_));
  }

  const Whose& whose() const { return *whose_; }
  void ends(const ports::SendResult& result) {
    if (under_way_->awaited) {
      under_way_->awaited->result = result;
    }
  }

 private:
  Gateway& gateway_;
  const Whose* whose_;  ///< both in the gateway's own table, which leaves them where they are
  UnderWay* under_way_;
};

/// Of a lane whose breaker is open, the one that is let through. Where it is not sent after all, however that
/// comes, the next one is; or the lane would stay shut.
class Gateway::Probe {
 public:
  Probe(Gateway& gateway, const std::string& lane, core::Instant at) : gateway_(gateway), lane_(lane) {
    const auto found = gateway_.troubled_.find(lane_);
    if (found != gateway_.troubled_.end()) {
      is_admitted_ = found->second.admit(at);
      is_pending_ = is_admitted_ && found->second.is_probing();
    }
  }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;
  ~Probe() {
    const auto found = gateway_.troubled_.find(lane_);
    if (is_pending_ && found != gateway_.troubled_.end()) {
      found->second.not_sent();
    }
  }

  bool is_admitted() const { return is_admitted_; }
  /// It was sent, so it is its outcome that ends it. False: it was an ordinary one.
  bool hand_on() { return std::exchange(is_pending_, false); }

 private:
  Gateway& gateway_;
  const std::string& lane_;
  bool is_admitted_ = true;
  bool is_pending_ = false;
};

/// Waits for those who are under way to the same one. What it has to say is said already: what came of that.
boost::asio::awaitable<std::optional<ports::SendResult>> Gateway::follow(const core::Delivery& delivery,
                                                                         const Whose& whose) {
  std::optional<ports::SendResult> said;
  for (auto found = under_way_.find(whose); found != under_way_.end() && !said; found = under_way_.find(whose)) {
    if (!found->second.awaited) {
      found->second.awaited = std::make_shared<Awaited>(co_await boost::asio::this_coro::executor);
    }
    const UnderWay other = found->second;
    co_await other.awaited->over.wait();
    if (other.has_said(delivery)) {
      said = other.awaited->result;
    }
  }
  co_return said;
}

boost::asio::awaitable<ports::SendResult> Gateway::send(const ports::Dispatch& dispatch) {
  Whose whose(dispatch.delivery.alert_id, dispatch.delivery.target, dispatch.delivery.endpoint);
  if (under_way_.contains(whose)) {
    auto following = follow(dispatch.delivery, whose);
    const std::optional<ports::SendResult> said = co_await std::move(following);
    if (said) {
      co_return *said;
    }
  }
  Passage passage(*this, std::move(whose), dispatch.delivery);
  const std::string lane = wire_.lane(dispatch);
  core::Duration crowd{0};
  if (!lane.empty()) {
    crowd = co_await crowds_.room(lane);
  }
  if (crowd > core::Duration(0) || !ports::is_still_due(dispatch)) {
    co_return later(crowd);
  }
  Crowds::Place place(crowds_, lane);
  const core::Instant at = now();
  const core::Duration wait = wait_for(lane, at);
  if (wait > core::Duration(0)) {
    co_return later(wait);
  }
  Probe probe(*this, lane, at);
  if (!probe.is_admitted() || !may_repeat(lane, dispatch.delivery, at)) {
    co_return later(core::Duration(0));
  }
  const core::Instant turn = take_turn(lane, at);
  if (turn > at) {
    co_await clock_.sleep_until(clock_.steady_now() + (turn - at));
    const bool goes = ports::is_still_due(dispatch);
    const core::Duration trouble = wait_of_trouble(lane, now());  // those before it may have met some
    if (!goes || trouble > core::Duration(0)) {
      co_return later(goes ? trouble : core::Duration(0));
    }
  }
  place.sent();
  const bool is_repeated = dispatch.delivery.attempts > 1;
  const core::Instant begun = turn > at ? now() : at;
  auto sending = wire_.send(dispatch);
  const ports::SendResult result = co_await std::move(sending);
  if (!result.unsent) {
    const core::Instant ended = now();
    meter_.ended(ended, ended - begun, result.outcome);
    judge(lane, result, probe.hand_on());
    settle_repetition(lane, is_repeated, result);
    note_refusal(lane, passage.whose(), result);
  }
  passage.ends(result);
  co_return result;
}

/// Before anything of a quota is taken: whoever waits for that must not be the one that a breaker waits for.
core::Duration Gateway::wait_for(const std::string& lane, core::Instant at) {
  const core::RateBudget* quota = lane_budget(lane, at);
  const core::Duration full = quota == nullptr ? core::Duration(0) : quota->turn(at) - at;
  return std::max({full, wait_of_quota(at), wait_of_trouble(lane, at)});
}

/// Of its lane's quota, and of the whole gateway's: from when on it may go.
core::Instant Gateway::take_turn(const std::string& lane, core::Instant at) {
  if (core::RateBudget* quota = lane_budget(lane, at)) {
    quota->take(at);
  }
  return budget_.take(at);
}

/// How long until what is handed over has to wait no longer than it may, for the quota of all.
core::Duration Gateway::wait_of_quota(core::Instant at) const {
  return std::max(budget_.turn(at) - at - quota_wait_max, core::Duration(0));
}

/// What the quota lets through soon; nothing while all of it is left alone, and one while that one is tried.
std::size_t Gateway::room() const {
  const core::Instant at = now();
  const std::size_t room = budget_.places_by(at + quota_wait_max, at, in_flight_max());
  const auto all = troubled_.find(std::string());
  if (all == troubled_.end() || (all->second.is_closed() && all->second.next_try() <= at)) {
    return room;
  }
  const bool may_probe = all->second.next_try() <= at && !all->second.is_probing();
  return may_probe ? std::min<std::size_t>(room, 1) : 0;
}

/// How long its breaker, or what the other side asked for, keeps this lane shut.
core::Duration Gateway::wait_of_trouble(const std::string& lane, core::Instant at) const {
  const auto found = troubled_.find(lane);
  return found == troubled_.end() ? core::Duration(0) : std::max(found->second.next_try() - at, core::Duration(0));
}

/// Where everything fails, repetitions would be most of what a gateway is asked, and keep it from getting well.
bool Gateway::may_repeat(const std::string& lane, const core::Delivery& delivery, core::Instant at) {
  if (delivery.attempts <= 1) {
    return true;
  }
  if (retries_.size() >= counted_lanes_max && !retries_.contains(lane)) {
    std::erase_if(retries_, [](const auto& each) { return each.second.is_full(); });
  }
  return retries_.try_emplace(lane, limits_.retries).first->second.take(at);
}

void Gateway::settle_repetition(const std::string& lane, bool is_repeated, const ports::SendResult& result) {
  const auto found = retries_.find(lane);
  if (found != retries_.end() && core::is_answered(result.outcome)) {
    is_repeated ? found->second.repeated_well() : found->second.went_well();
  }
}

/// This lane's own quota; null: it has none. Whoever has to wait for it goes back to the outbox, so that a crowded
/// lane holds no place that another could use.
core::RateBudget* Gateway::lane_budget(const std::string& lane, core::Instant at) {
  if (limits_.lane_rate.sends == 0) {
    return nullptr;
  }
  const auto is_at_rest = [at](const auto& each) { return each.second.turn(at) <= at; };
  if (lane_budgets_.size() >= counted_lanes_max && !lane_budgets_.contains(lane)) {
    std::erase_if(lane_budgets_, is_at_rest);
  }
  return &lane_budgets_.try_emplace(lane, limits_.lane_rate).first->second;
}

/// By the steady clock: a wall clock that is set must not keep a breaker open.
core::Instant Gateway::now() const {
  return core::Instant(std::chrono::duration_cast<core::Duration>(clock_.steady_now().time_since_epoch()));
}

ports::SendResult Gateway::later(core::Duration wait) const {
  ports::SendResult result;
  result.outcome = core::DeliveryOutcome::held;
  result.retry_after = wait;
  result.unsent = true;
  metrics_.add("tuanyuan_gateway_held_back_total", {{"channel", core::to_string(kind())}});
  return result;
}

void Gateway::judge(const std::string& lane, const ports::SendResult& result, bool was_probe) {
  const bool works = core::is_answered(result.outcome) || result.of_address;
  const core::Instant at = now();
  if (works) {
    const auto found = troubled_.find(lane);
    if (found != troubled_.end()) {
      found->second.succeeded();
      if (found->second.next_try() <= at) {
        troubled_.erase(found);
      }
    }
  } else if (troubled_.contains(lane) || troubled_.size() < troubled_lanes_max) {
    core::Breaker& breaker = troubled_.try_emplace(lane, limits_.breaker).first->second;
    if (result.retry_after > core::Duration(0)) {
      breaker.hold(at + result.retry_after);
    } else {
      breaker.failed(at, entropy_.next(), was_probe);
    }
  }
}

/// What goes by the lane that all share shows that we are let in; the success of one bot says nothing of another's
/// settings.
void Gateway::note_refusal(const std::string& lane, const Whose& whose, const ports::SendResult& result) {
  if (result.needs_people && (refused_.size() < refused_lanes_max || refused_.contains(lane))) {
    const auto* recipient = std::get_if<core::RecipientId>(&std::get<core::Target>(whose));
    refused_[lane] = {recipient == nullptr ? core::RecipientId() : *recipient,
                      {kind(), std::get<std::uint64_t>(whose)}};
  } else if (!refused_.empty() && result.outcome == core::DeliveryOutcome::accepted) {
    std::erase_if(refused_, [&lane](const auto& each) { return lane.empty() || each.first == lane; });
  }
}

void Gateway::tested(const core::RecipientId& whose, const core::Endpoint& endpoint,
                     const ports::SendResult& result) {
  note_refusal(lane_of(endpoint), {core::AlertId(), whose, core::endpoint_key(endpoint)}, result);
}

Gateway::Trouble Gateway::trouble() const {
  Trouble trouble;
  const core::Instant at = now();
  for (const auto& [lane, breaker] : troubled_) {
    const core::Instant next = std::max(breaker.next_try(), at);
    if (breaker.is_closed() && next == at) {
      continue;
    }
    ++trouble.lanes;
    trouble.open += breaker.is_closed() ? 0 : 1;
    trouble.next_try = std::min(trouble.next_try.value_or(next), next);
    if (lane.empty()) {
      trouble.all_held_until = next;
    }
  }
  return trouble;
}

std::string Gateway::lane_of(const core::Endpoint& endpoint) const {
  ports::Dispatch dispatch;
  dispatch.endpoint = endpoint;
  return wire_.lane(dispatch);
}

bool Gateway::has_lanes() const {
  return limits_.lane_rate.sends != 0 ||
         std::any_of(troubled_.begin(), troubled_.end(), [](const auto& each) { return !each.first.empty(); });
}

core::LaneFlow Gateway::flow_of(const std::string& lane) const {
  core::LaneFlow flow;
  flow.quota = limits_.lane_rate;
  const core::Instant at = now();
  const auto counted = lane_budgets_.find(lane);
  const core::RateBudget budget =
      counted == lane_budgets_.end() ? core::RateBudget(limits_.lane_rate) : counted->second;
  flow.free_at_once = budget.places_by(at, at, std::max<std::uint32_t>(limits_.lane_rate.burst, 1));
  flow.free_from = std::max(budget.turn(at), at + wait_of_trouble(lane, at));
  return flow;
}

bool Gateway::is_held(const core::Endpoint& endpoint) const {
  const auto found = troubled_.find(lane_of(endpoint));
  return found != troubled_.end() && !(found->second.is_closed() && found->second.next_try() <= now());
}

}  // namespace tuanyuan::engine
