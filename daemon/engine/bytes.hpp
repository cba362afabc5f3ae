#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/recipient_set.hpp"
#include "engine/told_by.hpp"

namespace tuanyuan::engine {

/// Lower-case hexadecimal, as digests stand in the journal.
std::string to_hex(std::string_view bytes);

/// A bitmap in CRoaring's portable format.
std::string to_bytes(const core::RecipientSet& set);
std::optional<core::RecipientSet> to_recipient_set(std::string_view bytes);
/// One after the other: the ordinal in four bytes, the channel's number in one, the endpoint's key in eight,
/// big-endian.
std::string to_bytes(const ToldBy& told_by);
std::optional<ToldBy> to_told_by(std::string_view bytes);
/// As an earlier version of this program has left it: of each channel its number in one byte, then a length in
/// four, big-endian, and a bitmap. It names no endpoints.
std::optional<ToldBy> to_told_by_channels(std::string_view bytes);

}  // namespace tuanyuan::engine
