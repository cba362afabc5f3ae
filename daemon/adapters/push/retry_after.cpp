#include "adapters/push/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>

#include "adapters/push/limits.hpp"

namespace tuanyuan::push {
namespace {

/// All of `text` as a number.
std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional<unsigned>(value) : std::nullopt;
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "Sun, 06 Nov 1994 08:49:37 GMT". The day of the week is not checked: it says nothing new.
std::optional<core::Instant> parse_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::size_t date_bytes = 29;
  if (text.size() != date_bytes || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' ||
      text[16] != ' ' || text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const auto day = number(text.substr(5, 2));
  const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
  const auto year = number(text.substr(12, 4));
  const auto hour = number(text.substr(17, 2));
  const auto minute = number(text.substr(20, 2));
  const auto second = number(text.substr(23, 2));
  if (!day || month == months.end() || !year || !hour || !minute || !second || *hour > 23 || *minute > 59 ||
      *second > 60) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
                                         std::chrono::day(*day));
  if (!date.ok()) {
    return std::nullopt;
  }
  return core::Instant(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace

core::Duration parse_retry_after(std::string_view field, core::Instant now) {
  const core::Duration longest = retry_after_max;
  if (is_digits(field)) {
    const auto seconds = number(field);  // none: more than fit
    return seconds ? std::min<core::Duration>(std::chrono::seconds(*seconds), longest) : longest;
  }
  const auto date = parse_date(field);
  return date ? std::clamp<core::Duration>(*date - now, core::Duration(0), longest) : core::Duration(0);
}

}  // namespace tuanyuan::push
