#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "core/breaker.hpp"
#include "core/forecast.hpp"
#include "core/rate_budget.hpp"
#include "core/retry_budget.hpp"
#include "core/send_meter.hpp"
#include "core/way.hpp"
#include "engine/crowds.hpp"
#include "ports/channel.hpp"
#include "ports/clock.hpp"
#include "ports/entropy.hpp"
#include "ports/metrics.hpp"
#include "runtime/event.hpp"

namespace tuanyuan::engine {

/// How many lanes of one gateway may be in trouble at once; of more only so many are remembered.
inline constexpr std::size_t troubled_lanes_max = 10'000;
/// Of how many at once it is remembered that they refuse us; of more it will be said again.
inline constexpr std::size_t refused_lanes_max = 1'000;
/// How long the quota of the whole gateway may keep what was handed over waiting; who would have to wait longer
/// comes back. Its places are the channel's, and a recall must not queue for one behind everything else.
inline constexpr core::Duration quota_wait_max = std::chrono::seconds(2);
/// How many lanes' quotas are counted at once; beyond, those that have nothing to wait for are forgotten.
inline constexpr std::size_t counted_lanes_max = 10'000;

struct GatewayLimits {
  core::BreakerPolicy breaker;
  core::RatePolicy rate;
  core::RatePolicy lane_rate;  ///< of each lane by itself, where the vendor counts so (one group bot)
  core::RetryPolicy retries;   ///< of each lane
};

/// The frame that every gateway stands in: its quota, and for each of its lanes a breaker and a share of what is
/// under way, so that a gateway or a receiver that is slow, full or dead is left alone, and takes nobody else's
/// turn (promise 6). What is held back here has not been sent, and goes back to the outbox with the time from
/// which it may be tried again. One recipient gets the versions of an alert one after the other, the newest last,
/// though each may take its time; what a hub or a unit is to be told for many silent ones at once is told once.
/// Loop thread.
class Gateway final : public ports::Channel {
 public:
  Gateway(ports::Channel& wire, const GatewayLimits& limits, ports::Clock& clock, ports::Entropy& entropy,
          ports::Metrics& metrics);

  /// Lanes whose breaker is open, or that asked for a pause; when the first of them is tried again, and when the
  /// one that all share is, by the steady clock.
  struct Trouble {
    std::uint32_t lanes = 0;
    std::uint32_t open = 0;  ///< among them, with an open breaker; the others only asked for a pause
    std::optional<core::Instant> next_try;
    std::optional<core::Instant> all_held_until;
  };
  Trouble trouble() const;
  /// Whose endpoint it was that met a refusal of us, not of a message: key, topic, right of use.
  struct Refused {
    core::RecipientId whose;
    core::Way way;
  };
  /// By the lane that has refused us and accepted nothing since: one group bot, with settings of its own, or all.
  const std::map<std::string, Refused>& refused() const { return refused_; }
  /// What came of a message that went past the frame.
  void tested(const core::RecipientId& whose, const core::Endpoint& endpoint, const ports::SendResult& result);
  /// Whether some receivers go otherwise than all of it does.
  bool has_lanes() const;
  /// What shares a fate with this address, and how that goes now; times by the steady clock.
  std::string lane_of(const core::Endpoint& endpoint) const;
  core::LaneFlow flow_of(const std::string& lane) const;
  /// Whether what goes to this address is left alone now.
  bool is_held(const core::Endpoint& endpoint) const;
  const GatewayLimits& limits() const { return limits_; }
  const core::SendMeter& meter() const { return meter_; }
  ports::Channel& wire() const { return wire_; }

  core::ChannelKind kind() const override { return wire_.kind(); }
  std::size_t in_flight_max() const override { return wire_.in_flight_max(); }
  std::size_t room() const override;
  bool is_up() const override { return wire_.is_up(); }
  bool accepted_is_received() const override { return wire_.accepted_is_received(); }
  boost::asio::awaitable<ports::SendResult> send(const ports::Dispatch& dispatch) override;

 private:
  /// What is on its way to one recipient about one alert, by one of its endpoints.
  using Whose = std::tuple<core::AlertId, core::Target, std::uint64_t>;
  struct WhoseHash {
    std::size_t operator()(const Whose& whose) const;
  };
  /// Made by the first who waits for that: for most nobody does.
  struct Awaited {
    runtime::Event over;
    std::optional<ports::SendResult> result;

    explicit Awaited(boost::asio::any_io_executor executor) : over(std::move(executor)) {}
  };
  struct UnderWay {
    core::Version version;
    core::Parcel parcel = core::Parcel::notice;
    bool chases = false;
    std::shared_ptr<Awaited> awaited;

    explicit UnderWay(const core::Delivery& delivery)
        : version(delivery.version), parcel(delivery.parcel), chases(!delivery.concerns.empty()) {}
    /// Whether it said, and it arrived, what that one is to say for the silence of somebody else.
    bool has_said(const core::Delivery& delivery) const;
  };
  class Passage;
  class Probe;

  /// Both are the caller's, and stay as long.
  boost::asio::awaitable<std::optional<ports::SendResult>> follow(const core::Delivery& delivery,
                                                                  const Whose& whose);
  core::Duration wait_for(const std::string& lane, core::Instant at);
  core::Instant take_turn(const std::string& lane, core::Instant at);
  core::Duration wait_of_quota(core::Instant at) const;
  core::Duration wait_of_trouble(const std::string& lane, core::Instant at) const;
  bool may_repeat(const std::string& lane, const core::Delivery& delivery, core::Instant at);
  core::RateBudget* lane_budget(const std::string& lane, core::Instant at);
  core::Instant now() const;
  /// Nothing was sent.
  ports::SendResult later(core::Duration wait) const;
  void judge(const std::string& lane, const ports::SendResult& result, bool was_probe);
  void note_refusal(const std::string& lane, const Whose& whose, const ports::SendResult& result);
  void settle_repetition(const std::string& lane, bool is_repeated, const ports::SendResult& result);

  ports::Channel& wire_;
  GatewayLimits limits_;
  ports::Clock& clock_;
  ports::Entropy& entropy_;
  ports::Metrics& metrics_;
  core::RateBudget budget_;
  std::map<std::string, Refused> refused_;
  std::map<std::string, core::RetryBudget> retries_;  ///< of lanes with failures that are being repeated
  std::map<std::string, core::RateBudget> lane_budgets_;
  std::unordered_map<Whose, UnderWay, WhoseHash> under_way_;
  Crowds crowds_;
  core::SendMeter meter_;
  std::map<std::string, core::Breaker> troubled_;  ///< lanes that failed lately; the others are not kept
};

}  // namespace tuanyuan::engine
