#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>

#include "core/forecast.hpp"
#include "core/refusal.hpp"
#include "core/tally.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// Whose usual way, or whose hub's, is a gateway.
core::RecipientsByWay ways_of(const World& world, const core::RecipientSet& recipients);

/// When what waits for this alert will have been sent. Refuses (unavailable) where the ledger cannot be read.
boost::asio::awaitable<core::Result<core::Forecast>> forecast_for(World& world, core::AlertId alert);

/// When so many rows of each channel would have been sent, were they queued now, and behind all that waits. What
/// receivers have of quotas and troubles of their own is left out. Refuses likewise.
boost::asio::awaitable<core::Result<core::Forecast>> forecast_of(World& world,
                                                                 std::map<core::ChannelKind, std::uint64_t> rows);

}  // namespace tuanyuan::engine
