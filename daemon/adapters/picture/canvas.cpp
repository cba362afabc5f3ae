#include "adapters/picture/canvas.hpp"

#include <libexif/exif-data.h>

#include <algorithm>
#include <new>
#include <utility>

#include "adapters/picture/png_essence.hpp"

namespace tuanyuan::picture {
namespace {

struct ExifFreed {
  void operator()(ExifData* data) const { exif_data_unref(data); }
};

struct GdFreed {
  void operator()(void* bytes) const { gdFree(bytes); }
};

constexpr int white = gdTrueColor(255, 255, 255);

Image white_image(Size size) {
  Image image(gdImageCreateTrueColor(size.width, size.height));
  if (image == nullptr) {
    throw std::bad_alloc();
  }
  gdImageFilledRectangle(image.get(), 0, 0, size.width - 1, size.height - 1, white);
  return image;
}

/// Where the upright picture's pixel (x, y) stands in the stored one.
std::pair<int, int> source_of(int x, int y, Size stored, int orientation) {
  const int right = stored.width - 1;
  const int bottom = stored.height - 1;
  switch (orientation) {
    case 2:
      return {right - x, y};
    case 3:
      return {right - x, bottom - y};
    case 4:
      return {x, bottom - y};
    case 5:
      return {y, x};
    case 6:
      return {y, bottom - x};
    case 7:
      return {right - y, bottom - x};
    case 8:
      return {right - y, x};
    default:
      return {x, y};
  }
}

/// Drops comments and application data but JFIF's from a JPEG that gd has written: it signs its works.
std::string without_metadata(std::string_view jpeg) {
  constexpr auto app0 = '\xE0';
  constexpr auto app15 = '\xEF';
  constexpr auto comment = '\xFE';
  constexpr auto start_of_scan = '\xDA';
  std::string kept(jpeg.substr(0, 2));
  std::size_t at = 2;
  while (at + 4 <= jpeg.size() && jpeg[at + 1] != start_of_scan) {
    const char marker = jpeg[at + 1];
    const std::size_t length = 2 + (static_cast<std::size_t>(static_cast<unsigned char>(jpeg[at + 2])) << 8U |
                                    static_cast<unsigned char>(jpeg[at + 3]));
    const bool metadata = marker == comment || (marker > app0 && marker <= app15);
    if (!metadata) {
      kept += jpeg.substr(at, length);
    }
    at += length;
  }
  kept += jpeg.substr(std::min(at, jpeg.size()));
  return kept;
}

}  // namespace

Image decode(PictureKind kind, std::string_view data) {
  // gd only reads from the pointers it takes as writable. That sizes fit an int is sure: core::photo_bytes_max.
  if (kind == PictureKind::jpeg) {
    // Some cameras' files draw warnings from libjpeg and are shown by everybody all the same. Cut-off ones have
    // been refused before, by their missing end.
    constexpr int ignoring_warnings = 1;
    return Image(gdImageCreateFromJpegPtrEx(static_cast<int>(data.size()), const_cast<char*>(data.data()),
                                            ignoring_warnings));
  }
  std::optional<std::string> essence = png_essence(data);
  return essence ? Image(gdImageCreateFromPngPtr(static_cast<int>(essence->size()), essence->data())) : nullptr;
}

int exif_orientation(std::string_view exif) {
  constexpr int as_stored = 1;
  if (exif.empty()) {
    return as_stored;
  }
  const std::unique_ptr<ExifData, ExifFreed> data(exif_data_new_from_data(
      reinterpret_cast<const unsigned char*>(exif.data()), static_cast<unsigned int>(exif.size())));
  const ExifEntry* entry =
      data == nullptr ? nullptr : exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->components != 1 || entry->size < 2) {
    return as_stored;
  }
  const int orientation = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
  return orientation >= 1 && orientation <= 8 ? orientation : as_stored;
}

Size fitted(Size size, int edge_max) {
  const int longest = std::max(size.width, size.height);
  if (longest <= edge_max) {
    return size;
  }
  const auto shortened = [&](int edge) {
    const std::int64_t rounded = (std::int64_t{edge} * edge_max + longest / 2) / longest;
    return static_cast<int>(std::max<std::int64_t>(rounded, 1));
  };
  return Size{shortened(size.width), shortened(size.height)};
}

Image scaled_on_white(gdImagePtr image, Size size) {
  Image scaled = white_image(size);
  gdImageAlphaBlending(scaled.get(), 1);
  gdImageCopyResampled(scaled.get(), image, 0, 0, 0, 0, size.width, size.height, gdImageSX(image),
                       gdImageSY(image));
  return scaled;
}

Image upright(Image image, int orientation) {
  if (orientation <= 1 || orientation > 8) {
    return image;
  }
  const Size stored{gdImageSX(image.get()), gdImageSY(image.get())};
  const bool lies_on_its_side = orientation >= 5;
  Image turned = white_image(lies_on_its_side ? Size{stored.height, stored.width} : stored);
  for (int y = 0; y < gdImageSY(turned.get()); ++y) {
    for (int x = 0; x < gdImageSX(turned.get()); ++x) {
      const auto [from_x, from_y] = source_of(x, y, stored, orientation);
      gdImageTrueColorPixel(turned.get(), x, y) = gdImageTrueColorPixel(image.get(), from_x, from_y);
    }
  }
  return turned;
}

Image padded(Image image, int edge_min) {
  const Size size{gdImageSX(image.get()), gdImageSY(image.get())};
  if (size.width >= edge_min && size.height >= edge_min) {
    return image;
  }
  const Size larger{std::max(size.width, edge_min), std::max(size.height, edge_min)};
  Image around = white_image(larger);
  gdImageCopy(around.get(), image.get(), (larger.width - size.width) / 2, (larger.height - size.height) / 2, 0, 0,
              size.width, size.height);
  return around;
}

std::string encode_jpeg(gdImagePtr image, int quality) {
  int size = 0;
  const std::unique_ptr<void, GdFreed> bytes(gdImageJpegPtr(image, &size, quality));
  if (bytes == nullptr || size < 4) {
    throw std::bad_alloc();
  }
  return without_metadata(std::string_view(static_cast<const char*>(bytes.get()), static_cast<std::size_t>(size)));
}

}  // namespace tuanyuan::picture
