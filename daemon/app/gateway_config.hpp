#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/rate_budget.hpp"
#include "core/recipient.hpp"

namespace tuanyuan::app {

class TableReader;
struct ConfigError;

/// A number that only some gateways know, and what it may be.
struct GatewayNumber {
  std::int64_t value = 0;
  std::int64_t least = 0;
  std::int64_t most = 0;
};

/// What one gateway is told. A gateway knows the keys of `texts`, `numbers` and `secrets` that its row in the
/// table of gateway_config.cpp has; all else is common.
struct GatewayConfig {
  bool enabled = false;
  std::uint32_t in_flight = 16;  ///< how many are asked at once
  std::chrono::seconds deadline{15};
  std::uint32_t sends_per_minute = 0;  ///< of all it sends; 0: as fast as they go
  core::RatePolicy lane;  ///< of one bot or receiver, where the vendor counts so; no sends: without limit
  std::string base;       ///< where it stands, a URL; empty: each endpoint says so itself

  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, GatewayNumber, std::less<>> numbers;
  std::map<std::string, std::string, std::less<>> secrets;  ///< by their keys: the files that hold them

  const std::string& text(std::string_view key) const { return texts.find(key)->second; }
  std::int64_t number(std::string_view key) const { return numbers.find(key)->second.value; }
};

struct GatewaysConfig {
  /// Addresses and networks that requests may go to though they are not public, and unencrypted: "10.20.0.0/16".
  std::vector<std::string> allowed_addresses;
  std::string ca;             ///< authorities to trust beside the machine's own; empty: none
  std::string callback_base;  ///< the API as gateways reach it; empty: api.base_url
  std::map<core::ChannelKind, GatewayConfig> each;

  GatewaysConfig();
  const GatewayConfig& of(core::ChannelKind kind) const { return each.at(kind); }
};

void read_gateways(TableReader& table, GatewaysConfig& gateways);
/// Files that enabled gateways name and that cannot be read, and what they need and is not given.
std::vector<ConfigError> check_gateways(const GatewaysConfig& gateways);

}  // namespace tuanyuan::app
