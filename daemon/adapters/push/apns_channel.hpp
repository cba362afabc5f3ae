#pragma once

#include <chrono>
#include <string>

#include "adapters/push/apns_message.hpp"
#include "adapters/push/apns_token.hpp"
#include "adapters/push/http.hpp"
#include "adapters/push/url.hpp"
#include "core/refusal.hpp"
#include "ports/channel.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"

namespace tuanyuan::push {

struct ApnsSettings {
  Url base;           ///< Apple's, or whatever stands in for it; its path and query are not used
  std::string topic;  ///< the app's bundle id
  /// Whether Apple has granted the app critical alerts, which sound through silence; otherwise time-sensitive.
  bool is_critical = false;
  std::chrono::milliseconds deadline_ms{15'000};  ///< of one attempt, the one with another token included
  std::size_t in_flight_max = 1'000;
  std::string user_agent = "tuanyuan";

  ApnsSettings() = default;
};

/// Apple's push service: one request for each device. An endpoint's address is the device token. All notices of
/// one alert have one collapse id, so that an update or a recall takes the place of what is shown.
///
/// Handed over are notices and recalls to one recipient, and what takes an alert down. That APNs has accepted
/// a notice does not mean that the device has got it. The log holds the recipient's id and the reason of what
/// was not accepted, never token, request or answer. Loop thread. What it is given outlives it.
class ApnsChannel final : public ports::Channel {
 public:
  ApnsChannel(Http& http, ports::Clock& clock, ports::Log& log, ApnsKey key, ApnsSettings settings);

  /// From now on.
  void use(ApnsKey key) { tokens_.use(std::move(key)); }

  core::ChannelKind kind() const override { return core::ChannelKind::apns; }
  std::size_t in_flight_max() const override { return settings_.in_flight_max; }
  bool is_up() const override { return true; }
  boost::asio::awaitable<ports::SendResult> send(ports::Dispatch dispatch) override;

 private:
  /// Without the authorization.
  core::Result<HttpRequest> compose(const ports::Dispatch& dispatch);
  boost::asio::awaitable<ApnsVerdict> ask(HttpRequest request);
  void note(const core::RecipientId& recipient, const ApnsVerdict& verdict);

  Http& http_;
  ports::Clock& clock_;
  ports::Log& log_;
  ApnsSettings settings_;
  ApnsTokens tokens_;
};

}  // namespace tuanyuan::push
