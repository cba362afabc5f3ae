#pragma once

#include <utility>

#include "adapters/crypto/vault.hpp"
#include "adapters/push/apns_channel.hpp"
#include "contract/channels/channel_home.hpp"
#include "core/notice_text.hpp"
#include "support/push_keys.hpp"

namespace tuanyuan::test {

/// APNs' addresses are hexadecimal: what the suite tells them apart by is put behind them.
class WithPaths final : public push::Http {
 public:
  explicit WithPaths(push::Http& http) : http_(http) {}

  boost::asio::awaitable<push::HttpResult> request(push::HttpRequest request) override {
    request.url.target += "?" + paths[request.url.target.substr(request.url.target.rfind('/') + 1)];
    return http_.request(std::move(request));
  }

  std::map<std::string, std::string> paths;  ///< by address

 private:
  push::Http& http_;
};

template <class Loopback>
class ApnsHome final : public ChannelHome {
 public:
  ApnsHome(RealLoop& loop, ports::Log& log, std::chrono::milliseconds deadline, std::uint16_t port)
      : loopback_(loop),
        with_paths_(loopback_.client),
        channel_({with_paths_, loop.clock, log}, secrets(), words_, links_, settings(deadline, port)) {}

  ports::Channel& channel() override { return channel_; }
  core::Endpoint endpoint(std::uint16_t, const std::string& path) override {
    const std::string address = "00ffee" + std::to_string(with_paths_.paths.size());
    with_paths_.paths[address] = path;
    return {core::ChannelKind::apns, address, ""};
  }
  Reply reply(Meaning meaning) override {
    switch (meaning) {
      case Meaning::accepted:
        return Reply(http_answer(200));
      case Meaning::rejected:
        return says(400, "BadTopic");
      case Meaning::address_dead:
        return says(410, "Unregistered");
      case Meaning::retry:
        return says(429, "TooManyRequests");
      case Meaning::retry_in_7_s:
        return says(503, "ServiceUnavailable", "Retry-After: 7\r\n");
    }
    return Reply();
  }
  std::string identity(const Received& request) override { return request.fields.at("apns-id"); }

 private:
  static Reply says(int status, const std::string& reason, const std::string& fields = "") {
    return Reply(http_answer(status, fields, R"({"reason":")" + reason + R"("})"));
  }
  static push::ApnsSettings settings(std::chrono::milliseconds deadline, std::uint16_t port) {
    push::ApnsSettings settings;
    settings.base = "http://127.0.0.1:" + std::to_string(port);
    settings.key_id = "ABC123DEFG";
    settings.team_id = "TEAM567890";
    settings.topic = "org.example.tuanyuan";
    settings.deadline_ms = deadline;
    return settings;
  }
  const push::Credentials& secrets() {
    secrets_.put("key", apns_key);
    return secrets_;
  }

  Loopback loopback_;
  WithPaths with_paths_;
  push::Credentials secrets_;
  push::Words words_{core::default_templates()};
  crypto::OpenSslVault vault_{{std::string(32, 'k')}};
  push::AnswerLinks links_{vault_, "https://localhost/api/v1"};
  push::ApnsChannel channel_;
};

}  // namespace tuanyuan::test
