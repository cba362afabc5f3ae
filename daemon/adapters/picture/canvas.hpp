#pragma once

#include <gd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/picture/picture_header.hpp"

// What is done to pictures, each step by itself.
namespace tuanyuan::picture {

struct ImageDestroyed {
  void operator()(gdImagePtr image) const { gdImageDestroy(image); }
};
using Image = std::unique_ptr<gdImage, ImageDestroyed>;

struct Size {
  int width = 0;
  int height = 0;
};

/// Null where the decoder refuses. `data` has passed read_header, and its size has been checked: decoding takes
/// 4 to 8 bytes a pixel.
Image decode(PictureKind kind, std::string_view data);

/// 1 to 8 as EXIF has it (2.3, 4.6.4, Orientation); 1, upright, where there is none or it is nonsense.
int exif_orientation(std::string_view exif);

/// `size` reduced so that neither edge is longer than `edge_max`; never enlarged, never below one pixel.
Size fitted(Size size, int edge_max);

/// The picture at another size, on white where it is transparent.
Image scaled_on_white(gdImagePtr image, Size size);

/// The picture turned and mirrored so that what `orientation` says is upright.
Image upright(Image image, int orientation);

/// The picture in the middle of a white one that is at least `edge_min` wide and high.
Image padded(Image image, int edge_min);

/// JPEG without comments and without any application segment but JFIF's. `quality` from 1 to 100.
std::string encode_jpeg(gdImagePtr image, int quality);

}  // namespace tuanyuan::picture
