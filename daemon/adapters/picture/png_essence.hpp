#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tuanyuan::picture {

/// A PNG reduced to what makes the picture: header, palette, transparency, data, end. The rest (texts, colour
/// profiles, times, all of them compressed or not) is never handed to the decoder: it could only unpack it, or
/// complain about it on the console. Nothing where a palette or transparency is out of place, of a wrong length
/// or damaged. `data` has passed read_header.
std::optional<std::string> png_essence(std::string_view data);

}  // namespace tuanyuan::picture
