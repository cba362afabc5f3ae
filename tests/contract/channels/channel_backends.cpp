#include "adapters/crypto/vault.hpp"
#include "adapters/push/bot_channel.hpp"
#include "adapters/push/fcm_channel.hpp"
#include "adapters/push/getui_channel.hpp"
#include "adapters/push/http_client.hpp"
#include "adapters/push/jpush_channel.hpp"
#include "adapters/push/ntfy_channel.hpp"
#include "adapters/push/sms_channel.hpp"
#include "adapters/push/voice_channel.hpp"
#include "adapters/push/web_push_channel.hpp"
#include "adapters/push/webhook_channel.hpp"
#include "contract/channels/apns_home.hpp"
#include "contract/channels/channel_home.hpp"
#include "contract/channels/vendor_home.hpp"
#include "runtime/blocking_pool.hpp"
#include "support/push_keys.hpp"

namespace tuanyuan::test {
namespace {

/// An HTTP client that may speak to the scripted peer on loopback.
struct Loopback {
  explicit Loopback(RealLoop& loop)
      : resolver(pool),
        client(loop.context.get_executor(), loop.clock, resolver,
               push::AddressGuard({push::parse_network("127.0.0.0/8").value()}), push::make_tls_context()) {}

  runtime::BlockingPool pool{0, 1};
  push::SystemResolver resolver;
  push::HttpClient client;
};

class WebhookHome final : public ChannelHome {
 public:
  WebhookHome(RealLoop& loop, ports::Log& log, std::chrono::milliseconds deadline, std::uint16_t)
      : loopback_(loop), channel_(loopback_.client, loop.clock, log, settings(deadline)) {}

  ports::Channel& channel() override { return channel_; }
  core::Endpoint endpoint(std::uint16_t port, const std::string& path) override {
    return {core::ChannelKind::webhook, "http://127.0.0.1:" + std::to_string(port) + "/" + path,
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  }
  Reply reply(Meaning meaning) override {
    switch (meaning) {
      case Meaning::accepted:
        return Reply(http_answer(202));
      case Meaning::rejected:
        return Reply(http_answer(422, "", "no"));
      case Meaning::address_dead:
        return Reply(http_answer(410));
      case Meaning::retry:
        return Reply(http_answer(503));
      case Meaning::retry_in_7_s:
        return Reply(http_answer(429, "Retry-After: 7\r\n"));
    }
    return Reply();
  }
  std::string identity(const Received& request) override { return request.fields.at("webhook-id"); }

 private:
  static push::WebhookSettings settings(std::chrono::milliseconds deadline) {
    push::WebhookSettings settings;
    settings.deadline_ms = deadline;
    return settings;
  }

  Loopback loopback_;
  push::WebhookChannel channel_;
};

push::RestSettings rest_settings(std::chrono::milliseconds deadline) {
  push::RestSettings settings;
  settings.deadline_ms = deadline;
  return settings;
}

const push::Words& words() {
  static const push::Words words(core::default_templates());
  return words;
}

/// What a group bot says with 200, each vendor by its own codes.
template <push::BotDialect (*dialect)(), int rejected, int dead, int retry>
class BotHome final : public ChannelHome {
 public:
  BotHome(RealLoop& loop, ports::Log& log, std::chrono::milliseconds deadline, std::uint16_t)
      : loopback_(loop),
        channel_(dialect(), {loopback_.client, loop.clock, log}, rest_settings(deadline), words(), links_) {}

  ports::Channel& channel() override { return channel_; }
  core::Endpoint endpoint(std::uint16_t port, const std::string& path) override {
    return {channel_.kind(), "http://127.0.0.1:" + std::to_string(port) + std::string(dialect().path) + path,
            "SECa1b2c3d4"};
  }
  bool carries_link() const override { return true; }
  Reply reply(Meaning meaning) override {
    switch (meaning) {
      case Meaning::accepted:
        return says(0);
      case Meaning::rejected:
        return rejected == 0 ? Reply(http_answer(400)) : says(rejected);
      case Meaning::address_dead:
        return says(dead);
      case Meaning::retry:
        return says(retry);
      case Meaning::retry_in_7_s:
        return Reply(http_answer(429, "Retry-After: 7\r\n"));
    }
    return Reply();
  }
  std::string identity(const Received& request) override { return request.fields.at("x-message-id"); }

