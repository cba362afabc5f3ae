#pragma once

#include <optional>
#include <string>

#include "adapters/crypto/vault.hpp"
#include "adapters/push/answer_links.hpp"
#include "adapters/push/vendor_channel.hpp"
#include "contract/channels/channel_home.hpp"
#include "support/service_key.hpp"

namespace tuanyuan::test {

/// What a handset maker's push service says, each in its own words.
struct VendorTold {
  const char* accepted;
  const char* rejected;  ///< null: by the status alone
  const char* dead;
  const char* retry;
};

/// The channel of one handset maker. `Loopback`: an HTTP client that may speak to the scripted peer.
template <class Loopback, push::VendorDialect (*dialect)(), const VendorTold& told>
class VendorHome final : public ChannelHome {
 public:
  VendorHome(RealLoop& loop, ports::Log& log, std::chrono::milliseconds deadline, std::uint16_t port)
      : loopback_(loop) {
    for (const char* secret : {"client_secret", "master_secret", "app_secret"}) {
      secrets_.put(secret, "secret-of-this-test");
    }
    secrets_.put("private_key", service_key);
    push::RestSettings settings;
    settings.deadline_ms = deadline;
    settings.base = "http://127.0.0.1:" + std::to_string(port);
    push::VendorAccount account;
    account.texts = {{"token_url", settings.base + "/token"}, {"classification", "1"}};
    account.secrets = &secrets_;
    channel_.emplace(dialect(), push::RestTools{loopback_.client, loop.clock, log}, settings, account, words_,
                     links_);
  }

  ports::Channel& channel() override { return *channel_; }
  core::Endpoint endpoint(std::uint16_t, const std::string&) override {
    return {channel_->kind(), "registration-of-this-test", ""};
  }
  std::optional<Reply> aside(const Received& request) override {
    const bool is_login =
        request.line.starts_with("POST /token") || request.line.find("/auth ") != std::string::npos;
    return is_login ? std::optional(says(200, R"({"access_token":"t","expires_in":3600,"code":0,"result":0,)"
                                              R"("data":{"auth_token":"t"},"authToken":"t"})"))
                    : std::nullopt;
  }
  Reply reply(Meaning meaning) override {
    switch (meaning) {
      case Meaning::accepted:
        return says(200, told.accepted);
      case Meaning::rejected:
        return told.rejected == nullptr ? says(400, "") : says(200, told.rejected);
      case Meaning::address_dead:
        return says(200, told.dead);
      case Meaning::retry:
        return says(200, told.retry);
      case Meaning::retry_in_7_s:
        return Reply(http_answer(503, "Retry-After: 7\r\n"));
    }
    return Reply();
  }
  std::string identity(const Received& request) override { return request.fields.at("x-message-id"); }

 private:
  static Reply says(int status, const char* body) { return Reply(http_answer(status, "", body)); }

  Loopback loopback_;
  push::Credentials secrets_;
  push::Words words_{core::default_templates()};
  crypto::OpenSslVault vault_{{std::string(32, 'k')}};
  push::AnswerLinks links_{vault_, "https://here.test/api/v1"};
  std::optional<push::VendorChannel> channel_;
};

inline constexpr VendorTold hms_told{R"({"code":"80000000","msg":"Success"})", R"({"code":"80300008"})",
                                     R"({"code":"80300007"})", R"({"code":"81000001"})"};
inline constexpr VendorTold honor_told{R"({"code":200,"data":{"sendResult":true,"failTokens":[]}})",
                                       R"({"code":80300008})", R"({"code":200,"data":{"failTokens":["x"]}})",
                                       R"({"code":500})"};
inline constexpr VendorTold xiaomi_told{R"({"result":"ok","code":0})", R"({"result":"error","code":65015})",
                                        R"({"result":"error","code":20301})",
                                        R"({"result":"error","code":10001})"};
inline constexpr VendorTold oppo_told{R"({"code":0})", nullptr, R"({"code":10000})", R"({"code":-1})"};
inline constexpr VendorTold vivo_told{R"({"result":0})", nullptr, R"({"result":10302})", R"({"result":10999})"};

}  // namespace tuanyuan::test
