#pragma once

#include <filesystem>

#include "adapters/picture/canvas.hpp"
#include "adapters/picture/watermark.hpp"
#include "ports/pictures.hpp"

namespace tuanyuan::picture {

/// Debian's fonts-droid-fallback.
inline constexpr const char* watermark_font_default =
    "/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf";

/// The longest edge of what is shown. More would not fit into core::shown_photo_bytes_max anyway.
inline constexpr int shown_photo_edge_pixels_max = 1'024;

/// ports::Pictures with gd and libexif. The same picture and status give the same bytes. Decoding takes up to
/// 8 bytes a pixel (core::photo_pixels_max: 320 MB), so the blocking pool bounds how many run at once.
class GdPictures final : public ports::Pictures {
 public:
  /// Throws std::runtime_error where the watermark's font is missing: exercises could not be marked. Turns gd's
  /// messages off for the whole process.
  explicit GdPictures(const std::filesystem::path& watermark_font = watermark_font_default);

  core::Result<core::Photo> prepare(const core::Photo& photo, core::Status status) override;

 private:
  core::Photo shown(gdImagePtr image, int orientation, core::Status status) const;
  Image reduced(gdImagePtr image, int edge_pixels, core::Status status) const;

  Watermark watermark_;
};

}  // namespace tuanyuan::picture
