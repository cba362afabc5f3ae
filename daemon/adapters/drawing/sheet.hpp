#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/drawing/geometry.hpp"
#include "adapters/drawing/handles.hpp"
#include "adapters/drawing/outlined_text.hpp"

namespace tuanyuan::drawing {

struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
};

// The same as on the pages (daemon/pages/design/tokens.css): red is meant, violet is an exercise.
inline constexpr Colour white{1, 1, 1};
inline constexpr Colour ink{0x15 / 255.0, 0x20 / 255.0, 0x2B / 255.0};
inline constexpr Colour soft_ink{0x4A / 255.0, 0x57 / 255.0, 0x63 / 255.0};
inline constexpr Colour line_grey{0xC4 / 255.0, 0xCC / 255.0, 0xD4 / 255.0};
inline constexpr Colour meant_red{0xA3 / 255.0, 0x14 / 255.0, 0x1F / 255.0};
inline constexpr Colour exercise_violet{0x5B / 255.0, 0x2A / 255.0, 0x86 / 255.0};

/// Preferred first; what a system has not got is left to the next.
inline constexpr const char* font_families = "Noto Sans CJK SC, Noto Sans CJK, Droid Sans Fallback, sans-serif";

enum class Side { start, middle, end };

struct Style {
  double size = 10;  ///< of the letters, in the sheet's units
  bool bold = false;
  Colour colour = ink;
  Side along = Side::start;   ///< where in its room a line stands
  Side across = Side::start;  ///< and all of them, from top to bottom
  bool one_line = false;

  Style() = default;
};

/// Nothing is written in smaller letters, in the sheet's units.
inline constexpr double least_letters = 1;

/// Where a text came to stand, for whoever checks that it stands whole.
struct Written {
  std::string text;
  Box room;
  Box taken;
  double size = 0;
};

/// Text and shapes on one surface. Every text is whole: it is set in the largest letters in which it fits into its
/// room, and where there are none, not at all. One thread.
class Sheet {
 public:
  /// `language`: BCP 47, by which shared characters get their form. The surface has to outlive it.
  Sheet(cairo_surface_t* surface, const std::string& language);

  void fill(const Box& box, Colour colour);
  void outline(const Box& box, double thickness, Colour colour);
  /// The picture as large as fits, by the upper left corner of its room.
  Box picture(cairo_surface_t* picture, const Box& room);
  /// Likewise what is made of squares, whose edges stay sharp: in a picture each is a whole number of pixels wide.
  Box squares(cairo_surface_t* picture, const Box& room);
  static Extent picture_extent(cairo_surface_t* picture, const Extent& room);

  /// What a text takes when it is wrapped at this width.
  Extent measure(std::string_view text, const Style& style, double width);
  /// The largest of the steps from `style.size` down to `least` in which it fits; 0: none.
  double fitting_size(std::string_view text, const Style& style, const Extent& room, double least);
  /// Writes it in such letters, at the least `least_letters`. False: it does not fit even so, and was left out.
  bool write(std::string_view text, Style style, const Box& room);
  /// Likewise turned by a quarter: reads upwards.
  bool write_upwards(std::string_view text, Style style, const Box& room);

  const std::vector<Written>& written() const { return written_; }
  /// Whether a text stands there, in letters of that size at the least. One without letters always does.
  bool shows(std::string_view text, double least) const;
  /// Where the pictures came to stand, likewise.
  const std::vector<Box>& placed() const { return placed_; }

 private:
  /// What a text that is laid out takes: its lines without the empty space that a font asks for above and below
  /// them.
  Box taken_by(PangoLayout* layout, double size) const;
  PangoLayout* lay_out(std::string_view text, const Style& style, double width);
  Box place(cairo_surface_t* picture, const Box& room, cairo_filter_t filter);
  bool put(std::string_view text, const Style& style, const Box& room);

  Pen pen_;
  Layout layout_;
  bool is_page_;
  OutlinedText outlined_;
  std::vector<Written> written_;
  std::vector<Box> placed_;
};

/// The sizes that letters step down by, from `most` to `least`, each a little smaller; the first that `fits`
/// accepts. 0: none. What does not fit in some letters is taken not to fit in larger ones. All that are smaller
/// than their `most` come from one series, whatever it is.
double largest_step(double most, double least, const std::function<bool(double size)>& fits);

}  // namespace tuanyuan::drawing
