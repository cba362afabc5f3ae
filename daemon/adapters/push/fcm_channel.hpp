#pragma once

#include <optional>
#include <string>

#include "adapters/push/answer_links.hpp"
#include "adapters/push/credentials.hpp"
#include "adapters/push/google_account.hpp"
#include "adapters/push/token_channel.hpp"

namespace tuanyuan::push {

/// Firebase Cloud Messaging, HTTP v1: one request for each device, or for all that have joined a topic. An
/// endpoint's address is the app's registration token there, `topic:…` or `condition:…`. Requests carry an access
/// token that the service account asks for. That FCM has accepted a notice does not mean that the device has got
/// it; the app says so by `acknowledgeUrl`.
class FcmChannel final : public TokenChannel {
 public:
  /// `secrets` holds the service account's file as `service_account`; where that changes, tokens are by the new
  /// one from then on. Throws std::runtime_error where it is none.
  FcmChannel(const RestTools& tools, RestSettings settings, std::string android_channel, const Words& words,
             const Credentials& secrets, const AnswerLinks& links);

  core::ChannelKind kind() const override { return core::ChannelKind::fcm; }
  bool accepted_is_received() const override { return false; }

 protected:
  core::Result<HttpRequest> compose(const ports::Dispatch& dispatch, const core::Notice& notice) override;
  Verdict judge(const HttpResult& result) override;
  std::string account_mark() override;
  core::Result<HttpRequest> token_request() override;
  AccessTokens::Asked token_in(std::string_view body) const override { return granted(body); }
  bool is_token_refused(const HttpResult& result) const override;
  void authorize(const std::string& token, HttpRequest& request) const override;

 private:
  ports::Log& log_;
  std::string android_channel_;
  const Words& words_;
  const Credentials& secrets_;
  const AnswerLinks& links_;
  std::string account_text_;  ///< what was read last, whether it was one or not
  std::string account_mark_;  ///< of what the present account was read from
  std::optional<GoogleAccount> account_;
};

}  // namespace tuanyuan::push
