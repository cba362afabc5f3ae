#include "app/gateways.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "adapters/crypto/files.hpp"
#include "adapters/push/apns_channel.hpp"
#include "adapters/push/bot_channel.hpp"
#include "adapters/push/fcm_channel.hpp"
#include "adapters/push/getui_channel.hpp"
#include "adapters/push/jpush_channel.hpp"
#include "adapters/push/ntfy_channel.hpp"
#include "adapters/push/sms_channel.hpp"
#include "adapters/push/vendor_channel.hpp"
#include "adapters/push/voice_channel.hpp"
#include "adapters/push/web_push_channel.hpp"
#include "adapters/push/webhook_channel.hpp"

namespace tuanyuan::app {
namespace {

/// Names that do not resolve take seconds each, and those that do must not wait for them: more than both of
/// push::NameLimits' shares together, for each of the two clients.
constexpr std::size_t name_threads = 14;
constexpr std::size_t names_queued_max = 1'024;

using Made = std::unique_ptr<ports::Channel>;

push::WebhookFormat webhook_format(std::string_view name) {
  if (name == "cloudevents") {
    return push::WebhookFormat::cloudevents;
  }
  return name == "cloudevents-binary" ? push::WebhookFormat::cloudevents_binary : push::WebhookFormat::plain;
}

Made make_webhook(const GatewayParts& parts) {
  const std::string& source = parts.config.text("source");
  push::WebhookSettings settings;
  settings.format = webhook_format(parts.config.text("format"));
  settings.source = source.empty() ? parts.links.base() : source;
  settings.deadline_ms = parts.config.deadline;
  settings.in_flight_max = parts.config.in_flight;
  return std::make_unique<push::WebhookChannel>(parts.http, parts.tools.clock, parts.tools.log, settings,
                                                &parts.links);
}

push::RestTools rest_tools(const GatewayParts& parts) {
  return {parts.http, parts.tools.clock, parts.tools.log};
}

push::RestSettings rest_settings(const GatewayConfig& config) {
  push::RestSettings settings;
  settings.deadline_ms = config.deadline;
  settings.in_flight_max = config.in_flight;
  settings.base = config.base;
  return settings;
}

template <push::BotDialect (*dialect)()>
Made make_bots(const GatewayParts& parts) {
  return std::make_unique<push::BotChannel>(dialect(), rest_tools(parts), rest_settings(parts.config), parts.words,
                                            parts.links);
}

Made make_sms(const GatewayParts& parts) {
  push::SmsSettings sms;
  sms.username = parts.config.text("username");
  sms.from = parts.config.text("from");
  sms.parts_max = static_cast<std::size_t>(parts.config.number("parts_max"));
  return std::make_unique<push::SmsChannel>(rest_tools(parts), rest_settings(parts.config), std::move(sms),
                                            parts.words, parts.secrets, parts.links);
}

Made make_voice(const GatewayParts& parts) {
  return std::make_unique<push::VoiceChannel>(rest_tools(parts), rest_settings(parts.config), parts.words,
                                              parts.secrets, parts.links);
}

Made make_jpush(const GatewayParts& parts) {
  push::JpushSettings jpush;
  jpush.app_key = parts.config.text("app_key");
  jpush.is_production = parts.config.number("apple_production") != 0;
  return std::make_unique<push::JpushChannel>(rest_tools(parts), rest_settings(parts.config), std::move(jpush),
                                              parts.words, parts.secrets, parts.links);
}

Made make_getui(const GatewayParts& parts) {
  push::GetuiSettings getui;
  getui.app_id = parts.config.text("app_id");
  getui.app_key = parts.config.text("app_key");
  return std::make_unique<push::GetuiChannel>(rest_tools(parts), rest_settings(parts.config), std::move(getui),
                                              parts.words, parts.secrets, parts.links);
}

Made make_apns(const GatewayParts& parts) {
  push::ApnsSettings settings;
  settings.base = parts.config.base;
  settings.key_id = parts.config.text("key_id");
  settings.team_id = parts.config.text("team_id");
  settings.topic = parts.config.text("topic");
  settings.is_critical = parts.config.text("interruption") == "critical";
  settings.deadline_ms = parts.config.deadline;
  settings.in_flight_max = parts.config.in_flight;
  return std::make_unique<push::ApnsChannel>(push::RestTools{parts.http2, parts.tools.clock, parts.tools.log},
                                             parts.secrets, parts.words, parts.links, std::move(settings));
}

Made make_ntfy(const GatewayParts& parts) {
  return std::make_unique<push::NtfyChannel>(rest_tools(parts), rest_settings(parts.config), parts.words,
                                             parts.links);
}

template <core::ChannelKind kind>
Made make_web_push(const GatewayParts& parts) {
  return std::make_unique<push::WebPushChannel>(kind, rest_tools(parts), rest_settings(parts.config),
                                                parts.config.text("subject"), parts.words, parts.secrets,
                                                parts.links);
}

Made make_fcm(const GatewayParts& parts) {
  return std::make_unique<push::FcmChannel>(push::RestTools{parts.http2, parts.tools.clock, parts.tools.log},
                                            rest_settings(parts.config), parts.config.text("android_channel"),
                                            parts.words, parts.secrets, parts.links);
}

template <push::VendorDialect (*dialect)()>
Made make_vendor(const GatewayParts& parts) {
  push::VendorAccount account;
  account.texts = parts.config.texts;
  for (const auto& [key, number] : parts.config.numbers) {
    account.texts.emplace(key, std::to_string(number.value));
  }
  account.secrets = &parts.secrets;
  return std::make_unique<push::VendorChannel>(dialect(), rest_tools(parts), rest_settings(parts.config),
                                               std::move(account), parts.words, parts.links);
}

struct Row {
  core::ChannelKind kind;
  Made (*make)(const GatewayParts&);
  bool by_http2 = false;  ///< then its requests share a few connections
};
/// One more gateway is one more row.
constexpr Row rows[] = {
    {core::ChannelKind::webhook, make_webhook},
    {core::ChannelKind::wecom, make_bots<push::wecom_dialect>},
    {core::ChannelKind::dingtalk, make_bots<push::dingtalk_dialect>},
    {core::ChannelKind::feishu, make_bots<push::feishu_dialect>},
    {core::ChannelKind::sms, make_sms},
    {core::ChannelKind::voice, make_voice},
    {core::ChannelKind::jpush, make_jpush},
    {core::ChannelKind::getui, make_getui},
    {core::ChannelKind::apns, make_apns, true},
    {core::ChannelKind::ntfy, make_ntfy},
    {core::ChannelKind::web_push, make_web_push<core::ChannelKind::web_push>},
    {core::ChannelKind::unified_push, make_web_push<core::ChannelKind::unified_push>},
    {core::ChannelKind::fcm, make_fcm, true},
    {core::ChannelKind::hms, make_vendor<push::hms_dialect>},
    {core::ChannelKind::harmony, make_vendor<push::harmony_dialect>},
    {core::ChannelKind::honor, make_vendor<push::honor_dialect>},
    {core::ChannelKind::xiaomi, make_vendor<push::xiaomi_dialect>},
    {core::ChannelKind::oppo, make_vendor<push::oppo_dialect>},
    {core::ChannelKind::vivo, make_vendor<push::vivo_dialect>},
};
static_assert(std::size(rows) + 1 == core::channel_count);  // all but MQTT

push::AddressGuard guard_of(const GatewaysConfig& config) {
  std::vector<push::Network> named;
  for (const std::string& text : config.allowed_addresses) {
    named.push_back(push::parse_network(text).value());  // the configuration was checked
  }
  return push::AddressGuard(std::move(named));
}

push::NameLimits never_fresh() {
  push::NameLimits limits;
  limits.fresh_ms = std::chrono::milliseconds(0);
  return limits;
}

/// What a gateway has used it finds again, so that a connection is not made for every message.
push::ClientLimits limits_of(const GatewayConnections& connections) {
  push::ClientLimits limits;
  limits.connections_max = connections.in_use;
  limits.idle_max = connections.idle;
  limits.idle_per_origin_max = std::max(limits.idle_per_origin_max, connections.in_use);
  return limits;
}

engine::GatewayLimits limits_of(const GatewayConfig& config) {
  engine::GatewayLimits limits;
  limits.rate.sends = config.sends_per_minute;
  limits.lane_rate = config.lane;
  return limits;
}

std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.pop_back();
  }
  return text;
}

}  // namespace