 private:
  static Reply says(int code) {
    return Reply(http_answer(200, "", R"({"errcode":)" + std::to_string(code) + R"(,"errmsg":"x"})"));
  }

  Loopback loopback_;
  crypto::OpenSslVault vault_{{link_key}};
  push::AnswerLinks links_{vault_, link_base};
  push::BotChannel channel_;
};
using WecomHome = BotHome<push::wecom_dialect, 44'004, 93'000, -1>;
using DingtalkHome = BotHome<push::dingtalk_dialect, 0, 300'001, -1>;
using FeishuHome = BotHome<push::feishu_dialect, 0, 19'001, 19'021>;

/// What gateways to telephones and handsets share: a base address, and a number for an endpoint.
class TelephoneHome : public ChannelHome {
 public:
  core::Endpoint endpoint(std::uint16_t, const std::string&) override {
    return {channel().kind(), "+86 138-0000-0001", ""};
  }
  std::string identity(const Received& request) override { return request.fields.at("x-message-id"); }

 protected:
  TelephoneHome(RealLoop& loop, std::chrono::milliseconds deadline, std::uint16_t port)
      : loopback_(loop), settings_(rest_settings(deadline)) {
    settings_.base = "http://127.0.0.1:" + std::to_string(port);
  }

  Loopback loopback_;
  push::RestSettings settings_;
  crypto::OpenSslVault vault_{{link_key}};
  push::AnswerLinks links_{vault_, link_base};
  push::Credentials secrets_;
};

class SmsHome final : public TelephoneHome {
 public:
  SmsHome(RealLoop& loop, ports::Log& log, std::chrono::milliseconds deadline, std::uint16_t port)
      : TelephoneHome(loop, deadline, port),
        channel_({loopback_.client, loop.clock, log}, settings_, {}, words(), secrets_, links_) {}

  ports::Channel& channel() override { return channel_; }
  bool can_say(Meaning meaning) const override { return meaning != Meaning::address_dead; }
  Reply reply(Meaning meaning) override {
    switch (meaning) {
      case Meaning::accepted:
        return Reply(http_answer(202, "", "0: Accepted for delivery"));
      case Meaning::rejected:
      case Meaning::address_dead:
        return Reply(http_answer(403, "", "Not routable. Do not try again."));
      case Meaning::retry:
        return Reply(http_answer(503, "", "Temporal failure, try again later."));
      case Meaning::retry_in_7_s:
        return Reply(http_answer(503, "Retry-After: 7\r\n"));
    }
    return Reply();
  }

 private:
  push::SmsChannel channel_;
};

class VoiceHome final : public TelephoneHome {
 public:
  VoiceHome(RealLoop& loop, ports::Log& log, std::chrono::milliseconds deadline, std::uint16_t port)
      : TelephoneHome(loop, deadline, port),
        channel_({loopback_.client, loop.clock, log}, settings_, words(), secrets_, links_) {}

  ports::Channel& channel() override { return channel_; }
  Reply reply(Meaning meaning) override {
    switch (meaning) {
      case Meaning::accepted:
        return Reply(http_answer(202));
      case Meaning::rejected:
        return Reply(http_answer(422));
      case Meaning::address_dead:
        return Reply(http_answer(410));
      case Meaning::retry:
        return Reply(http_answer(503));
      case Meaning::retry_in_7_s:
        return Reply(http_answer(429, "Retry-After: 7\r\n"));
    }
    return Reply();
  }

 private:
  push::VoiceChannel channel_;
};

class JpushHome final : public TelephoneHome {
 public:
  JpushHome(RealLoop& loop, ports::Log& log, std::chrono::milliseconds deadline, std::uint16_t port)
      : TelephoneHome(loop, deadline, port),
        channel_({loopback_.client, loop.clock, log}, settings_, {"app", true}, words(), secrets_, links_) {}

