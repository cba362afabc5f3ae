#include "adapters/drawing/face.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "adapters/drawing/code.hpp"
#include "adapters/drawing/fact_table.hpp"

namespace tuanyuan::drawing {
namespace {

/// The measures of a face, in hundredths of the geometric mean of its edges, so that they suit every shape. On a
/// screen of 55 inches, which is 70 cm high, the smallest facts are 3.3 cm high, as on the page for browsers:
/// 1/300 of ten metres. The telephone is 8 cm high.
struct Measures {
  double header;
  double panel;
  double footer;
  double margin;
  double name_most;
  double trait_most;
  double fact_most;
  double fact_least;  ///< the smallest that can be read from where it is meant to be
  double scan;        ///< what stands below a code
  double legible;     ///< in the sheet's units: nobody can make out what is smaller, from wherever
};
constexpr Measures of_paper{9.5, 13.5, 6.2, 3.4, 9, 4.6, 3.2, 1.25, 1.25, 5};
constexpr Measures of_display{8.5, 12, 2.6, 2.6, 8, 4.6, 4.2, 3.5, 2.2, 7};

constexpr double frame = 3.4;  ///< of an exercise, likewise
constexpr double mark_line = 3.4;
constexpr double photo_share_upright = 0.54;  ///< of what is left between header and panel, at the most
constexpr double photo_share_lying = 0.42;
constexpr double photo_height_upright = 0.58;
constexpr double narrow_room = 24;     ///< labels stand above what they label
constexpr double low_room = 4;         ///< of a width so many times its height: facts stand beside who it is
constexpr double low_who_share = 0.4;  ///< of that width

constexpr double code_of_paper = 12;  ///< hundredths likewise: 3 cm on A4
constexpr double code_line = 0.16;    ///< of a code's width, below it: what it is for
constexpr double code_row = 3;        ///< of its height: what a row has at the least that it shares with who it is
constexpr double code_corner_max = 0.5;  ///< of the body's height; what is higher has a column of its own
constexpr double one_line_share = 0.8;   ///< so much smaller letters are better than a second line
constexpr double name_line_share = 0.5;  ///< likewise, of the name
constexpr double gaps_in_height = 30;    ///< so many hundredths at the least; on a low sheet gaps are smaller

/// What who it is takes of its room at the most, one after the other: the name, and the traits as a list or on a
/// line. Gaps come on top.
struct WhoShares {
  double name;
  double list;
  double line;
};
constexpr WhoShares above_facts{0.35, 0.5, 0.3};
constexpr WhoShares without_facts{0.5, 0.75, 0.8};

constexpr Colour exercise_pale{0.93, 0.89, 0.97};

/// No band takes more of a very low or narrow sheet than these.
constexpr double header_share_max = 0.16;
constexpr double panel_share_max = 0.24;
constexpr double footer_share_max = 0.07;

class Face {
 public:
  Face(Sheet& sheet, const Extent& whole, Medium medium, const FaceParts& parts)
      : sheet_(sheet),
        text_(parts.text),
        photo_(parts.photo),
        code_(parts.code),
        medium_(medium),
        measures_(medium == Medium::paper ? of_paper : of_display),
        unit_(std::sqrt(whole.width * whole.height) / 100),
        whole_{0, 0, whole.width, whole.height},
        accent_(parts.text.exercise ? exercise_violet : meant_red) {}

  void draw() {
    sheet_.fill(whole_, white);
    Box rest = whole_;
    if (text_.exercise) {
      draw_frame();
      rest = whole_.inset(frame * unit_);
    }
    draw_header(rest.take_top(band(measures_.header, header_share_max)));
    if (text_.exercise) {
      draw_line(text_.mark_line, exercise_violet, exercise_pale, rest.take_top(band(mark_line, footer_share_max)));
    }
    if (!text_.internal.empty()) {
      draw_line(text_.internal, white, ink, rest.take_top(band(mark_line, footer_share_max)));
    }
    draw_footer(rest.take_bottom(band(measures_.footer, footer_share_max)));
    if (!text_.phone.empty()) {
      draw_panel(rest.take_bottom(band(measures_.panel, panel_share_max)));
    }
    draw_body(rest.inset(std::min(measures_.margin * unit_, 0.05 * std::min(rest.width, rest.height))));
  }

  /// By what came to stand on the sheet, however it got there.
  bool has_essentials() const {
    const auto stands = [this](const std::string& text) { return sheet_.shows(text, measures_.legible); };
    return stands(text_.title) && stands(text_.name) && stands(text_.phone) &&
           (stands(traits_on_a_line()) || std::all_of(text_.traits.begin(), text_.traits.end(), stands)) &&
           std::all_of(text_.facts.begin(), text_.facts.end(),
                       [&](const core::PosterFact& fact) { return !fact.essential || stands(fact.value); });
  }

