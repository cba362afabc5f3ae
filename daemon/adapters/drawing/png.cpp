#include "adapters/drawing/png.hpp"

#include <new>
#include <stdexcept>

namespace tuanyuan::drawing {

cairo_status_t append_to(void* text, const unsigned char* bytes, unsigned int length) {
  try {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), length);
  } catch (const std::bad_alloc&) {
    return CAIRO_STATUS_NO_MEMORY;
  }
  return CAIRO_STATUS_SUCCESS;
}

void require(cairo_status_t status) {
  if (status == CAIRO_STATUS_NO_MEMORY) {
    throw std::bad_alloc();
  }
  if (status != CAIRO_STATUS_SUCCESS) {
    throw std::runtime_error(cairo_status_to_string(status));
  }
}

std::string png_of(cairo_surface_t* surface) {
  std::string png;
  require(cairo_surface_write_to_png_stream(surface, append_to, &png));
  return png;
}

}  // namespace tuanyuan::drawing
