#pragma once

#include <string_view>

#include "adapters/drawing/handles.hpp"

namespace tuanyuan::drawing {

/// What a code may say: more would make its modules too small to be read from a few steps away.
inline constexpr std::size_t code_bytes_max = 512;

/// A QR code (ISO/IEC 18004) of the text, a pixel a module, with the quiet zone of four around it. Null for an
/// empty or too long text.
Surface qr_code(std::string_view text);

}  // namespace tuanyuan::drawing
