#pragma once

#include <span>
#include <vector>

#include "adapters/drawing/sheet.hpp"
#include "core/poster_text.hpp"

namespace tuanyuan::drawing {

/// Facts with their labels, set into two rooms one after the other, all in letters of one size: the largest in
/// which all of them fit. Where not all of them fit in the smallest that can be read, the less useful are left
/// out, whole.
class FactTable {
 public:
  /// Letters from `most` down to `least`.
  FactTable(Sheet& sheet, std::span<const core::PosterFact> facts, double most, double least);

  /// A room for facts; without height there is none. In a narrow one labels stand above what they label.
  struct Room {
    Box box;
    bool narrow = false;
  };
  struct Row {
    const core::PosterFact* fact = nullptr;
    double height = 0;
    bool second = false;  ///< in the second room
  };
  /// Where everything would stand.
  struct Plan {
    double size = 0;
    std::vector<Row> rows;
  };

  Plan plan(const Room& first, const Room& second);
  void write(const Plan& plan, Room first, Room second, Colour label_colour);

 private:
  std::vector<Row> arrange(double size, const Room& first, const Room& second, bool leave_out);
  double label_width(double size);
  double row_height(const core::PosterFact& fact, double size, const Room& room, double labels);
  void write_row(const Row& row, double size, double labels, Room& room, Colour label_colour);

  Sheet& sheet_;
  std::span<const core::PosterFact> facts_;
  double most_;
  double least_;
};

}  // namespace tuanyuan::drawing
