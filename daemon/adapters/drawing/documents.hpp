#pragma once

#include <string>
#include <string_view>

#include "adapters/drawing/geometry.hpp"
#include "ports/posters.hpp"

// What is drawn, as files: what the rest of the program sees of this folder, without a word of its libraries. All
// of these throw std::bad_alloc where there is no memory, and std::runtime_error where the library says that it
// could not draw.
namespace tuanyuan::drawing {

struct Pixels {
  int width = 0;
  int height = 0;
};
/// Of a display's picture. Below that nothing can be read, and beyond it nobody builds displays.
inline constexpr int picture_edge_pixels_min = 160;
inline constexpr int picture_edge_pixels_max = 7'680;

/// ISO 216, in points.
inline constexpr Extent a4{595.28, 841.89};

struct DisplayPicture {
  std::string png;
  bool has_essentials = false;  ///< whoever is looked for, and whom to call, can be read there
};
/// Full screen, of exactly that size. Where what is essential finds no room beside the code, without that.
DisplayPicture display_png(const ports::PosterContent& content, Pixels size);
/// What a display shows while there is nothing to show.
std::string idle_png(Pixels size);

/// A4, upright, one page; fonts embedded, as far as they are used.
std::string page_pdf(const ports::PosterContent& content);
/// One line as a page as high as 16 rows of lights and as long as the line. Of an exercise the line begins with
/// its mark, as every text of one does.
std::string strip_pdf(const ports::PosterContent& content);
inline constexpr double strip_rows = 16;

/// The A4 page for browsers, with everything it needs in it: styles, photo, letters. No script; every text
/// escaped.
std::string page_html(const ports::PosterContent& content);

}  // namespace tuanyuan::drawing
