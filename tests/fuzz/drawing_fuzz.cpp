// Whatever a photo or a text is, what comes of it can be drawn: a photo of a bounded size or none, and a line of
// text.
#include <cairo.h>

#include <string>

#include "adapters/drawing/photo.hpp"
#include "adapters/drawing/plain_text.hpp"
#include "core/speaking_time.hpp"
#include "core/unicode.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

void photo(std::string_view bytes) {
  const drawing::Surface surface = drawing::load_photo(bytes);
  if (surface == nullptr) {
    return;
  }
  require(!drawing::photo_type(bytes).empty());
  require(cairo_surface_status(surface.get()) == CAIRO_STATUS_SUCCESS);
  require(cairo_image_surface_get_width(surface.get()) <= drawing::drawn_photo_edge_pixels_max);
  require(cairo_image_surface_get_height(surface.get()) <= drawing::drawn_photo_edge_pixels_max);
}

void text(std::string_view bytes) {
  const std::string plain = drawing::plain(bytes);
  require(core::is_valid_utf8(plain) && drawing::plain(plain) == plain);
  for (const char c : plain) {
    require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  }
  require(drawing::escaped(bytes).find_first_of("<>\"'") == std::string::npos);
  require(core::speaking_time(plain, "zh-CN").count() >= 0 && core::speaking_time(plain, "en").count() >= 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  photo(fuzz::text_of(data, size));
  text(fuzz::text_of(data, size));
  return 0;
}
