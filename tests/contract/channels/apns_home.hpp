#pragma once

#include <utility>

#include "adapters/push/apns_channel.hpp"
#include "contract/channels/channel_home.hpp"
#include "core/notice_text.hpp"
#include "support/push_keys.hpp"

namespace tuanyuan::test {

/// APNs stands where the configuration says. Here that is the peer, whose port is known only with the endpoint;
/// and its addresses are hexadecimal, so what tells them apart is put behind them.
class AtThePeer final : public push::Http {
 public:
  explicit AtThePeer(push::Http& http) : http_(http) {}

  boost::asio::awaitable<push::HttpResult> request(push::HttpRequest request) override {
    request.url.port = port;
    request.url.target += "?" + paths[request.url.target.substr(request.url.target.rfind('/') + 1)];
    return http_.request(std::move(request));
  }

  std::uint16_t port = 0;
  std::map<std::string, std::string> paths;  ///< by address

 private:
  push::Http& http_;
};

template <class Loopback>
class ApnsHome final : public ChannelHome {
 public:
  ApnsHome(RealLoop& loop, ports::Log& log, std::chrono::milliseconds deadline)
      : loopback_(loop),
        at_the_peer_(loopback_.client),
        channel_({at_the_peer_, loop.clock, log}, secrets(), words_, settings(deadline)) {}

  ports::Channel& channel() override { return channel_; }
  core::Endpoint endpoint(std::uint16_t port, const std::string& path) override {
    at_the_peer_.port = port;
    const std::string address = "00ffee" + std::to_string(at_the_peer_.paths.size());
    at_the_peer_.paths[address] = path;
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
  static push::ApnsSettings settings(std::chrono::milliseconds deadline) {
    push::ApnsSettings settings;
    settings.base = "http://127.0.0.1:1";
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
  AtThePeer at_the_peer_;
  push::Credentials secrets_;
  push::Words words_{core::default_templates()};
  push::ApnsChannel channel_;
};

}  // namespace tuanyuan::test
