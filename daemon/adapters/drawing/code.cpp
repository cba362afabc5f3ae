#include "adapters/drawing/code.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "adapters/drawing/qr_modules.hpp"

namespace tuanyuan::drawing {
namespace {

constexpr double code_share = 1.0 / 5;  ///< of the shorter edge; rounded up to whole pixels a module
constexpr double code_share_max = 1.0 / 3;
constexpr int module_pixels_min =
    2;  ///< single pixels are lost between the lights of a wall, or where it is scaled

}  // namespace

Surface qr_code(std::string_view text) {
  const std::optional<QrModules> code = qr_modules(text);
  if (!code) {
    return nullptr;
  }
  const int edge = code->width() + 2 * qr_quiet_zone;
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, edge, edge));
  if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) {
    return nullptr;
  }
  unsigned char* pixels = cairo_image_surface_get_data(surface.get());
  const std::ptrdiff_t stride = cairo_image_surface_get_stride(surface.get());
  std::memset(pixels, 0xFF, static_cast<std::size_t>(stride) * static_cast<std::size_t>(edge));
  for (int y = 0; y < code->width(); ++y) {
    for (int x = 0; x < code->width(); ++x) {
      if (code->is_dark(x, y)) {
        std::memset(pixels + (y + qr_quiet_zone) * stride + static_cast<std::ptrdiff_t>(x + qr_quiet_zone) * 4, 0,
                    4);
      }
    }
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

int module_pixels(int modules, double shorter_edge, double room) {
  const double most = std::min(code_share_max * shorter_edge, room);
  const int wanted = static_cast<int>(std::ceil(code_share * shorter_edge / modules));
  const int fitting = static_cast<int>(std::floor(most / modules));
  const int pixels = std::min(std::max(wanted, module_pixels_min), fitting);
  return pixels < module_pixels_min ? 0 : pixels;
}

}  // namespace tuanyuan::drawing
