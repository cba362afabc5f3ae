#include "adapters/drawing/fact_table.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "core/unicode.hpp"

namespace tuanyuan::drawing {
namespace {

constexpr double gap_over_size = 0.42;     ///< between two facts
constexpr double margin_over_size = 0.9;   ///< between a label and what it labels
constexpr double label_over_value = 0.72;  ///< where it stands above
constexpr double label_share_max = 0.34;   ///< of the width, where it stands beside
constexpr double narrowest = 0.12;         ///< letter, of its height

Style label_style(double size, Colour colour) {
  Style style;
  style.size = size;
  style.colour = colour;
  return style;
}

Style value_style(double size) {
  Style style;
  style.size = size;
  style.bold = true;
  return style;
}

/// So much text that it need not be laid out to see that it does not fit.
bool is_hopeless(const std::string& text, double size, const Box& box) {
  const auto letters = static_cast<double>(core::code_point_count(text).value_or(text.size()));
  return letters * narrowest * size * size > box.width * box.height;
}

}  // namespace

FactTable::FactTable(Sheet& sheet, std::span<const core::PosterFact> facts, std::string more,
                     const Letters& letters)
    : sheet_(sheet), more_(std::move(more)), letters_(letters) {
  for (const core::PosterFact& fact : facts) {
    all_.push_back(&fact);
    if (fact.essential) {
      essential_.push_back(&fact);
    }
  }
}

/// Of the column that their labels share.
double FactTable::label_width(double size, const Facts& facts) {
  double widest = 0;
  for (const core::PosterFact* fact : facts) {
    Style style = label_style(size, ink);
    style.one_line = true;
    widest = std::max(widest, fact->label.empty() ? 0 : sheet_.measure(fact->label, style, 0).width);
  }
  return widest == 0 ? 0 : widest + margin_over_size * size;
}

double FactTable::row_height(const core::PosterFact& fact, double size, const Room& room, double labels) {
  if (is_hopeless(fact.value, size, room.box)) {
    return std::numeric_limits<double>::infinity();
  }
  const double gap = gap_over_size * size;
  const double label_size = room.narrow ? label_over_value * size : size;
  const double label_room = room.narrow ? room.box.width : labels;
  const double label =
      fact.label.empty() ? 0 : sheet_.measure(fact.label, label_style(label_size, ink), label_room).height;
  const double value_room = room.narrow ? room.box.width : std::max(room.box.width - labels, 0.1 * room.box.width);
  const double value = sheet_.measure(fact.value, value_style(size), value_room).height;
  return gap + (room.narrow ? label + gap / 3 + value : std::max(label, value));
}

/// Takes the room of the line that says that there are more. False: there is none for it.
bool FactTable::reserve_more(Plan& plan, Room& first, Room& second) {
  if (more_.empty()) {
    return true;
  }
  for (Room* room : {&second, &first}) {
    const double height = room->box.height <= 0
                              ? std::numeric_limits<double>::infinity()
                              : sheet_.measure(more_, label_style(plan.size, ink), room->box.width).height;
    if (height <= room->box.height) {
      room->box.height -= height;
      plan.more_height = height;
      plan.more_second = room == &second;
      return true;
    }
  }
  return false;
}

/// In their order. Nothing: one of them does not fit.
std::optional<FactTable::Plan> FactTable::arrange(double size, Room first, Room second, const Facts& facts,
                                                  More more) {
  Plan plan;
  plan.size = size;
  plan.labels = label_width(size, facts);
  if (more == More::said && !reserve_more(plan, first, second)) {
    return std::nullopt;
  }
  double left[] = {first.box.height, second.box.height};
  bool in_second = false;
  for (const core::PosterFact* fact : facts) {
    double height = row_height(*fact, size, in_second ? second : first, plan.labels);
    if (!in_second && height > left[0]) {
      height = row_height(*fact, size, second, plan.labels);
      in_second = true;
    }
    if (height > left[in_second ? 1 : 0]) {
      return std::nullopt;
    }
    left[in_second ? 1 : 0] -= height;
    plan.rows.push_back({fact, height, in_second});
  }
  return plan;
}

/// All of them. Nothing: something would have to be left out.
std::optional<FactTable::Plan> FactTable::arrange_all(const Room& first, const Room& second) {
  const bool none_may_go = essential_.size() == all_.size();
  const double size = largest_step(letters_.most, none_may_go ? least_letters : letters_.least, [&](double tried) {
    const double labels = label_width(tried, all_);
    const auto is_wide = [labels](const Room& room) {
      return room.narrow || room.box.height <= 0 || labels <= label_share_max * room.box.width;
    };
    return is_wide(first) && is_wide(second) && arrange(tried, first, second, all_, More::unsaid).has_value();
  });
  std::optional<Plan> plan = size > 0 ? arrange(size, first, second, all_, More::unsaid) : std::nullopt;
  if (plan) {
    plan->has_essentials = true;
  }
  return plan;
}

/// The essential ones, and of the others, in their order, each that still finds room.
FactTable::Plan FactTable::arrange_what_fits(const Room& first, const Room& second) {
  const auto largest = [&](double smallest, More more) {
    return largest_step(letters_.least, smallest,
                        [&](double size) { return arrange(size, first, second, essential_, more).has_value(); });
  };
  More more = More::said;
  double size = largest(letters_.legible, more);
  if (size == 0) {
    more = More::unsaid;
    size = largest(least_letters, more);
  }
  const bool has_essentials = size > 0;
  Facts shown = essential_;
  if (!has_essentials) {
    shown.clear();
    size = letters_.least;
    more = arrange(size, first, second, shown, More::said) ? More::said : More::unsaid;
  }
  Plan plan = arrange(size, first, second, shown, more).value_or(Plan());
  for (const core::PosterFact* fact : all_) {
    if (has_essentials && fact->essential) {
      continue;
    }
    shown.push_back(fact);
    if (std::optional<Plan> larger = arrange(size, first, second, shown, more)) {
      plan = std::move(*larger);
    } else {
      shown.pop_back();
    }
  }
  plan.has_essentials = has_essentials;
  if (plan.rows.size() == all_.size()) {
    plan.more_height = 0;
  }
  return plan;
}

FactTable::Plan FactTable::plan(const Room& first, const Room& second) {
  std::optional<Plan> all = arrange_all(first, second);
  return all ? std::move(*all) : arrange_what_fits(first, second);
}

bool FactTable::is_better(const Plan& plan, const Plan& than) const {
  const auto rank = [this](const Plan& one) {
    return std::tuple(one.has_essentials, std::min(one.size, letters_.least), one.rows.size(), one.size);
  };
  return rank(plan) > rank(than);
}

void FactTable::write_row(const Row& row, const Plan& plan, Room& room, Colour label_colour) {
  Box line = room.box.take_top(row.height);
  const double size = plan.size;
  const double gap = gap_over_size * size;
  line.height -= gap;
  const std::string& label = row.fact->label;
  if (room.narrow && !label.empty()) {
    const Style style = label_style(label_over_value * size, label_colour);
    sheet_.write(label, style, line.take_top(sheet_.measure(label, style, line.width).height));
    line.take_top(gap / 3);
  } else if (!room.narrow) {
    sheet_.write(label, label_style(size, label_colour), line.take_left(plan.labels));
  }
  sheet_.write(row.fact->value, value_style(size), line);
}

void FactTable::write(const Plan& plan, Room first, Room second, Colour label_colour) {
  for (const Row& row : plan.rows) {
    write_row(row, plan, row.second ? second : first, label_colour);
  }
  if (plan.more_height > 0) {
    Room& last = plan.more_second ? second : first;
    sheet_.write(more_, label_style(plan.size, label_colour), last.box.take_top(plan.more_height));
  }
}

}  // namespace tuanyuan::drawing
