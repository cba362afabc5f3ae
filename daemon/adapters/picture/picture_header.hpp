#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tuanyuan::picture {

/// A progressive JPEG may ask for the whole picture to be gone over once a scan, for a few bytes each. Cameras
/// and editors write about ten.
inline constexpr int jpeg_scans_max = 32;

enum class PictureKind { jpeg, png };

/// "image/jpeg", "image/png".
std::string_view media_type(PictureKind kind);

/// By the first bytes, whatever the sender says it is.
std::optional<PictureKind> sniff(std::string_view data);

/// What can be known of a picture without decoding it.
struct PictureHeader {
  std::uint32_t width = 0;  ///< pixels, as stored
  std::uint32_t height = 0;
  std::string_view exif;  ///< of a JPEG: from "Exif\0\0" to the end of its segment; empty: none
};

/// Reads the structure from beginning to end with the decoder's own idea of where a segment begins, so that
/// both see the same dimensions. Nothing where the structure is broken or incomplete (no end marker, so cut
/// off), a size is given twice or not at all, or there are more scans than jpeg_scans_max.
std::optional<PictureHeader> read_header(PictureKind kind, std::string_view data);

}  // namespace tuanyuan::picture
