#pragma once

#include <string>

#include "adapters/push/credentials.hpp"
#include "adapters/push/rest_channel.hpp"
#include "runtime/turns.hpp"

namespace tuanyuan::push {

struct GetuiSettings {
  std::string app_id;
  std::string app_key;
};

/// Getui's REST API, v2 (个推). An endpoint's address is a client id. Requests carry a token that is fetched by
/// the application's secret, kept until shortly before its end, and fetched anew when Getui no longer knows it.
/// What Getui has accepted is on its way to the handset.
class GetuiChannel final : public RestChannel {
 public:
  GetuiChannel(const RestTools& tools, RestSettings settings, GetuiSettings getui, const Words& words,
               const Credentials& secrets);

  core::ChannelKind kind() const override { return core::ChannelKind::getui; }
  bool accepted_is_received() const override { return false; }

 protected:
  boost::asio::awaitable<ports::SendResult> make_ready(std::string message) override;
  core::Result<HttpRequest> compose(const ports::Dispatch& dispatch, const core::Notice& notice) override;
  Verdict judge(const HttpResult& result) override;

 private:
  HttpRequest login_request(const Url& url) const;

  GetuiSettings getui_;
  const Words& words_;
  const Credentials& secrets_;
  runtime::Turns turns_;
  std::string token_;
  core::Instant token_until_;
  core::Instant
      no_login_before_;         ///< after one that failed: those who waited for it do not each try by themselves
  bool token_refused_ = false;  ///< by the last answer: it is fetched anew before the next request
};

}  // namespace tuanyuan::push
