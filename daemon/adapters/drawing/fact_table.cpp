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

FactTable::FactTable(Sheet& sheet, std::span<const core::PosterFact> facts, std::string more, double most,
                     double least)
    : sheet_(sheet), facts_(facts), more_(std::move(more)), most_(most), least_(std::min(most, least)) {}

/// Of the column that all labels share.
double FactTable::label_width(double size) {
  double widest = 0;
  for (const core::PosterFact& fact : facts_) {
    Style style = label_style(size, ink);
    style.one_line = true;
    widest = std::max(widest, fact.label.empty() ? 0 : sheet_.measure(fact.label, style, 0).width);
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

/// In their order. Nothing: one of those that have to be there does not fit.
std::optional<FactTable::Plan> FactTable::arrange(double size, Room first, Room second, Facts which) {
  const double labels = label_width(size);
  const auto is_wide = [labels](const Room& room) {
    return room.narrow || room.box.height <= 0 || labels <= label_share_max * room.box.width;
  };
  Plan plan;
  plan.size = size;
  const bool has_room =
      which == Facts::all ? is_wide(first) && is_wide(second) : reserve_more(plan, first, second);
  if (!has_room && which != Facts::that_fit) {
    return std::nullopt;
  }
  double left[] = {first.box.height, second.box.height};
  bool in_second = false;
  for (const core::PosterFact& fact : facts_) {
    if (which == Facts::essential && !fact.essential) {
      continue;
    }
    Row row;
    row.fact = &fact;
    row.height = row_height(fact, size, in_second ? second : first, labels);
    row.second = in_second;
    if (!in_second && row.height > left[0]) {
      row.height = row_height(fact, size, second, labels);
      row.second = true;
    }
    const bool fits = row.height <= left[row.second ? 1 : 0];
    if (!fits && which != Facts::that_fit) {
      return std::nullopt;
    }
    if (fits) {
      in_second = row.second;
      left[in_second ? 1 : 0] -= row.height;
      plan.rows.push_back(row);
    }
  }
  return plan;
}

FactTable::Plan FactTable::plan(const Room& first, const Room& second) {
  const auto largest = [&](Facts which, double most, double least) {
    return largest_step(most, least, [&](double size) { return arrange(size, first, second, which).has_value(); });
  };
  const double smallest = std::min(least_letters, least_);
  const bool none_may_go =
      std::all_of(facts_.begin(), facts_.end(), [](const core::PosterFact& fact) { return fact.essential; });
  const double size_of_all = largest(Facts::all, most_, none_may_go ? smallest : least_);
  const double size = size_of_all > 0 ? size_of_all : largest(Facts::essential, least_, smallest);
  Plan plan = arrange(size > 0 ? size : least_, first, second, size_of_all > 0 ? Facts::all : Facts::that_fit)
                  .value_or(Plan());
  plan.has_essentials = size > 0;
  if (plan.rows.size() == facts_.size()) {
    plan.more_height = 0;
  }
  return plan;
}

bool FactTable::is_better(const Plan& plan, const Plan& than) const {
  const auto rank = [this](const Plan& one) {
    return std::tuple(one.has_essentials, std::min(one.size, least_), one.rows.size(), one.size);
  };
  return rank(plan) > rank(than);
}

void FactTable::write_row(const Row& row, double size, double labels, Room& room, Colour label_colour) {
  Box line = room.box.take_top(row.height);
  const double gap = gap_over_size * size;
  line.height -= gap;
  const std::string& label = row.fact->label;
  if (room.narrow && !label.empty()) {
    const Style style = label_style(label_over_value * size, label_colour);
    sheet_.write(label, style, line.take_top(sheet_.measure(label, style, line.width).height));
    line.take_top(gap / 3);
  } else if (!room.narrow) {
    sheet_.write(label, label_style(size, label_colour), line.take_left(labels));
  }
  sheet_.write(row.fact->value, value_style(size), line);
}

void FactTable::write(const Plan& plan, Room first, Room second, Colour label_colour) {
  const double labels = plan.rows.empty() ? 0 : label_width(plan.size);
  for (const Row& row : plan.rows) {
    write_row(row, plan.size, labels, row.second ? second : first, label_colour);
  }
  if (plan.more_height > 0) {
    Room& last = plan.more_second ? second : first;
    sheet_.write(more_, label_style(plan.size, label_colour), last.box.take_top(plan.more_height));
  }
}

}  // namespace tuanyuan::drawing
