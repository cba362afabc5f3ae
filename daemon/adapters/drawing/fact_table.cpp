#include "adapters/drawing/fact_table.hpp"

#include <algorithm>
#include <limits>

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

FactTable::FactTable(Sheet& sheet, std::span<const core::PosterFact> facts, double most, double least)
    : sheet_(sheet), facts_(facts), most_(most), least_(std::min(most, least)) {}

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

/// In their order; empty where one does not fit, unless the ones that do not fit are to be left out.
std::vector<FactTable::Row> FactTable::arrange(double size, const Room& first, const Room& second,
                                               bool leave_out) {
  const double labels = label_width(size);
  const auto is_wide = [labels](const Room& room) {
    return room.narrow || room.box.height <= 0 || labels <= label_share_max * room.box.width;
  };
  if ((!is_wide(first) || !is_wide(second)) && !leave_out) {
    return {};
  }
  double left[] = {first.box.height, second.box.height};
  bool in_second = false;
  std::vector<Row> rows;
  for (const core::PosterFact& fact : facts_) {
    Row row;
    row.fact = &fact;
    row.height = row_height(fact, size, in_second ? second : first, labels);
    row.second = in_second;
    if (!in_second && row.height > left[0]) {
      row.height = row_height(fact, size, second, labels);
      row.second = true;
    }
    const bool fits = row.height <= left[row.second ? 1 : 0];
    if (!fits && !leave_out) {
      return {};
    }
    if (fits) {
      in_second = row.second;
      left[in_second ? 1 : 0] -= row.height;
      rows.push_back(row);
    }
  }
  return rows;
}

FactTable::Plan FactTable::plan(const Room& first, const Room& second) {
  Plan plan;
  if (facts_.empty()) {
    return plan;
  }
  const auto fits = [&](double size) { return arrange(size, first, second, false).size() == facts_.size(); };
  plan.size = largest_step(most_, least_, fits);
  if (plan.size > 0) {
    plan.rows = arrange(plan.size, first, second, false);
  } else {
    plan.size = least_;
    plan.rows = arrange(plan.size, first, second, true);
  }
  return plan;
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
}

}  // namespace tuanyuan::drawing
