#pragma once

#include <string>

#include "adapters/push/answer_links.hpp"
#include "adapters/push/credentials.hpp"
#include "adapters/push/token_channel.hpp"

namespace tuanyuan::push {

struct GetuiSettings {
  std::string app_id;
  std::string app_key;
};

/// Getui's REST API, v2 (个推). An endpoint's address is a client id, or `tag:…` for all who have it. Requests
/// carry a token that is fetched by the application's secret. What Getui has accepted is on its way to the
/// handset; the app answers by the link in the payload, but for a tag's.
class GetuiChannel final : public TokenChannel {
 public:
  GetuiChannel(const RestTools& tools, RestSettings settings, GetuiSettings getui, const Words& words,
               const Credentials& secrets, const AnswerLinks& links);

  core::ChannelKind kind() const override { return core::ChannelKind::getui; }
  bool accepted_is_received() const override { return false; }
  /// Tags have a quota of their own, and a much smaller one: a handset by its id must not wait for it.
  std::string lane(const ports::Dispatch& dispatch) const override;

 protected:
  core::Result<HttpRequest> compose(const ports::Dispatch& dispatch, const core::Notice& notice) override;
  Verdict judge(const HttpResult& result) override;
  std::string account_mark() override;
  core::Result<HttpRequest> token_request() override;
  AccessTokens::Asked token_in(std::string_view body) const override;
  bool is_token_refused(const HttpResult& result) const override;
  void authorize(const std::string& token, HttpRequest& request) const override;

 private:
  GetuiSettings getui_;
  const Words& words_;
  const Credentials& secrets_;
  const AnswerLinks& links_;
};

}  // namespace tuanyuan::push
