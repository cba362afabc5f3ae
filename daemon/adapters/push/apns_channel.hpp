#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/push/answer_links.hpp"
#include "adapters/push/apns_message.hpp"
#include "adapters/push/apns_token.hpp"
#include "adapters/push/credentials.hpp"
#include "adapters/push/http.hpp"
#include "adapters/push/recently_shared.hpp"
#include "adapters/push/rest_channel.hpp"
#include "adapters/push/url.hpp"
#include "adapters/push/words.hpp"
#include "core/refusal.hpp"
#include "ports/channel.hpp"

namespace tuanyuan::push {

struct ApnsSettings {
  std::string base = "https://api.push.apple.com";  ///< or whatever stands in for it; a URL without a path
  std::string key_id;
  std::string team_id;
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
  /// `secrets` holds the key file's content as `key`; where that changes, tokens are made by the new one from then
  /// on. Throws std::runtime_error where it, key_id, team_id or base is none.
  ApnsChannel(const RestTools& tools, const Credentials& secrets, const Words& words, const AnswerLinks& links,
              ApnsSettings settings);

  core::ChannelKind kind() const override { return core::ChannelKind::apns; }
  std::size_t in_flight_max() const override { return settings_.in_flight_max; }
  bool is_up() const override { return true; }
  /// Between APNs and the device there is still much. The app says so itself, by the link in the payload.
  bool accepted_is_received() const override { return false; }
  boost::asio::awaitable<ports::SendResult> send(const ports::Dispatch& dispatch) override;

 private:
  /// Without deadline. The dispatch stays until the request has ended.
  core::Result<HttpRequest> compose(const ports::Dispatch& dispatch, const std::string& token);
  std::optional<boost::asio::awaitable<HttpResult>> ask(const ports::Dispatch& dispatch, const std::string& token,
                                                        ports::Clock::Steady deadline);
  boost::asio::awaitable<ApnsVerdict> ask_again(const ports::Dispatch& dispatch, std::string token,
                                                ports::Clock::Steady deadline, ApnsVerdict first);
  std::string another_than(const std::string& refused);
  void await_another(ApnsVerdict& verdict);
  void note(const ports::Dispatch& dispatch, const ApnsVerdict& verdict);

  core::Result<std::shared_ptr<const HttpShared>> shared_by(const ports::Dispatch& dispatch,
                                                            const std::string& token);
  core::Result<std::shared_ptr<const HttpShared>> compose_shared(const ports::Dispatch& dispatch,
                                                                 const std::string& token) const;
  void look_at_key();

  /// Those who get the same notice in the same languages get the same request, up to the device, the id and what
  /// follows in the payload: the link, and the brace that closes it.
  struct Source {
    std::shared_ptr<const core::SignedCopy> copy;
    std::vector<std::string> languages;
    core::Instant expires_at;
    std::string token;
  };

  RestTools tools_;
  const Credentials& secrets_;
  const Words& words_;
  const AnswerLinks& links_;
  ApnsSettings settings_;
  Url base_;
  std::string key_text_;  ///< what the present key was read from, or could not
  ApnsTokens tokens_;
  RecentlyShared<Source> shared_;
};

}  // namespace tuanyuan::push
