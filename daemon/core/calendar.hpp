#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace tuanyuan::core {

/// The one civil time of mainland China: UTC+8 without daylight saving since 1991.
struct BeijingTime {
  std::chrono::year_month_day date;
  int hour = 0;
  int minute = 0;
  int weekday = 0;  ///< Monday is 0
};
BeijingTime beijing_time(Instant at);

/// Completed years (周岁) on a day; who was born on 29 February completes one on 1 March of a common year.
/// Negative before birth.
int completed_years(std::chrono::year_month_day birth, std::chrono::year_month_day on);

/// RFC 3339 full-date, YYYY-MM-DD.
std::string iso_date(std::chrono::year_month_day date);
/// None where it is not written so, or where there is no such day.
std::optional<std::chrono::year_month_day> parse_iso_date(std::string_view text);

}  // namespace tuanyuan::core