 private:
  double band(double hundredths, double share_max) const {
    return std::min(hundredths * unit_, share_max * whole_.height);
  }

  /// On a small display more of the room than on others, because letters need their pixels.
  double letters(double hundredths) const { return std::max(hundredths * unit_, measures_.legible); }

  static Style style(double size, Colour colour, bool bold) {
    Style made;
    made.size = size;
    made.colour = colour;
    made.bold = bold;
    return made;
  }

  /// In both languages, whatever the notice is in: who passes by has to know.
  std::string mark_all_along() const {
    std::string row;
    for (int i = 0; i < 5; ++i) {
      row += row.empty() ? "演练 EXERCISE" : "　·　演练 EXERCISE";
    }
    return row;
  }

  void draw_frame() {
    const double thick = frame * unit_;
    const Box sides[] = {{0, 0, whole_.width, thick}, {0, whole_.height - thick, whole_.width, thick}};
    const Box upright[] = {{0, thick, thick, whole_.height - 2 * thick},
                           {whole_.width - thick, thick, thick, whole_.height - 2 * thick}};
    Style letters = style(0.55 * thick, white, true);
    letters.along = Side::middle;
    letters.across = Side::middle;
    letters.one_line = true;
    for (const Box& side : sides) {
      sheet_.fill(side, exercise_violet);
      sheet_.write(mark_all_along(), letters, side);
    }
    for (const Box& side : upright) {
      sheet_.fill(side, exercise_violet);
      sheet_.write_upwards(mark_all_along(), letters, side);
    }
  }

  void draw_header(Box band) {
    sheet_.fill(band, accent_);
    const double edge = std::min(measures_.margin * unit_, 0.05 * band.width);
    Box line{band.x + edge, band.y + 0.06 * band.height, band.width - 2 * edge, 0.92 * band.height};
    Style title = style(0.72 * band.height, white, true);
    title.across = Side::middle;
    title.one_line = true;
    sheet_.write(text_.title, title, line.take_left(0.62 * line.width));
    Style subtitle = style(0.3 * band.height, white, false);
    subtitle.along = Side::end;
    subtitle.across = Side::middle;
    sheet_.write(text_.subtitle, subtitle, line);
  }

  /// Across the whole sheet.
  void draw_line(const std::string& line, Colour colour, Colour ground, const Box& band) {
    sheet_.fill(band, ground);
    Style letters = style(0.6 * band.height, colour, true);
    letters.along = Side::middle;
    letters.across = Side::middle;
    letters.one_line = true;
    sheet_.write(line, letters, band.inset(0.1 * band.height));
  }

  /// Whom to call, in the largest letters of all.
  void draw_panel(Box band) {
    sheet_.fill(band, accent_);
    const double edge = std::min(measures_.margin * unit_, 0.05 * band.width);
    Box inner{band.x + edge, band.y + 0.08 * band.height, band.width - 2 * edge, 0.84 * band.height};
    const bool is_wide = inner.width > 7 * inner.height;
    if (is_wide) {
      draw_call(inner.take_left(0.28 * inner.width), 0.3);
    } else {
      draw_call(inner.take_top(0.3 * inner.height));
    }
    Style phone = style(inner.height, white, true);
    phone.across = Side::middle;
    phone.along = is_wide ? Side::middle : Side::start;
    phone.one_line = true;
    const double number_share = text_.beside.empty() ? 1 : is_wide ? 0.68 : 0.72;
    sheet_.write(text_.phone, phone, inner.take_left(number_share * inner.width));
    Style beside = style((is_wide ? 0.34 : 0.55) * inner.height, white, true);
    beside.along = Side::end;
    beside.across = Side::middle;
    beside.one_line = true;
    sheet_.write(text_.beside, beside, inner);
  }

  /// What to call for and who answers, on one line.
  void draw_call(Box room) {
    Style call = style(0.74 * room.height, white, false);
    call.across = Side::middle;
    call.one_line = true;
    sheet_.write(text_.call, call, room.take_left((text_.contact_unit.empty() ? 1 : 0.56) * room.width));
    call.along = Side::end;
    sheet_.write(text_.contact_unit, call, room);
  }

  /// Likewise, one below the other.
  void draw_call(Box room, double letters) {
    Style call = style(letters * room.height, white, false);
    call.across = text_.contact_unit.empty() ? Side::middle : Side::end;
    const double gap = 0.04 * room.height;
    sheet_.write(text_.call, call, room.take_top((text_.contact_unit.empty() ? 1 : 0.56) * room.height - gap));
    room.take_top(gap);
    call.size *= 0.8;
    call.across = Side::start;
    sheet_.write(text_.contact_unit, call, room);
  }

