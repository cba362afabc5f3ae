#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tuanyuan::station {

/// Longer texts make codes too fine for a telephone's camera some steps away.
inline constexpr std::size_t qr_text_bytes_max = 300;

/// A QR code (ISO/IEC 18004, error correction M) as SVG, black on white with its quiet zone, one unit a module.
/// Nothing: the text is empty or too long.
std::optional<std::string> qr_svg(std::string_view text);

}  // namespace tuanyuan::station
