// The code in a picture, as a telephone finds it: every module whole, and white all around.
#include "adapters/drawing/code.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "adapters/drawing/documents.hpp"
#include "adapters/drawing/photo.hpp"
#include "adapters/drawing/qr_modules.hpp"
#include "sample_poster.hpp"

namespace tuanyuan::drawing {
namespace {

const std::string address = "https://example.org/alerts/0198c0de-0000-7000-8000-00000000000a";

class Bitmap {
 public:
  explicit Bitmap(const std::string& png) : surface_(load_photo(png)) {}

  int width() const { return cairo_image_surface_get_width(surface_.get()); }
  int height() const { return cairo_image_surface_get_height(surface_.get()); }
  std::uint32_t at(int x, int y) const {
    const std::ptrdiff_t stride = cairo_image_surface_get_stride(surface_.get());
    std::uint32_t pixel = 0;
    std::memcpy(&pixel, cairo_image_surface_get_data(surface_.get()) + y * stride + std::ptrdiff_t{x} * 4, 4);
    return pixel & 0xFFFFFFU;
  }

 private:
  Surface surface_;
};

constexpr std::uint32_t black = 0;
constexpr std::uint32_t white_paper = 0xFFFFFF;

/// Where a code's modules stand: the square around all that is black. Letters are ink, so that nothing else is.
struct Square {
  int x = 0;
  int y = 0;
  int width = 0;
};
std::optional<Square> find_code(const Bitmap& picture) {
  int left = picture.width();
  int right = -1;
  int top = picture.height();
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) {
      if (picture.at(x, y) == black) {
        left = std::min(left, x);
        right = std::max(right, x);
        top = std::min(top, y);
      }
    }
  }
  return right < 0 ? std::nullopt : std::optional(Square{left, top, right - left + 1});
}

/// Every pixel of every module, and of four modules around them.
void expect_readable(const Bitmap& picture, const Square& found, const std::string& text) {
  const std::optional<QrModules> code = qr_modules(text);
  ASSERT_TRUE(code);
  ASSERT_EQ(found.width % code->width(), 0) << "modules that differ in width";
  const int module = found.width / code->width();
  const int edge = qr_quiet_zone * module;
  ASSERT_TRUE(found.x >= edge && found.x + found.width + edge <= picture.width());
  ASSERT_TRUE(found.y >= edge && found.y + found.width + edge <= picture.height());
  int wrong = 0;
  for (int y = -edge; y < found.width + edge; ++y) {
    for (int x = -edge; x < found.width + edge; ++x) {
      const bool inside = x >= 0 && y >= 0 && x < found.width && y < found.width;
      const bool dark = inside && code->is_dark(x / module, y / module);
      wrong += picture.at(found.x + x, found.y + y) == (dark ? black : white_paper) ? 0 : 1;
    }
  }
  EXPECT_EQ(wrong, 0);
}

ports::PosterContent with_code(ports::PosterContent content, const std::string& text = address) {
  content.code = text;
  return content;
}

TEST(CodeInPicture, WhateverTheShapeThenEveryModuleOfItAndItsQuietZone) {
  ports::PosterContent without_photo = test::sample();
  without_photo.photo = {};
  ports::PosterContent wide_photo = test::sample();
  wide_photo.photo.data = test::jpeg(900, 200);
  const ports::PosterContent contents[] = {test::sample(), test::sample(core::Status::exercise, "en"),
                                           without_photo, wide_photo};
  for (const Pixels size : {Pixels{1920, 1080}, Pixels{1080, 1920}, Pixels{800, 800}, Pixels{640, 360},
                            Pixels{384, 1536}, Pixels{1920, 360}}) {
    for (const ports::PosterContent& content : contents) {
      SCOPED_TRACE(std::to_string(size.width) + "x" + std::to_string(size.height) + " " + content.text.title);
      const Bitmap picture(display_png(with_code(content), size).png);
      const std::optional<Square> found = find_code(picture);
      ASSERT_TRUE(found);
      expect_readable(picture, *found, address);
      EXPECT_GE(found->width, 0.15 * std::min(size.width, size.height)) << "without its quiet zone";
    }
  }
}

TEST(CodeInPicture, NoneAskedForThenNothingBlack) {
  EXPECT_FALSE(find_code(Bitmap(display_png(test::sample(), {640, 360}).png)));
}

TEST(CodeInPicture, PictureTooSmallForItThenLeftOut) {
  for (const Pixels size : {Pixels{160, 160}, Pixels{240, 160}}) {
    EXPECT_FALSE(find_code(Bitmap(display_png(with_code(test::sample()), size).png)));
  }
}

TEST(CodeInPicture, AsLongAsACodeMayBeThenStillReadable) {
  const std::string longest(qr_bytes_max, 'x');
  const Bitmap picture(display_png(with_code(test::sample(), longest), {1280, 720}).png);
  const std::optional<Square> found = find_code(picture);
  ASSERT_TRUE(found);
  expect_readable(picture, *found, longest);
}

TEST(ModulePixels, ShorterEdgeThenWholePixelsOfAFifthOfIt) {
  EXPECT_EQ(module_pixels(41, 1080, 700), 6);
  EXPECT_EQ(module_pixels(41, 2160, 1400), 11);
  EXPECT_EQ(module_pixels(41, 270, 200), 2) << "not less, though it is more than a fifth";
  EXPECT_EQ(module_pixels(41, 240, 200), 0) << "more than a third";
  EXPECT_EQ(module_pixels(41, 1080, 130), 3) << "what there is room for";
  EXPECT_EQ(module_pixels(41, 1080, 81), 0);
}

}  // namespace
}  // namespace tuanyuan::drawing
