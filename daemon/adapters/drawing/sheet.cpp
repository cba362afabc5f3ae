#include "adapters/drawing/sheet.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <numbers>

#include "adapters/drawing/plain_text.hpp"
#include "core/unicode.hpp"

namespace tuanyuan::drawing {
namespace {

constexpr double step = 0.94;
constexpr float line_factor = 0.92F;
/// Chinese fonts ask for nearly half a letter of empty space around a line. What no letter of the text reaches
/// into is left out, up to here.
constexpr double trimmed_above = 0.2;
constexpr double trimmed_below = 0.06;
/// No letter is narrower than this part of its height: a text that is too long even so need not be laid out.
constexpr double narrowest = 0.12;
constexpr double tolerance = 0.01;  ///< of a unit: sums of heights are not exact

double units(int pango) {
  return static_cast<double>(pango) / PANGO_SCALE;
}

void use(cairo_t* pen, Colour colour) {
  cairo_set_source_rgb(pen, colour.red, colour.green, colour.blue);
}

PangoAlignment alignment(Side side) {
  switch (side) {
    case Side::middle:
      return PANGO_ALIGN_CENTER;
    case Side::end:
      return PANGO_ALIGN_RIGHT;
    case Side::start:
      break;
  }
  return PANGO_ALIGN_LEFT;
}

double offset(Side side, double room, double taken) {
  switch (side) {
    case Side::middle:
      return (room - taken) / 2;
    case Side::end:
      return room - taken;
    case Side::start:
      break;
  }
  return 0;
}

}  // namespace

Box Box::take_top(double amount) {
  const Box taken{x, y, width, amount};
  y += amount;
  height -= amount;
  return taken;
}

Box Box::take_bottom(double amount) {
  height -= amount;
  return {x, y + height, width, amount};
}

Box Box::take_left(double amount) {
  const Box taken{x, y, amount, height};
  x += amount;
  width -= amount;
  return taken;
}

double largest_step(double most, double least, const std::function<bool(double size)>& fits) {
  if (most < least) {
    return 0;
  }
  if (fits(most)) {
    return most;
  }
  // The same sizes everywhere: each new one has all its fonts looked up, which takes longer than setting the text.
  const int first = static_cast<int>(std::floor(std::log(most) / std::log(step))) + 1;
  const int last = static_cast<int>(std::floor(std::log(least) / std::log(step)));
  int fitting = last + 1;  // the smallest number of steps that is known to be enough
  int too_few = first - 1;
  while (fitting - too_few > 1) {
    const int tried = (fitting + too_few) / 2;
    (fits(std::pow(step, tried)) ? fitting : too_few) = tried;
  }
  if (fitting <= last) {
    return std::pow(step, fitting);
  }
  return fits(least) ? least : 0;
}

Sheet::Sheet(cairo_surface_t* surface, const std::string& language)
    : pen_(cairo_create(surface)),
      layout_(pango_cairo_create_layout(pen_.get())),
      is_page_(cairo_surface_get_type(surface) == CAIRO_SURFACE_TYPE_PDF) {
  if (cairo_status(pen_.get()) != CAIRO_STATUS_SUCCESS) {
    throw std::bad_alloc();
  }
  // The same letters on a page as in a picture: nothing is bent to a pixel grid.
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  PangoContext* context = pango_layout_get_context(layout_.get());
  pango_cairo_context_set_font_options(context, options);
  cairo_font_options_destroy(options);
  pango_cairo_context_set_resolution(context, 72);  // a point is a unit
  pango_context_set_language(context, pango_language_from_string(language.c_str()));
  pango_layout_context_changed(layout_.get());
  pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_line_spacing(layout_.get(), line_factor);
}

void Sheet::fill(const Box& box, Colour colour) {
  use(pen_.get(), colour);
  cairo_rectangle(pen_.get(), box.x, box.y, box.width, box.height);
  cairo_fill(pen_.get());
}

void Sheet::outline(const Box& box, double thickness, Colour colour) {
  use(pen_.get(), colour);
  cairo_set_line_width(pen_.get(), thickness);
  cairo_rectangle(pen_.get(), box.x + thickness / 2, box.y + thickness / 2, box.width - thickness,
                  box.height - thickness);
  cairo_stroke(pen_.get());
}

Extent Sheet::picture_extent(cairo_surface_t* picture, const Extent& room) {
  const double width = cairo_image_surface_get_width(picture);
  const double height = cairo_image_surface_get_height(picture);
  const double scale = std::min(room.width / width, room.height / height);
  return {width * scale, height * scale};
}

Box Sheet::place(cairo_surface_t* picture, const Box& room, cairo_filter_t filter) {
  const Extent extent = picture_extent(picture, {room.width, room.height});
  const double scale = extent.width / cairo_image_surface_get_width(picture);
  cairo_save(pen_.get());
  cairo_translate(pen_.get(), room.x, room.y);
  cairo_scale(pen_.get(), scale, scale);
  cairo_set_source_surface(pen_.get(), picture, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(pen_.get()), filter);
  if (!is_page_) {
    cairo_pattern_set_extend(cairo_get_source(pen_.get()), CAIRO_EXTEND_PAD);  // no fading at its edges
  }
  cairo_rectangle(pen_.get(), 0, 0, cairo_image_surface_get_width(picture),
                  cairo_image_surface_get_height(picture));
  cairo_fill(pen_.get());
  cairo_restore(pen_.get());
  placed_.push_back({room.x, room.y, extent.width, extent.height});
  return placed_.back();
}

Box Sheet::picture(cairo_surface_t* picture, const Box& room) {
  return place(picture, room, CAIRO_FILTER_GOOD);
}

Box Sheet::squares(cairo_surface_t* picture, const Box& room) {
  Box exact = room;
  const double across = cairo_image_surface_get_width(picture);
  const double pixels = std::floor(std::min(room.width, room.height) / across);
  if (!is_page_ && pixels >= 1) {
    exact = {std::floor(room.x), std::floor(room.y), pixels * across, pixels * across};
  }
  return place(picture, exact, CAIRO_FILTER_NEAREST);
}

PangoLayout* Sheet::lay_out(std::string_view text, const Style& style, double width) {
  const Font font(pango_font_description_new());
  pango_font_description_set_family_static(font.get(), font_families);
  pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
  pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout_.get(), font.get());
  pango_layout_set_alignment(layout_.get(), alignment(style.along));
  pango_layout_set_width(layout_.get(), style.one_line ? -1 : static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_text(layout_.get(), text.data(), static_cast<int>(text.size()));
  return layout_.get();
}

Box Sheet::taken_by(PangoLayout* layout, double size) const {
  PangoRectangle reached;
  PangoRectangle asked_for;
  pango_layout_get_extents(layout, &reached, &asked_for);
  const double above = std::clamp(units(reached.y - asked_for.y), 0.0, trimmed_above * size);
  const double below =
      std::clamp(units(asked_for.y + asked_for.height - reached.y - reached.height), 0.0, trimmed_below * size);
  return {units(asked_for.x), units(asked_for.y) + above, units(asked_for.width),
          units(asked_for.height) - above - below};
}

Extent Sheet::measure(std::string_view text, const Style& style, double width) {
  const Box taken = taken_by(lay_out(plain(text), style, width), style.size);
  return {taken.width, taken.height};
}

double Sheet::fitting_size(std::string_view text, const Style& style, const Extent& room, double least) {
  const std::string set = plain(text);
  const auto letters = static_cast<double>(core::code_point_count(set).value_or(set.size()));
  return largest_step(style.size, least, [&](double size) {
    if (letters * narrowest * size * size > room.width * room.height) {
      return false;
    }
    Style tried = style;
    tried.size = size;
    const Extent taken = measure(set, tried, room.width);
    return taken.width <= room.width + tolerance && taken.height <= room.height + tolerance;
  });
}

bool Sheet::write(std::string_view text, Style style, const Box& room) {
  const std::string set = plain(text);
  if (set.empty() || room.width <= 0 || room.height <= 0) {
    return set.empty();
  }
  style.size = fitting_size(set, style, {room.width, room.height}, std::min(least_letters, style.size));
  return style.size > 0 && put(set, style, room);
}

bool Sheet::shows(std::string_view text, double least) const {
  const std::string set = plain(text);
  return set.empty() || std::any_of(written_.begin(), written_.end(), [&](const Written& written) {
           return written.text == set && written.size >= least;
         });
}

bool Sheet::put(std::string_view text, const Style& style, const Box& room) {
  PangoLayout* layout = lay_out(text, style, room.width);
  const Box taken = taken_by(layout, style.size);
  const Box at{room.x + (style.one_line ? offset(style.along, room.width, taken.width) : taken.x),
               room.y + offset(style.across, room.height, taken.height), taken.width, taken.height};
  use(pen_.get(), style.colour);
  cairo_move_to(pen_.get(), at.x - taken.x, at.y - taken.y);
  if (is_page_) {
    outlined_.show(pen_.get(), layout);
  } else {
    pango_cairo_show_layout(pen_.get(), layout);
  }
  written_.push_back({std::string(text), room, at, style.size});
  return true;
}

bool Sheet::write_upwards(std::string_view text, Style style, const Box& room) {
  cairo_save(pen_.get());
  cairo_translate(pen_.get(), room.x, room.bottom());
  cairo_rotate(pen_.get(), -std::numbers::pi / 2);
  const bool done = write(text, style, {0, 0, room.height, room.width});
  cairo_restore(pen_.get());
  if (done) {
    written_.back().room = room;
    const Box turned = written_.back().taken;
    written_.back().taken = {room.x + turned.y, room.bottom() - turned.right(), turned.height, turned.width};
  }
  return done;
}

}  // namespace tuanyuan::drawing
