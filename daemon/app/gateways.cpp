#include "app/gateways.hpp"

#include <algorithm>
#include <vector>

namespace tuanyuan::app {
namespace {

/// Names that do not resolve take seconds each, and those that do must not wait for them.
constexpr std::size_t name_threads = 4;
constexpr std::size_t names_queued_max = 1'024;

push::AddressGuard guard_of(const GatewaysConfig& config) {
  std::vector<push::Network> named;
  for (const std::string& text : config.allowed_addresses) {
    named.push_back(push::parse_network(text).value());  // the configuration was checked
  }
  return push::AddressGuard(std::move(named));
}

push::ClientLimits limits_of(const GatewaysConfig& config) {
  push::ClientLimits limits;
  limits.connections_max = std::max<std::size_t>(limits.connections_max, config.webhook.in_flight);
  return limits;
}

push::WebhookSettings settings_of(const WebhookConfig& config) {
  push::WebhookSettings settings;
  settings.deadline_ms = config.deadline;
  settings.in_flight_max = config.in_flight;
  return settings;
}

}  // namespace

Gateways::Gateways(boost::asio::any_io_executor loop, const GatewaysConfig& config, const engine::Tools& tools)
    : config_(config),
      names_(name_threads, names_queued_max),
      resolver_(names_),
      http_(loop, tools.clock, resolver_, guard_of(config), push::make_tls_context(config.ca), limits_of(config)) {
  if (config.webhook.enabled) {
    webhook_.emplace(http_, tools.clock, tools.log, settings_of(config.webhook));
  }
}

void Gateways::add_to(engine::Engine& engine) {
  if (webhook_) {
    engine::GatewayLimits limits;
    limits.rate.sends = config_.webhook.sends_per_minute;
    engine.add_gateway(*webhook_, limits);
  }
}

void Gateways::reload() {
  http_.use(push::make_tls_context(config_.ca));
}

}  // namespace tuanyuan::app
