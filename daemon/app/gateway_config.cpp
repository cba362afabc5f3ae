#include "app/gateway_config.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include "adapters/push/address_guard.hpp"
#include "adapters/push/url.hpp"
#include "app/toml_reader.hpp"

namespace tuanyuan::app {
namespace {

constexpr std::int64_t in_flight_max = 4'096;
constexpr std::int64_t deadline_seconds_max = 60;
constexpr std::int64_t sends_per_minute_max = 10'000'000;

/// A section of the configuration: its defaults, and which of its keys must be given where it is enabled.
struct GatewaySection {
  core::ChannelKind kind;
  GatewayConfig defaults;
  std::vector<std::string> needed;
  std::map<std::string, std::vector<std::string>> choices = {};  ///< of texts that can be nothing else
};

/// Receivers of webhooks are many, each with its own speed: so many are asked at once.
GatewaySection webhook() {
  GatewayConfig config;
  config.enabled = true;
  config.in_flight = 256;
  config.texts = {{"format", "plain"}, {"source", ""}};
  return {core::ChannelKind::webhook, config, {}, {{"format", {"plain", "cloudevents", "cloudevents-binary"}}}};
}

/// A vendor that counts 20 messages in any minute of each bot: with 6 at once, and 14 more in the minute.
core::RatePolicy twenty_a_minute() {
  core::RatePolicy policy;
  policy.sends = 14;
  policy.burst = 6;
  return policy;
}

/// 100 a minute, and 5 in a second.
core::RatePolicy hundred_a_minute() {
  core::RatePolicy policy;
  policy.sends = 90;
  policy.burst = 3;
  return policy;
}

/// Bots need nothing but what their endpoints have. They are in some hundred groups, on one vendor's servers.
GatewaySection bots(core::ChannelKind kind, std::string base, const core::RatePolicy& lane) {
  GatewayConfig config;
  config.enabled = true;
  config.in_flight = 32;
  config.base = std::move(base);
  config.lane = lane;
  return {kind, config, {}};
}

/// Kannel beside the daemon; the network behind it sets the pace.
GatewaySection sms() {
  GatewayConfig config;
  config.base = "http://127.0.0.1:13013";
  config.texts = {{"username", "tuanyuan"}, {"from", ""}};
  config.numbers = {{"parts_max", GatewayNumber{4, 1, 10}}};
  config.secrets = {{"password", ""}, {"inbound_token", ""}};
  return {core::ChannelKind::sms, config, {"password"}};
}

/// A platform that dials: as many at once as it has lines.
GatewaySection voice() {
  GatewayConfig config;
  config.base = "https://127.0.0.1:8088/calls";
  config.secrets = {{"token", ""}};
  return {core::ChannelKind::voice, config, {"token"}};
}

/// 600 pushes a minute is what JPush gives without payment.
GatewaySection jpush() {
  GatewayConfig config;
  config.in_flight = 32;
  config.sends_per_minute = 600;
  config.base = "https://api.jpush.cn";
  config.texts = {{"app_key", ""}};
  config.numbers = {{"apple_production", GatewayNumber{1, 0, 1}}};
  config.secrets = {{"master_secret", ""}};
  return {core::ChannelKind::jpush, config, {"app_key", "master_secret"}};
}

GatewaySection getui() {
  GatewayConfig config;
  config.in_flight = 32;
  config.base = "https://restapi.getui.com/v2";
  config.texts = {{"app_id", ""}, {"app_key", ""}};
  config.secrets = {{"master_secret", ""}};
  return {core::ChannelKind::getui, config, {"app_id", "app_key", "master_secret"}};
}

/// Apple's push service, one request for each device; many share a few connections.
GatewaySection apns() {
  GatewayConfig config;
  config.in_flight = 1'000;
  config.base = "https://api.push.apple.com";
  config.texts = {{"key_id", ""}, {"team_id", ""}, {"topic", ""}, {"interruption", "time-sensitive"}};
  config.secrets = {{"key", ""}};
  return {core::ChannelKind::apns,
          config,
          {"key", "key_id", "team_id", "topic"},
          {{"interruption", {"time-sensitive", "critical"}}}};
}

/// Topics are on many servers. The public one has each sender say 60 messages, and one more in 5 s.
GatewaySection ntfy() {
  GatewayConfig config;
  config.enabled = true;
  config.in_flight = 32;
  config.base = "https://ntfy.sh";
  config.lane.sends = 12;
  config.lane.burst = 50;
  return {core::ChannelKind::ntfy, config, {}};
}

/// Google's, one request for each device; 600,000 a minute is a project's quota.
GatewaySection fcm() {
  GatewayConfig config;
  config.in_flight = 500;
  config.sends_per_minute = 600'000;
  config.base = "https://fcm.googleapis.com";
  config.texts = {{"android_channel", ""}};
  config.secrets = {{"service_account", ""}};
  return {core::ChannelKind::fcm, config, {"service_account"}};
}

/// Browsers and apps, each at a push service that it has chosen. `subject` is where whoever runs it reaches us.
GatewaySection push_subscribers(core::ChannelKind kind) {
  GatewayConfig config;
  config.in_flight = 128;
  config.texts = {{"subject", ""}};
  config.secrets = {{"key", ""}};
  const bool needs_key = kind == core::ChannelKind::web_push;
  return {kind, config, needs_key ? std::vector<std::string>{"key", "subject"} : std::vector<std::string>{}};
}

/// What handset makers share. The quotas are each app's own.
GatewaySection handset_maker(core::ChannelKind kind, std::string base, std::vector<std::string> needed,
                             const std::string& secret, std::map<std::string, std::string, std::less<>> texts) {
  GatewayConfig config;
  config.in_flight = 32;
  config.base = std::move(base);
  config.texts = std::move(texts);
  config.secrets = {{secret, ""}};
  needed.push_back(secret);
  return {kind, config, std::move(needed)};
}

GatewaySection hms() {
  return handset_maker(core::ChannelKind::hms, "https://push-api.cloud.huawei.com", {"app_id", "client_id"},
                       "client_secret",
                       {{"app_id", ""},
                        {"client_id", ""},
                        {"category", ""},
                        {"token_url", "https://oauth-login.cloud.huawei.com/oauth2/v3/token"}});
}

GatewaySection harmony() {
  return handset_maker(core::ChannelKind::harmony, "https://push-api.cloud.huawei.com",
                       {"project_id", "key_id", "sub_account", "category"}, "private_key",
                       {{"project_id", ""},
                        {"key_id", ""},
                        {"sub_account", ""},
                        {"category", ""},
                        {"audience", "https://oauth-login.cloud.huawei.com/oauth2/v3/token"}});
}

GatewaySection honor() {
  return handset_maker(
      core::ChannelKind::honor, "https://push-api.cloud.hihonor.com", {"app_id", "client_id"}, "client_secret",
      {{"app_id", ""}, {"client_id", ""}, {"token_url", "https://iam.developer.hihonor.com/auth/token"}});
}

GatewaySection xiaomi() {
  return handset_maker(core::ChannelKind::xiaomi, "https://api.xmpush.xiaomi.com", {"package"}, "app_secret",
                       {{"package", ""}, {"channel_id", ""}});
}

GatewaySection oppo() {
  return handset_maker(core::ChannelKind::oppo, "https://api.push.oppomobile.com", {"app_key"}, "master_secret",
                       {{"app_key", ""}, {"channel_id", ""}});
}

GatewaySection vivo() {
  GatewaySection section =
      handset_maker(core::ChannelKind::vivo, "https://api-push.vivo.com.cn", {"app_id", "app_key"}, "app_secret",
                    {{"app_id", ""}, {"app_key", ""}, {"category", ""}});
  section.defaults.numbers = {{"classification", GatewayNumber{1, 0, 1}}};
  return section;
}

/// One more gateway is one more row.
const std::vector<GatewaySection>& sections() {
  static const std::vector<GatewaySection> table = {
      webhook(),
      bots(core::ChannelKind::wecom, "https://qyapi.weixin.qq.com", twenty_a_minute()),
      bots(core::ChannelKind::dingtalk, "https://oapi.dingtalk.com", twenty_a_minute()),
      bots(core::ChannelKind::feishu, "https://open.feishu.cn", hundred_a_minute()),
      sms(),
      voice(),
      jpush(),
      getui(),
      apns(),
      ntfy(),
      push_subscribers(core::ChannelKind::web_push),
      push_subscribers(core::ChannelKind::unified_push),
      fcm(),
      hms(),
      harmony(),
      honor(),
      xiaomi(),
      oppo(),
      vivo(),
  };
  return table;
}

void read_gateway(TableReader& table, GatewayConfig& config) {
  table.flag("enabled", config.enabled);
  table.number("in_flight", 1, in_flight_max,
               [&](std::int64_t count) { config.in_flight = static_cast<std::uint32_t>(count); });
  table.number("deadline_seconds", 1, deadline_seconds_max,
               [&](std::int64_t seconds) { config.deadline = std::chrono::seconds(seconds); });
  table.number("sends_per_minute", 0, sends_per_minute_max,
               [&](std::int64_t sends) { config.sends_per_minute = static_cast<std::uint32_t>(sends); });
  if (config.lane.sends != 0) {
    table.number("lane_sends_per_minute", 0, sends_per_minute_max,
                 [&](std::int64_t sends) { config.lane.sends = static_cast<std::uint32_t>(sends); });
  }
  if (!config.base.empty()) {
    table.text("base", config.base);
    if (!push::parse_url(config.base)) {
      table.refuse("base", "must be an absolute URL");
    }
  }
  for (auto& [key, value] : config.texts) {
    table.text(key, value);
  }
  for (auto& [key, number] : config.numbers) {
    table.number(key, number.least, number.most, [&number](std::int64_t value) { number.value = value; });
  }
  for (auto& [key, file] : config.secrets) {
    table.text(key, file);
  }
}

bool is_given(const GatewayConfig& config, const std::string& key) {
  const auto text = config.texts.find(key);
  const auto secret = config.secrets.find(key);
  return (text != config.texts.end() && !text->second.empty()) ||
         (secret != config.secrets.end() && !secret->second.empty());
}

std::string listed(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) {
    list += (list.empty() ? "" : ", ") + word;
  }
  return list;
}

void check_gateway(const GatewaySection& section, const GatewayConfig& config, std::vector<ConfigError>& errors) {
  const std::string path = "gateways." + std::string(core::to_string(section.kind)) + ".";
  for (const std::string& key : section.needed) {
    if (!is_given(config, key)) {
      errors.push_back({path + key, "is needed where this gateway is enabled"});
    }
  }
  for (const auto& [key, choices] : section.choices) {
    if (std::find(choices.begin(), choices.end(), config.text(key)) == choices.end()) {
      errors.push_back({path + key, "must be one of " + listed(choices)});
    }
  }
  for (const auto& [key, file] : config.secrets) {
    if (!file.empty() && !std::ifstream(file)) {
      errors.push_back({path + key, "names a file that cannot be read: " + file});
    }
  }
}

}  // namespace

GatewaysConfig::GatewaysConfig() {
  for (const GatewaySection& section : sections()) {
    each.emplace(section.kind, section.defaults);
  }
}

void read_gateways(TableReader& table, GatewaysConfig& gateways) {
  table.texts("allowed_addresses", [&](const std::string& network) {
    gateways.allowed_addresses.push_back(network);
    return push::parse_network(network).has_value();
  });
  table.text("ca", gateways.ca);
  table.text("callback_base", gateways.callback_base);
  for (auto& [kind, config] : gateways.each) {
    table.table(core::to_string(kind), [&config](TableReader& inner) { read_gateway(inner, config); });
  }
}

std::vector<ConfigError> check_gateways(const GatewaysConfig& gateways) {
  std::vector<ConfigError> errors;
  if (!gateways.ca.empty() && !std::ifstream(gateways.ca)) {
    errors.push_back({"gateways.ca", "names a file that cannot be read: " + gateways.ca});
  }
  for (const GatewaySection& section : sections()) {
    const GatewayConfig& config = gateways.of(section.kind);
    if (config.enabled) {
      check_gateway(section, config, errors);
    }
  }
  return errors;
}

}  // namespace tuanyuan::app
