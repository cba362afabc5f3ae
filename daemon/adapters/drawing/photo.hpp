#pragma once

#include <string_view>

#include "adapters/drawing/handles.hpp"

namespace tuanyuan::drawing {

/// Edges of a photo that is drawn. The daemon's own have at most 1,024; whatever else comes is not unpacked.
inline constexpr int drawn_photo_edge_pixels_max = 4'096;

/// A photo as a surface, by its first bytes JPEG or PNG. Null where it is neither, damaged, or too large: drawn
/// without a photo is better than not at all. A JPEG stays itself in a PDF.
Surface load_photo(std::string_view bytes);

/// "image/jpeg", "image/png", or nothing where it is neither.
std::string_view photo_type(std::string_view bytes);

}  // namespace tuanyuan::drawing
