#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/refusal.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

/// When someone is there: the part of OpenStreetMap's `opening_hours` that repeats every week, in Beijing time.
///
/// Rules stand between semicolons, and a later one takes the place of an earlier one on its days; after a comma
/// it adds to it. A rule is `24/7`, or days (`Mo-Fr`, `Sa,Su`, none for every day) with times
/// (`08:00-12:00,13:30-17:30`, over midnight too: `20:00-04:00` or `20:00-28:00`) or with `off` or `closed`;
/// days alone are open all day. What does not repeat every week (holidays, months, weeks, sunrise) and what a
/// program cannot know (comments, open ends) is refused, so that nobody is thought to be there who is not.
class OpeningHours {
 public:
  /// Of an empty text: always. The refusal's detail says what is not understood and holds no part of the text.
  static Result<OpeningHours> parse(std::string_view text);

  bool is_open(Instant at) const;
  /// The first moment not before `at` at which it is open; none where it never is.
  std::optional<Instant> next_opening(Instant at) const;

 private:
  friend class WeekPlan;
  using Span = std::pair<int, int>;  // minutes of the week from Monday 00:00, the end not included

  std::vector<Span> open_;  // sorted, apart from each other, within the week
};

}  // namespace tuanyuan::core
