#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/recipient_set.hpp"
#include "engine/endpoints.hpp"

namespace tuanyuan::engine {

/// Lower-case hexadecimal, as digests stand in the journal.
std::string to_hex(std::string_view bytes);

/// A bitmap in CRoaring's portable format.
std::string to_bytes(const core::RecipientSet& set);
std::optional<core::RecipientSet> to_recipient_set(std::string_view bytes);
/// Those sets one after the other: the channel's number in one byte, the length in four, big-endian, the bitmap.
std::string to_bytes(const GatewaySets& sets);
std::optional<GatewaySets> to_gateway_sets(std::string_view bytes);

}  // namespace tuanyuan::engine
