#include "adapters/drawing/photo.hpp"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <jpeglib.h>

namespace tuanyuan::drawing {
namespace {

constexpr std::string_view jpeg_start = "\xFF\xD8\xFF";
constexpr std::string_view png_start = "\x89PNG\r\n\x1A\n";
constexpr std::size_t png_size_at = 16;  // in IHDR, which is the first chunk (PNG, section 5.6)

bool is_small_enough(std::uint64_t width, std::uint64_t height) {
  constexpr auto most = static_cast<std::uint64_t>(drawn_photo_edge_pixels_max);
  return width > 0 && height > 0 && width <= most && height <= most;
}

/// libjpeg leaves its decoder by a jump, so nothing that has to be destroyed stands between it and here.
struct JpegFailed {
  jpeg_error_mgr manager;
  std::jmp_buf way_out;
};

[[noreturn]] void leave(j_common_ptr decoder) {
  std::longjmp(reinterpret_cast<JpegFailed*>(decoder->err)->way_out, 1);
}

void say_nothing(j_common_ptr /*decoder*/) {}

/// Where the rows go; made while the decoder runs, kept outside of it.
struct Rows {
  cairo_surface_t* surface = nullptr;
  std::vector<JSAMPLE>* row = nullptr;
};

void copy_row(const std::vector<JSAMPLE>& from, unsigned char* to, int width) {
  for (int x = 0; x < width; ++x) {
    const std::size_t at = static_cast<std::size_t>(x) * 3;
    const std::uint32_t pixel =
        static_cast<std::uint32_t>(from[at]) << 16 | static_cast<std::uint32_t>(from[at + 1]) << 8 | from[at + 2];
    std::memcpy(to + static_cast<std::ptrdiff_t>(x) * 4, &pixel, sizeof pixel);
  }
}

void read_rows(jpeg_decompress_struct& decoder, Rows& rows) {
  unsigned char* pixels = cairo_image_surface_get_data(rows.surface);
  const int stride = cairo_image_surface_get_stride(rows.surface);
  cairo_surface_flush(rows.surface);
  while (decoder.output_scanline < decoder.output_height) {
    const auto line = static_cast<std::ptrdiff_t>(decoder.output_scanline);
    JSAMPROW row = rows.row->data();
    if (jpeg_read_scanlines(&decoder, &row, 1) != 1) {
      leave(reinterpret_cast<j_common_ptr>(&decoder));
    }
    copy_row(*rows.row, pixels + line * stride, static_cast<int>(decoder.output_width));
  }
  cairo_surface_mark_dirty(rows.surface);
}

/// False: no picture came of it. `rows` then holds what has to be given back.
bool decode_jpeg(std::string_view bytes, Rows& rows) {
  jpeg_decompress_struct decoder;
  JpegFailed failed;
  decoder.err = jpeg_std_error(&failed.manager);
  failed.manager.error_exit = leave;
  failed.manager.output_message = say_nothing;
  if (setjmp(failed.way_out) != 0) {  // NOLINT(cert-err52-cpp): libjpeg knows no other way
    jpeg_destroy_decompress(&decoder);
    return false;
  }
  jpeg_create_decompress(&decoder);
  jpeg_mem_src(&decoder, reinterpret_cast<const unsigned char*>(bytes.data()),
               static_cast<unsigned long>(bytes.size()));
  jpeg_read_header(&decoder, TRUE);
  if (!is_small_enough(decoder.image_width, decoder.image_height)) {
    leave(reinterpret_cast<j_common_ptr>(&decoder));
  }
  decoder.out_color_space = JCS_RGB;
  jpeg_start_decompress(&decoder);
  rows.row->resize(static_cast<std::size_t>(decoder.output_width) * 3);
  rows.surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(decoder.output_width),
                                            static_cast<int>(decoder.output_height));
  if (decoder.output_components != 3 || cairo_surface_status(rows.surface) != CAIRO_STATUS_SUCCESS) {
    leave(reinterpret_cast<j_common_ptr>(&decoder));
  }
  read_rows(decoder, rows);
  jpeg_finish_decompress(&decoder);
  const bool whole = failed.manager.num_warnings == 0;  // a picture cut off only warns
  jpeg_destroy_decompress(&decoder);
  return whole;
}

/// So that a PDF holds the few bytes that came instead of every pixel.
void keep_as_it_came(cairo_surface_t* surface, std::string_view bytes) {
  auto* copy = static_cast<unsigned char*>(std::malloc(bytes.size()));
  if (copy == nullptr) {
    return;
  }
  std::memcpy(copy, bytes.data(), bytes.size());
  if (cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG, copy, bytes.size(), std::free, copy) !=
      CAIRO_STATUS_SUCCESS) {
    std::free(copy);
  }
}

Surface load_jpeg(std::string_view bytes) {
  std::vector<JSAMPLE> row;
  Rows rows;
  rows.row = &row;
  const bool whole = decode_jpeg(bytes, rows);
  Surface surface(rows.surface);
  if (!whole) {
    return nullptr;
  }
  keep_as_it_came(surface.get(), bytes);
  return surface;
}

std::uint64_t big_endian_32(std::string_view bytes, std::size_t at) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return number;
}

cairo_status_t give(void* closure, unsigned char* into, unsigned int length) {
  auto& rest = *static_cast<std::string_view*>(closure);
  if (rest.size() < length) {
    return CAIRO_STATUS_READ_ERROR;
  }
  std::memcpy(into, rest.data(), length);
  rest.remove_prefix(length);
  return CAIRO_STATUS_SUCCESS;
}

Surface load_png(std::string_view bytes) {
  if (bytes.size() < png_size_at + 8 ||
      !is_small_enough(big_endian_32(bytes, png_size_at), big_endian_32(bytes, png_size_at + 4))) {
    return nullptr;
  }
  Surface surface(cairo_image_surface_create_from_png_stream(give, &bytes));
  return cairo_surface_status(surface.get()) == CAIRO_STATUS_SUCCESS ? std::move(surface) : nullptr;
}

}  // namespace

Surface load_photo(std::string_view bytes) {
  if (bytes.starts_with(jpeg_start)) {
    return load_jpeg(bytes);
  }
  return bytes.starts_with(png_start) ? load_png(bytes) : nullptr;
}

std::string_view photo_type(std::string_view bytes) {
  if (bytes.starts_with(jpeg_start)) {
    return "image/jpeg";
  }
  return bytes.starts_with(png_start) ? "image/png" : std::string_view();
}

}  // namespace tuanyuan::drawing
