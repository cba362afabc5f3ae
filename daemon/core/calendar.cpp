#include "core/calendar.hpp"

#include <charconv>
#include <cstddef>
#include <tuple>

namespace tuanyuan::core {
namespace {

bool take_number(std::string_view& rest, std::size_t digits, int& number) {
  if (rest.size() < digits) {
    return false;
  }
  const char* end = rest.data() + digits;
  const auto [parsed_to, error] = std::from_chars(rest.data(), end, number);
  const bool plain = rest.front() != '-';
  rest.remove_prefix(digits);
  return plain && error == std::errc() && parsed_to == end;
}

bool take_dash(std::string_view& rest) {
  const bool there = rest.starts_with('-');
  rest.remove_prefix(there ? 1 : 0);
  return there;
}

std::string padded(unsigned number, std::size_t digits) {
  std::string text = std::to_string(number);
  text.insert(0, text.size() < digits ? digits - text.size() : 0, '0');
  return text;
}

}  // namespace

BeijingTime beijing_time(Instant at) {
  const Instant local = at + std::chrono::hours(8);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(local - day).count();
  const std::chrono::weekday weekday(day);
  return {std::chrono::year_month_day(day), static_cast<int>(minutes / 60), static_cast<int>(minutes % 60),
          static_cast<int>(weekday.iso_encoding()) - 1};
}

int completed_years(std::chrono::year_month_day birth, std::chrono::year_month_day on) {
  const int years = static_cast<int>(on.year()) - static_cast<int>(birth.year());
  const bool before_birthday = std::tuple(on.month(), on.day()) < std::tuple(birth.month(), birth.day());
  return before_birthday ? years - 1 : years;
}

std::string iso_date(std::chrono::year_month_day date) {
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  return padded(year, 4) + '-' + padded(static_cast<unsigned>(date.month()), 2) + '-' +
         padded(static_cast<unsigned>(date.day()), 2);
}

std::optional<std::chrono::year_month_day> parse_iso_date(std::string_view text) {
  int year = 0;
  int month = 0;
  int day = 0;
  const bool parsed = take_number(text, 4, year) && take_dash(text) && take_number(text, 2, month) &&
                      take_dash(text) && take_number(text, 2, day) && text.empty();
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  return parsed && date.ok() ? std::optional(date) : std::nullopt;
}

}  // namespace tuanyuan::core
