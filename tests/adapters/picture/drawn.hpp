#pragma once

#include <gd.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "adapters/picture/canvas.hpp"

// Pictures drawn for tests, and what a phone's file has around them.
namespace tuanyuan::picture::tests {

struct Freed {
  void operator()(void* bytes) const { gdFree(bytes); }
};

inline std::string taken(void* bytes, int size) {
  const std::unique_ptr<void, Freed> owner(bytes);
  return std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

inline std::string as_jpeg(gdImagePtr image, int quality = 90) {
  int size = 0;
  void* bytes = gdImageJpegPtr(image, &size, quality);
  return taken(bytes, size);
}

inline std::string as_png(gdImagePtr image) {
  gdImageSaveAlpha(image, 1);
  int size = 0;
  void* bytes = gdImagePngPtr(image, &size);
  return taken(bytes, size);
}

inline Image plain(int width, int height, int color) {
  Image image(gdImageCreateTrueColor(width, height));
  gdImageFilledRectangle(image.get(), 0, 0, width - 1, height - 1, color);
  return image;
}

constexpr int red = gdTrueColor(220, 0, 0);
constexpr int green = gdTrueColor(0, 180, 0);
constexpr int blue = gdTrueColor(0, 0, 220);
constexpr int grey = gdTrueColor(128, 128, 128);

/// Red above left, green above right, blue below left, grey below right.
inline Image quarters(int width, int height) {
  Image image = plain(width, height, grey);
  gdImageFilledRectangle(image.get(), 0, 0, width / 2 - 1, height / 2 - 1, red);
  gdImageFilledRectangle(image.get(), width / 2, 0, width - 1, height / 2 - 1, green);
  gdImageFilledRectangle(image.get(), 0, height / 2, width / 2 - 1, height - 1, blue);
  return image;
}

/// What compresses worst.
inline Image noise(int width, int height) {
  Image image(gdImageCreateTrueColor(width, height));
  std::mt19937 random(7);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      gdImageTrueColorPixel(image.get(), x, y) = static_cast<int>(random() & 0xFFFFFFU);
    }
  }
  return image;
}

/// A child's likeness, roughly: enough to see with one's own eyes whether a face stays a face.
inline Image face(int width, int height) {
  Image image = plain(width, height, gdTrueColor(176, 196, 214));
  const auto at = [&](double share, int edge) { return static_cast<int>(share * edge); };
  const int edge = width < height ? width : height;
  gdImageFilledEllipse(image.get(), width / 2, height, at(1.0, edge), at(0.7, edge), gdTrueColor(190, 30, 45));
  gdImageFilledEllipse(image.get(), width / 2, height / 2, at(0.52, edge), at(0.62, edge),
                       gdTrueColor(60, 40, 30));
  gdImageFilledEllipse(image.get(), width / 2, height / 2 + at(0.05, edge), at(0.44, edge), at(0.52, edge),
                       gdTrueColor(238, 200, 172));
  for (const int side : {-1, 1}) {
    const int eye = width / 2 + side * at(0.1, edge);
    gdImageFilledEllipse(image.get(), eye, height / 2, at(0.07, edge), at(0.05, edge), gdTrueColor(255, 255, 255));
    gdImageFilledEllipse(image.get(), eye, height / 2, at(0.035, edge), at(0.045, edge), gdTrueColor(40, 25, 20));
  }
  gdImageSetThickness(image.get(), at(0.012, edge) + 1);
  gdImageArc(image.get(), width / 2, height / 2 + at(0.12, edge), at(0.16, edge), at(0.1, edge), 20, 160,
             gdTrueColor(170, 60, 60));
  return image;
}

inline void put_16(std::string& bytes, std::uint32_t value) {
  bytes += static_cast<char>(value >> 8U & 0xFFU);
  bytes += static_cast<char>(value & 0xFFU);
}

/// The content of an APP1 segment that says nothing but the orientation (TIFF, big-endian).
inline std::string exif_with(int orientation) {
  std::string exif("Exif\0\0MM\0\x2A\0\0\0\x08\0\x01", 16);
  put_16(exif, 0x0112);
  put_16(exif, 3);  // SHORT
  put_16(exif, 0);
  put_16(exif, 1);
  put_16(exif, static_cast<std::uint32_t>(orientation));
  put_16(exif, 0);
  put_16(exif, 0);
  put_16(exif, 0);
  return exif;
}

/// The JPEG with one more segment after its beginning.
inline std::string with_segment(const std::string& jpeg, char marker, const std::string& content) {
  std::string segment = {'\xFF', marker};
  put_16(segment, static_cast<std::uint32_t>(content.size() + 2));
  return jpeg.substr(0, 2) + segment + content + jpeg.substr(2);
}

/// The PNG with the dimensions of its header exchanged, and without a fitting CRC.
inline std::string with_png_size(std::string png, std::uint32_t width, std::uint32_t height) {
  std::string size;
  for (const std::uint32_t edge : {width, height}) {
    put_16(size, edge >> 16U);
    put_16(size, edge & 0xFFFFU);
  }
  return png.replace(16, 8, size);
}

/// The JPEG with the dimensions of its frame exchanged.
inline std::string with_jpeg_size(std::string jpeg, std::uint32_t width, std::uint32_t height) {
  std::string size;
  put_16(size, height);
  put_16(size, width);
  return jpeg.replace(jpeg.find("\xFF\xC0") + 5, 4, size);
}

inline int distance(int a, int b) {
  const int red_off = gdTrueColorGetRed(a) - gdTrueColorGetRed(b);
  const int green_off = gdTrueColorGetGreen(a) - gdTrueColorGetGreen(b);
  const int blue_off = gdTrueColorGetBlue(a) - gdTrueColorGetBlue(b);
  return red_off * red_off + green_off * green_off + blue_off * blue_off;
}

/// As near as JPEG leaves it.
inline bool alike(int a, int b) {
  return distance(a, b) < 3 * 24 * 24;
}

}  // namespace tuanyuan::picture::tests
