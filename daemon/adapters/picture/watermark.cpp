#include "adapters/picture/watermark.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/picture/canvas.hpp"

namespace tuanyuan::picture {
namespace {

// The full-width letters of the Halfwidth and Fullwidth Forms: a Chinese fallback font leaves the plain ones to
// others.
constexpr std::string_view words = "演练　ＥＸＥＲＣＩＳＥ";
constexpr std::string_view drawn_letters[] = {"演", "练", "Ｅ", "Ｘ", "Ｒ", "Ｃ", "Ｉ", "Ｓ"};
constexpr std::string_view private_use_letter =
    "\xEE\x83\xBF";  // U+E0FF: what the font draws for what it has not got

constexpr double slant_radians = 0.45;
constexpr double points_per_pixel = 0.75;  // gd draws at 96 dots an inch
constexpr double letter_pixels_min = 14;
constexpr double edge_over_letter = 13;
constexpr double row_over_letter = 2.6;
constexpr double gap_over_letter = 1.2;
constexpr double letter_over_rim = 24;
constexpr int letters_alpha = 45;  // of 127, which would be invisible
constexpr int rim_alpha = 85;

struct Extent {
  double width = 0;
  double height = 0;
};

/// Null when it has been drawn, else gd's reason. Without an image only `corners` are filled in.
const char* draw(gdImagePtr image, const std::string& font, std::string_view letters, double pixels, double angle,
                 int x, int y, int color, std::array<int, 8>& corners) {
  std::string text(letters);  // gd takes both as writable and leaves them alone
  std::string path = font;
  return gdImageStringFT(image, corners.data(), color, path.data(), pixels * points_per_pixel, angle, x, y,
                         text.data());
}

Extent extent_of_words(const std::string& font, double pixels) {
  std::array<int, 8> corners{};
  const char* failed = draw(nullptr, font, words, pixels, 0, 0, 0, 0, corners);
  if (failed != nullptr) {
    throw std::runtime_error("the watermark's font " + font + ": " + failed);
  }
  return Extent{static_cast<double>(corners[2] - corners[0]), static_cast<double>(corners[1] - corners[7])};
}

struct Ink {
  int letters = 0;
  int rim = 0;
  int rim_pixels = 0;
};

/// Red with a light rim, so that the words stand out from dark and from red clothing alike.
void draw_words(gdImagePtr image, const std::string& font, double letter, int x, int y, const Ink& ink) {
  std::array<int, 8> corners{};
  for (const int down : {-ink.rim_pixels, ink.rim_pixels}) {
    for (const int right : {-ink.rim_pixels, ink.rim_pixels}) {
      draw(image, font, words, letter, slant_radians, x + right, y + down, ink.rim, corners);
    }
  }
  draw(image, font, words, letter, slant_radians, x, y, ink.letters, corners);
}

/// What one letter looks like.
std::vector<int> look_of(const std::string& font, std::string_view letter) {
  constexpr int edge = 64;
  const Image image(gdImageCreateTrueColor(edge, edge));
  if (image == nullptr) {
    throw std::bad_alloc();
  }
  std::array<int, 8> corners{};
  draw(image.get(), font, letter, 40, 0, 8, 50, gdTrueColor(255, 255, 255), corners);
  std::vector<int> pixels;
  pixels.reserve(edge * edge);
  for (int y = 0; y < edge; ++y) {
    for (int x = 0; x < edge; ++x) {
      pixels.push_back(gdImageGetTrueColorPixel(image.get(), x, y));
    }
  }
  return pixels;
}

/// A font draws the same box for every letter that it has not got.
void require_letters(const std::string& font) {
  const std::vector<int> missing = look_of(font, private_use_letter);
  for (const std::string_view letter : drawn_letters) {
    if (look_of(font, letter) == missing) {
      throw std::runtime_error("the watermark's font " + font + " has not got the letter " + std::string(letter));
    }
  }
}

}  // namespace

Watermark::Watermark(const std::filesystem::path& font) : font_(font.string()) {
  if (!std::filesystem::is_regular_file(font)) {
    throw std::runtime_error("the watermark's font " + font_ +
                             " is missing; exercises cannot be marked without it (Debian: fonts-droid-fallback)");
  }
  extent_of_words(font_, 40);
  require_letters(font_);
}

void Watermark::stamp(gdImagePtr image) const {
  const int width = gdImageSX(image);
  const int height = gdImageSY(image);
  const double letter = std::max(letter_pixels_min, std::min(width, height) / edge_over_letter);
  const Extent extent = extent_of_words(font_, letter);
  const double along_step = extent.width + gap_over_letter * letter;
  const double across_step = row_over_letter * letter;
  const double reach = std::hypot(width, height) / 2;
  const double along_x = std::cos(slant_radians);
  const double along_y = -std::sin(slant_radians);  // y counts downwards

  gdImageAlphaBlending(image, 1);
  const Ink ink{gdTrueColorAlpha(220, 0, 0, letters_alpha), gdTrueColorAlpha(255, 255, 255, rim_alpha),
                std::max(1, static_cast<int>(letter / letter_over_rim))};
  int row = 0;
  for (double across = -reach; across <= reach; across += across_step, ++row) {
    // Every other row starts half a step later, so that no upright strip stays free.
    const double start = -reach - (row % 2 == 0 ? 0.0 : along_step / 2);
    for (double along = start; along <= reach; along += along_step) {
      const int x = static_cast<int>(width / 2.0 + along * along_x - across * along_y);
      const int y = static_cast<int>(height / 2.0 + along * along_y + across * along_x);
      draw_words(image, font_, letter, x, y, ink);
    }
  }
}

}  // namespace tuanyuan::picture
