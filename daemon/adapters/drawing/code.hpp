#pragma once

#include <string_view>

#include "adapters/drawing/handles.hpp"

namespace tuanyuan::drawing {

/// A QR code of the text (qr_modules), a pixel a module, with its quiet zone around it. Null for an
/// empty or too long text.
Surface qr_code(std::string_view text);

}  // namespace tuanyuan::drawing
