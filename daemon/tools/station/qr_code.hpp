#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tuanyuan::station {

/// A QR code (drawing::qr_modules) as SVG, black on white with its quiet zone, one unit a module.
/// Nothing: the text is empty or too long.
std::optional<std::string> qr_svg(std::string_view text);

}  // namespace tuanyuan::station
