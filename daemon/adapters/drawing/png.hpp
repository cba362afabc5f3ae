#pragma once

#include <cairo.h>

#include <string>

namespace tuanyuan::drawing {

/// The surface as a PNG. Throws as require() does.
std::string png_of(cairo_surface_t* surface);

/// Throws std::bad_alloc where there is no memory, std::runtime_error with the library's own words for everything
/// else.
void require(cairo_status_t status);

/// Appends to the std::string behind `text`: how Cairo writes into memory.
cairo_status_t append_to(void* text, const unsigned char* bytes, unsigned int length);

}  // namespace tuanyuan::drawing