  void draw_footer(Box band) {
    const double edge = std::min(measures_.margin * unit_, 0.05 * band.width);
    Box line{band.x + edge, band.y, band.width - 2 * edge, band.height};
    Style small = style(1.5 * unit_, soft_ink, false);
    small.across = Side::middle;
    small.one_line = true;
    Style strong = style(2.1 * unit_, ink, true);
    strong.along = Side::end;
    strong.across = Side::middle;
    strong.one_line = true;
    if (medium_ == Medium::display) {
      small.size = strong.size = 1.7 * unit_;
      sheet_.write(text_.issuer, small, line.take_left(0.64 * line.width));
      sheet_.write(text_.authority, strong, line);
      return;
    }
    Box left = line.take_left(0.7 * line.width);
    left = {left.x, left.y + 0.1 * left.height, left.width, 0.8 * left.height};
    sheet_.write(text_.issuer, small, left.take_top(left.height / 2));
    sheet_.write(text_.reference, small, left);
    sheet_.write(text_.authority, strong, line);
  }

  /// The photo stands on the left, who it is of beside it; what is known, beside it too, or below on an upright
  /// sheet.
  void draw_body(Box body) {
    const bool is_column = body.height > body.width && photo_ != nullptr;
    const Extent code = code_extent(body);
    Box below{body.x, body.bottom(), body.width, 0};
    if (photo_ != nullptr) {
      below = draw_photo(body, code);
    }
    if (code.width > 0 && is_column) {
      draw_who_above_code(body, code);
    } else if (code.width > 0) {
      draw_who_beside_code(body, code);
    } else if (is_low(body)) {
      draw_who_beside_facts(body);
    } else {
      draw_who(body, is_column || is_narrow(body), above_facts);
    }
    draw_facts({body, is_column || is_narrow(body)}, {below, is_narrow(below)},
               code.width > 0 ? text_.more_by_code : text_.more_by_phone);
  }

  bool is_narrow(const Box& room) const { return room.width < narrow_room * unit_; }

  bool is_low(const Box& room) const { return room.width > low_room * room.height; }

  /// Leaves what stands beside it, and gives what stands below, without height on a lying sheet. A code that is to
  /// stand beside it has the room that it needs.
  Box draw_photo(Box& body, const Extent& code) {
    const bool upright = body.height > body.width;
    const double gap = measures_.margin * unit_;
    const double widest = body.width - (upright && code.width > 0 ? code.width + gap : 0);
    const Extent room{std::min((upright ? photo_share_upright : photo_share_lying) * body.width, widest),
                      (upright ? photo_height_upright : 1) * body.height};
    const Extent taken = Sheet::picture_extent(photo_, room);
    sheet_.picture(photo_, {body.x, body.y, taken.width, taken.height});
    sheet_.outline({body.x, body.y, taken.width, taken.height}, 0.12 * unit_, line_grey);
    Box below{body.x, body.bottom(), body.width, 0};
    if (upright) {
      const double row = std::max(taken.height, std::min(code_row * code.height, body.height));
      below = body.take_bottom(body.height - row);
      below.take_top(std::min(gap, below.height));
    }
    body.take_left(std::min(taken.width + gap, body.width));
    return below;
  }

  /// With the line below it. Nothing: there is none, or no room in which it could be read.
  Extent code_extent(const Box& body) const {
    if (code_ == nullptr) {
      return {};
    }
    double side = code_of_paper * unit_;
    if (medium_ == Medium::display) {
      const int modules = cairo_image_surface_get_width(code_);
      const double shorter_edge = std::min(whole_.width, whole_.height);
      side = modules * module_pixels(modules, shorter_edge, std::min(body.width, body.height));
    }
    return {side, std::min((1 + code_line) * side, body.height)};
  }

  /// Whoever reads the line is about to scan, and stands near.
  void draw_code(Box block) {
    sheet_.squares(code_, block.take_top(block.width));
    Style line = style(measures_.scan * unit_, soft_ink, false);
    line.along = Side::middle;
    line.across = Side::middle;
    line.one_line = true;
    sheet_.write(text_.scan, line, block);
  }

  /// Beside the photo of an upright sheet. What is left for facts there is little; they have the room below.
  void draw_who_above_code(Box& room, const Extent& code) {
    const double gap = measures_.margin * unit_;
    const Box taken = room.take_bottom(std::min(code.height + gap, room.height));
    draw_code({taken.x, taken.bottom() - code.height, code.width, code.height});
    draw_who(room, true, without_facts);
  }

  /// So that both have all of the little height that there is.
  void draw_who_beside_facts(Box& room) {
    Box who = room.take_left(low_who_share * room.width);
    room.take_left(std::min(measures_.margin * unit_, room.width));
    draw_who(who, is_narrow(who), without_facts);
  }