GatewayConnections wanted_connections(const GatewaysConfig& config) {
  GatewayConnections wanted;
  for (const Row& row : rows) {
    const GatewayConfig& own = config.of(row.kind);
    wanted.in_use += own.enabled && !row.by_http2 ? own.in_flight : 0;
  }
  wanted.idle = wanted.in_use == 0 ? 0 : std::max(push::ClientLimits().idle_max, wanted.in_use);
  return wanted;
}

Gateways::Secrets Gateways::read_secrets(const GatewaysConfig& config) {
  Secrets secrets;
  for (const auto& [kind, gateway] : config.each) {
    push::Credentials& own = secrets[kind];
    for (const auto& [key, file] : gateway.secrets) {
      if (gateway.enabled && !file.empty()) {
        own.put(key, without_line_end(crypto::read_file(file)));
      }
    }
  }
  return secrets;
}

Gateways::Gateways(boost::asio::any_io_executor loop, const GatewaysConfig& config, core::NoticeTemplates texts,
                   const std::string& api_base, const engine::Tools& tools, const GatewayConnections& connections)
    : config_(config),
      names_(name_threads, names_queued_max),
      resolver_(names_),
      known_names_(loop, tools.clock, resolver_, push::NameLimits()),
      names_of_each_(loop, tools.clock, resolver_, never_fresh()),
      http_(loop, tools.clock, known_names_, guard_of(config), push::make_tls_context(config.ca),
            limits_of(connections)),
      http2_(loop, tools.clock, tools.log, names_of_each_, guard_of(config), push::make_tls_context(config.ca)),
      secrets_(read_secrets(config)),
      words_(std::move(texts)),
      links_(tools.vault, config.callback_base.empty() ? api_base : config.callback_base) {
  for (const Row& row : rows) {
    const GatewayConfig& own = config.of(row.kind);
    if (own.enabled) {
      channels_.push_back(row.make({http_, http2_, tools, own, secrets_.at(row.kind), words_, links_}));
    }
  }
}

void Gateways::add_to(engine::Engine& engine) {
  for (const auto& channel : channels_) {
    engine.add_gateway(*channel, limits_of(config_.of(channel->kind())));
  }
}

void Gateways::reload() {
  auto trusted = push::make_tls_context(config_.ca);
  Secrets secrets = read_secrets(config_);
  http_.use(trusted);
  http2_.use(std::move(trusted));
  for (auto& [kind, own] : secrets) {
    secrets_.at(kind) = std::move(own);  // in place: the channels hold references
  }
}

}  // namespace tuanyuan::app