  ports::Channel& channel() override { return channel_; }
  bool carries_link() const override { return true; }
  std::optional<Reply> aside(const Received& request) override {
    if (!request.line.starts_with("GET /v3/push/cid")) {
      return std::nullopt;
    }
    std::string list;
    for (int more = 0; more < 20; ++more) {
      list += (list.empty() ? "\"" : ",\"") + std::to_string(++cids_) + "\"";
    }
    return Reply(http_answer(200, "", R"({"cidlist":[)" + list + "]}"));
  }
  Reply reply(Meaning meaning) override {
    switch (meaning) {
      case Meaning::accepted:
        return Reply(http_answer(200, "", R"({"sendno":"0","msg_id":"18100287008834876"})"));
      case Meaning::rejected:
        return says(400, 1'003);
      case Meaning::address_dead:
        return says(400, 1'011);
      case Meaning::retry:
        return says(500, 1'000);
      case Meaning::retry_in_7_s:
        return Reply(http_answer(503, "Retry-After: 7\r\n"));
    }
    return Reply();
  }

 private:
  static Reply says(int status, int code) {
    return Reply(http_answer(status, "", R"({"error":{"code":)" + std::to_string(code) + R"(,"message":"x"}})"));
  }

  int cids_ = 0;
  push::JpushChannel channel_;
};

class GetuiHome final : public TelephoneHome {
 public:
  GetuiHome(RealLoop& loop, ports::Log& log, std::chrono::milliseconds deadline, std::uint16_t port)
      : TelephoneHome(loop, deadline, port),
        channel_({loopback_.client, loop.clock, log}, settings_, {"app", "key"}, words(), secrets_, links_) {}

  ports::Channel& channel() override { return channel_; }
  bool carries_link() const override { return true; }
  std::optional<Reply> aside(const Received& request) override {
    if (!request.line.starts_with("POST /app/auth")) {
      return std::nullopt;
    }
    return Reply(http_answer(200, "", R"({"code":0,"msg":"success","data":{"token":"t","expire_time":"1"}})"));
  }
  Reply reply(Meaning meaning) override {
    switch (meaning) {
      case Meaning::accepted:
        return says(0);
      case Meaning::rejected:
        return Reply(http_answer(400));
      case Meaning::address_dead:
        return says(20'001);
      case Meaning::retry:
        return says(10'001);
      case Meaning::retry_in_7_s:
        return Reply(http_answer(429, "Retry-After: 7\r\n"));
    }
    return Reply();
  }

 private:
  static Reply says(int code) {
    return Reply(http_answer(200, "", R"({"code":)" + std::to_string(code) + R"(,"msg":"x","data":{}})"));
  }

  push::GetuiChannel channel_;
};

class NtfyHome final : public TelephoneHome {
 public:
  NtfyHome(RealLoop& loop, ports::Log& log, std::chrono::milliseconds deadline, std::uint16_t port)
      : TelephoneHome(loop, deadline, port),
        channel_({loopback_.client, loop.clock, log}, settings_, words(), links_) {}

  ports::Channel& channel() override { return channel_; }
  core::Endpoint endpoint(std::uint16_t, const std::string& path) override {
    return {core::ChannelKind::ntfy, path, "tk_1"};
  }
  bool carries_link() const override { return true; }
  bool can_say(Meaning meaning) const override { return meaning != Meaning::address_dead; }
  Reply reply(Meaning meaning) override {
    switch (meaning) {
      case Meaning::accepted:
        return Reply(http_answer(200, "", R"({"id":"hwQ2YpKdmg","event":"message"})"));
      case Meaning::rejected:
      case Meaning::address_dead:
        return Reply(http_answer(400, "", R"({"code":40009,"http":400})"));
      case Meaning::retry:
        return Reply(http_answer(429, "", R"({"code":42901,"http":429})"));
      case Meaning::retry_in_7_s:
        return Reply(http_answer(503, "Retry-After: 7\r\n"));
    }
    return Reply();
  }

 private:
  push::NtfyChannel channel_;
};

template <core::ChannelKind kind>
class WebPushHome final : public TelephoneHome {
 public:
  WebPushHome(RealLoop& loop, ports::Log& log, std::chrono::milliseconds deadline, std::uint16_t port)
      : TelephoneHome(loop, deadline, port),
        channel_(kind, {loopback_.client, loop.clock, log}, settings_, "mailto:duty@example.org", words(), key(),
                 links_) {}

  ports::Channel& channel() override { return channel_; }
  core::Endpoint endpoint(std::uint16_t port, const std::string& path) override {
    // The subscription of RFC 8291's example.
    return {
        kind, "http://127.0.0.1:" + std::to_string(port) + "/" + path,
        R"({"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",)"
        R"("auth":"BTBZMqHH6r4Tts7J_aSIgg"})"};
  }
  Reply reply(Meaning meaning) override {
    switch (meaning) {
      case Meaning::accepted:
        return Reply(http_answer(201));
      case Meaning::rejected:
        return Reply(http_answer(413));
      case Meaning::address_dead:
        return Reply(http_answer(kind == core::ChannelKind::web_push ? 410 : 404));
      case Meaning::retry:
        return Reply(http_answer(502));
      case Meaning::retry_in_7_s:
        return Reply(http_answer(429, "Retry-After: 7\r\n"));
    }
    return Reply();
  }

 private:
  const push::Credentials& key() {
    secrets_.put("key", apns_key);
    return secrets_;
  }

  push::WebPushChannel channel_;
};

class FcmHome final : public TelephoneHome {
 public:
  FcmHome(RealLoop& loop, ports::Log& log, std::chrono::milliseconds deadline, std::uint16_t port)
      : TelephoneHome(loop, deadline, port),
        channel_({loopback_.client, loop.clock, log}, settings_, "", words(), account(), links_) {}

  ports::Channel& channel() override { return channel_; }
  core::Endpoint endpoint(std::uint16_t, const std::string& path) override {
    return {core::ChannelKind::fcm, path, ""};
  }
  std::optional<Reply> aside(const Received& request) override {
    if (!request.line.starts_with("POST /token")) {
      return std::nullopt;
    }
    return Reply(http_answer(200, "", R"({"access_token":"t","expires_in":3599,"token_type":"Bearer"})"));
  }
  Reply reply(Meaning meaning) override {
    switch (meaning) {
      case Meaning::accepted:
        return Reply(http_answer(200, "", R"({"name":"projects/p/messages/1"})"));
      case Meaning::rejected:
        return says(400, "INVALID_ARGUMENT");
      case Meaning::address_dead:
        return says(404, "UNREGISTERED");
      case Meaning::retry:
        return says(503, "UNAVAILABLE");
      case Meaning::retry_in_7_s:
        return says(429, "QUOTA_EXCEEDED", "Retry-After: 7\r\n");
    }
    return Reply();
  }

 private:
  static Reply says(int status, const std::string& code, const std::string& fields = "") {
    return Reply(http_answer(status, fields, R"({"error":{"details":[{"errorCode":")" + code + R"("}]}})"));
  }
  const push::Credentials& account() {
    secrets_.put("service_account", service_account(settings_.base + "/token"));
    return secrets_;
  }

  push::FcmChannel channel_;
};

template <class Home>
std::unique_ptr<ChannelHome> make(RealLoop& loop, ports::Log& log, std::chrono::milliseconds deadline,
                                  std::uint16_t port) {
  return std::make_unique<Home>(loop, log, deadline, port);
}

}  // namespace

std::vector<ChannelBackend> channel_backends() {
  return {{"webhook", core::ChannelKind::webhook, make<WebhookHome>},
          {"wecom", core::ChannelKind::wecom, make<WecomHome>},
          {"dingtalk", core::ChannelKind::dingtalk, make<DingtalkHome>},
          {"feishu", core::ChannelKind::feishu, make<FeishuHome>},
          {"sms", core::ChannelKind::sms, make<SmsHome>},
          {"voice", core::ChannelKind::voice, make<VoiceHome>},
          {"jpush", core::ChannelKind::jpush, make<JpushHome>},
          {"getui", core::ChannelKind::getui, make<GetuiHome>},
          {"apns", core::ChannelKind::apns, make<ApnsHome<Loopback>>},
          {"ntfy", core::ChannelKind::ntfy, make<NtfyHome>},
          {"web_push", core::ChannelKind::web_push, make<WebPushHome<core::ChannelKind::web_push>>},
          {"unified_push", core::ChannelKind::unified_push, make<WebPushHome<core::ChannelKind::unified_push>>},
          {"fcm", core::ChannelKind::fcm, make<FcmHome>},
          {"hms", core::ChannelKind::hms, make<VendorHome<Loopback, push::hms_dialect, hms_told>>},
          {"harmony", core::ChannelKind::harmony, make<VendorHome<Loopback, push::harmony_dialect, hms_told>>},
          {"honor", core::ChannelKind::honor, make<VendorHome<Loopback, push::honor_dialect, honor_told>>},
          {"xiaomi", core::ChannelKind::xiaomi, make<VendorHome<Loopback, push::xiaomi_dialect, xiaomi_told>>},
          {"oppo", core::ChannelKind::oppo, make<VendorHome<Loopback, push::oppo_dialect, oppo_told>>},
          {"vivo", core::ChannelKind::vivo, make<VendorHome<Loopback, push::vivo_dialect, vivo_told>>}};
}

}  // namespace tuanyuan::test