  /// In the upper right corner, and the facts below both; on a low sheet they too stand beside it.
  void draw_who_beside_code(Box& room, const Extent& code) {
    const double gap = measures_.margin * unit_;
    draw_code({room.right() - code.width, room.y, code.width, code.height});
    Box who{room.x, room.y, room.width - code.width - gap, room.height};
    if (is_low(who)) {
      draw_who_beside_facts(who);
      room = who;
      return;
    }
    draw_who(who, is_narrow(who), above_facts);
    if (code.height > code_corner_max * room.height) {
      room = who;
    } else {
      room.take_top(std::min(std::max(who.y - room.y, code.height + gap / 2), room.height));
    }
  }

  /// Takes from the top what it needs.
  void draw_who(Box& room, bool has_list, const WhoShares& shares) {
    const double hundredth = std::min(unit_, room.height / gaps_in_height);
    const auto leave = [&](double hundredths) {
      return room.take_top(std::min(hundredths * hundredth, room.height));
    };
    Style name = style(letters(measures_.name_most), ink, true);
    name.one_line = is_short(text_.name, name, {room.width, shares.name * room.height}, name_line_share);
    write_block(text_.name, name, room, shares.name);
    leave(0.8);
    sheet_.fill(leave(0.4), accent_);
    leave(1.2);
    Style traits = style(letters(measures_.trait_most), ink, true);
    if (has_list) {
      write_list(text_.traits, traits, room, shares.list);
    } else {
      const std::string line = traits_on_a_line();
      traits.one_line = is_short(line, traits, {room.width, shares.line * room.height}, one_line_share);
      write_block(line, traits, room, shares.line);
    }
    leave(1.2);
  }

  std::string traits_on_a_line() const {
    std::string line;
    for (const std::string& trait : text_.traits) {
      line += (line.empty() ? "" : "　") + trait;
    }
    return line;
  }

  /// Beside the photo and then below it; where there is no below, in one column or in two, whichever shows more.
  void draw_facts(FactTable::Room first, FactTable::Room second, const std::string& more) {
    FactTable table(sheet_, text_.facts, more,
                    {letters(measures_.fact_most), letters(measures_.fact_least), measures_.legible});
    FactTable::Plan plan = table.plan(first, second);
    if (second.box.height <= 0) {
      const Box beside = first.box;
      const double gap = measures_.margin * unit_;
      const double half = (beside.width - gap) / 2;
      const Box left_half{beside.x, beside.y, half, beside.height};
      const FactTable::Room left{left_half, is_narrow(left_half)};
      const FactTable::Room right{{beside.x + half + gap, beside.y, half, beside.height}, left.narrow};
      FactTable::Plan columns = half > 0 ? table.plan(left, right) : FactTable::Plan();
      if (table.is_better(columns, plan)) {
        first = left;
        second = right;
        plan = std::move(columns);
      }
    }
    table.write(plan, first, second, accent_);
  }

  /// Whether it is better set in smaller letters on one line than in larger ones on two.
  bool is_short(const std::string& text, Style letters, const Extent& room, double share) {
    letters.one_line = true;
    return sheet_.fitting_size(text, letters, room, share * letters.size) > 0;
  }

  /// One below the other, in letters of one size; `share_max` of the room at the most.
  void write_list(const std::vector<std::string>& texts, Style letters, Box& room, double share_max) {
    const double share = share_max * room.height / static_cast<double>(std::max<std::size_t>(texts.size(), 1));
    for (const std::string& text : texts) {
      letters.size = sheet_.fitting_size(text, letters, {room.width, share}, std::min(1.0, letters.size));
      if (letters.size == 0) {
        return;
      }
    }
    for (const std::string& text : texts) {
      write_block(text, letters, room, 1);
      room.take_top(std::min(0.3 * letters.size, room.height));
    }
  }

  /// Takes from the top what the text needs, at most `share` of what is there.
  void write_block(const std::string& text, Style letters, Box& room, double share) {
    const Extent most{room.width, share * room.height};
    const double size = sheet_.fitting_size(text, letters, most, 1);
    if (size == 0) {
      return;
    }
    letters.size = size;
    const double height = std::min(sheet_.measure(text, letters, room.width).height, most.height);
    sheet_.write(text, letters, room.take_top(height));
  }

  Sheet& sheet_;
  const core::PosterText& text_;
  cairo_surface_t* photo_;
  cairo_surface_t* code_;
  Medium medium_;
  const Measures& measures_;
  double unit_;
  Box whole_;
  Colour accent_;
};

}  // namespace

bool draw_face(Sheet& sheet, const Extent& whole, Medium medium, const FaceParts& parts) {
  Face face(sheet, whole, medium, parts);
  face.draw();
  return face.has_essentials();
}

}  // namespace tuanyuan::drawing
