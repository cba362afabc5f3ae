#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/drawing/sheet.hpp"
#include "core/poster_text.hpp"

namespace tuanyuan::drawing {

/// Facts with their labels, set into two rooms one after the other, all in letters of one size: the largest in
/// which all of them fit. Where not all of them fit in the smallest that can be read, the less useful are left
/// out, whole, and a line says that there are more. What is essential stays: where it alone does not fit in such
/// letters, they get smaller still, as far as needed, and go without the line before nobody can make them out.
class FactTable {
 public:
  struct Letters {
    double most = 0;
    double least = 0;    ///< the smallest that can be read from where they are meant to be
    double legible = 0;  ///< and from right before them
  };
  /// `more`: the line; may be empty.
  FactTable(Sheet& sheet, std::span<const core::PosterFact> facts, std::string more, const Letters& letters);

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
    double labels = 0;  ///< the width of the column that those of the rows share
    std::vector<Row> rows;
    bool has_essentials = false;
    double more_height = 0;  ///< of the line after the last row; 0: nothing was left out, or there is no line
    bool more_second = false;
  };

  Plan plan(const Room& first, const Room& second);
  /// Whether it tells more to somebody at the distance that it is made for.
  bool is_better(const Plan& plan, const Plan& than) const;
  void write(const Plan& plan, Room first, Room second, Colour label_colour);

 private:
  using Facts = std::vector<const core::PosterFact*>;
  enum class More { unsaid, said };
  std::optional<Plan> arrange(double size, Room first, Room second, const Facts& facts, More more);
  std::optional<Plan> arrange_all(const Room& first, const Room& second);
  Plan arrange_what_fits(const Room& first, const Room& second);
  bool reserve_more(Plan& plan, Room& first, Room& second);
  double label_width(double size, const Facts& facts);
  double row_height(const core::PosterFact& fact, double size, const Room& room, double labels);
  void write_row(const Row& row, const Plan& plan, Room& room, Colour label_colour);

  Sheet& sheet_;
  Facts all_;
  Facts essential_;
  std::string more_;
  Letters letters_;
};

}  // namespace tuanyuan::drawing
