#include "adapters/drawing/code.hpp"

#include <qrencode.h>

#include <cstring>
#include <memory>
#include <string>

namespace tuanyuan::drawing {
namespace {

constexpr int quiet_modules = 4;

struct CodeFreed {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

Surface qr_code(std::string_view text) {
  if (text.empty() || text.size() > code_bytes_max) {
    return nullptr;
  }
  const std::unique_ptr<QRcode, CodeFreed> code(QRcode_encodeData(
      static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M));
  if (code == nullptr) {
    return nullptr;
  }
  const int edge = code->width + 2 * quiet_modules;
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, edge, edge));
  if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) {
    return nullptr;
  }
  unsigned char* pixels = cairo_image_surface_get_data(surface.get());
  const std::ptrdiff_t stride = cairo_image_surface_get_stride(surface.get());
  std::memset(pixels, 0xFF, static_cast<std::size_t>(stride) * static_cast<std::size_t>(edge));
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      if ((code->data[y * code->width + x] & 1) != 0) {
        std::memset(pixels + (y + quiet_modules) * stride + static_cast<std::ptrdiff_t>(x + quiet_modules) * 4, 0,
                    4);
      }
    }
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

}  // namespace tuanyuan::drawing
