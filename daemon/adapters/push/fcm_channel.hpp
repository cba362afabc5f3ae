#pragma once

#include <optional>
#include <string>

#include "adapters/push/answer_links.hpp"
#include "adapters/push/credentials.hpp"
#include "adapters/push/rest_channel.hpp"
#include "adapters/push/google_account.hpp"
#include "runtime/turns.hpp"

namespace tuanyuan::push {

/// Firebase Cloud Messaging, HTTP v1: one request for each device. An endpoint's address is the app's registration
/// token there. Requests carry an access token that the service account asks for; one asks for all who wait,
/// shortly before the last one's end, or when FCM no longer takes it. That FCM has accepted a notice does not mean
/// that the device has got it; the app says so by `acknowledgeUrl`.
class FcmChannel final : public RestChannel {
 public:
  /// `secrets` holds the service account's file as `service_account`; where that changes, tokens are by the new
  /// one from then on. Throws std::runtime_error where it is none.
  FcmChannel(const RestTools& tools, RestSettings settings, std::string android_channel, const Words& words,
             const Credentials& secrets, const AnswerLinks& links);

  core::ChannelKind kind() const override { return core::ChannelKind::fcm; }
  bool accepted_is_received() const override { return false; }

 protected:
  boost::asio::awaitable<ports::SendResult> make_ready(std::string message) override;
  core::Result<HttpRequest> compose(const ports::Dispatch& dispatch, const core::Notice& notice) override;
  Verdict judge(const HttpResult& result) override;

 private:
  void look_at_account();
  bool has_token() const;
  /// What became of asking for one.
  ports::SendResult take_token(const HttpResult& result);

  ports::Log& log_;
  std::string android_channel_;
  const Words& words_;
  const Credentials& secrets_;
  const AnswerLinks& links_;
  std::string account_text_;  ///< what the present account was read from, or could not
  std::optional<GoogleAccount> account_;
  runtime::Turns turns_;
  std::string token_;
  core::Instant token_from_;
  core::Instant token_until_;
  core::Instant no_asking_before_;  ///< after a failure those who waited do not each try by themselves
};

}  // namespace tuanyuan::push
