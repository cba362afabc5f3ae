#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/recipient.hpp"

namespace tuanyuan::core {

/// By which of its endpoints somebody is told. Addresses and secrets stay in the directory.
struct Way {
  ChannelKind channel = ChannelKind::mqtt;
  std::uint64_t endpoint = 0;  ///< endpoint_key; 0: MQTT's, or the first of its channel

  friend auto operator<=>(const Way&, const Way&) = default;
};

/// A digest of channel and address, the same in every program, for it is stored; never 0, but for MQTT. A new
/// secret makes no other endpoint of it. It tells two endpoints of one recipient apart, and is no secret itself.
std::uint64_t endpoint_key(const Endpoint& endpoint);
Way way_of(const Endpoint& endpoint);

using EndpointKeys = std::vector<std::uint64_t>;

/// What a recipient had before and has no more once `now` takes the place of `before`, oldest first: what was told
/// there has to be recalled there. Of those that had left earlier only the `needed` ones stay; not said: all.
/// former_endpoints_max at the most.
std::vector<Endpoint> former_endpoints(std::vector<Endpoint> former, const std::vector<Endpoint>& before,
                                       const std::vector<Endpoint>& now,
                                       const std::optional<EndpointKeys>& needed);

}  // namespace tuanyuan::core
