#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "tools/station/public_copy.hpp"
#include "tools/station/screen.hpp"

namespace tuanyuan::station {

inline constexpr std::size_t page_body_bytes_max = 128 * 1024;
inline constexpr std::size_t held_notices_max = 1'000;

/// The name of a picture in the paths of a screen: its SHA-256 in hex.
std::string photo_name(const core::Notice& notice);

/// What a screen has to show now, as JSON on one line. Paths in it are relative to the screen's own.
std::string current_json(const Screen& screen, const PublicCopies& copies, core::Instant now);

/// What a page posts. Strict: the page is our own, and whatever else comes was not meant. Nothing: it is none.
std::optional<PageAccount> parse_account(std::string_view body);
std::optional<PersonsAnswer> parse_answer(std::string_view body);

}  // namespace tuanyuan::station
