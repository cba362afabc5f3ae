#include "core/division.hpp"

#include <algorithm>
#include <cstddef>

namespace tuanyuan::core {
namespace {

constexpr std::size_t division_digits = 6;
constexpr std::size_t unit_digits = 12;

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

constexpr std::size_t province_digits = 2;
constexpr std::size_t digits_a_level = 2;

/// In GB/T 2260 the pair below the province is then no prefecture: of municipalities it groups districts and
/// counties (01 and 02), elsewhere it stands for those directly under the province (90), or for nothing (00).
bool has_no_prefecture(std::string_view digits) {
  const std::string_view province = digits.substr(0, province_digits);
  const std::string_view below = digits.substr(province_digits, digits_a_level);
  return province == "11" || province == "12" || province == "31" || province == "50" || below == "90" ||
         below == "00";
}

// A code ends in pairs of zeros where it means everything below: 210100 is the whole prefecture 2101.
std::string_view without_trailing_zero_pairs(std::string_view digits) {
  while (digits.ends_with("00") && digits.size() % 2 == 0) {
    digits.remove_suffix(2);
  }
  return digits;
}

}  // namespace

std::optional<Division> parse_division(std::string_view text) {
  if (text.size() != division_digits || !all_digits(text) || text.starts_with("00")) {
    return std::nullopt;
  }
  Division division;
  for (const char digit : text) {
    division.code = division.code * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  return division;
}

std::string to_string(Division division) {
  if (!division) {
    return {};
  }
  std::string digits = std::to_string(division.code);
  digits.insert(0, digits.size() < division_digits ? division_digits - digits.size() : 0, '0');
  return digits;
}

bool DivisionPrefix::contains(Division division) const {
  return division && to_string(division).starts_with(digits);
}

bool DivisionPrefix::overlaps(const DivisionPrefix& other) const {
  return digits.starts_with(other.digits) || other.digits.starts_with(digits);
}

std::optional<DivisionPrefix> part_of(const DivisionPrefix& whole, const DivisionPrefix& within) {
  std::size_t length = whole.digits.size() + digits_a_level;
  if (within.digits.size() < length || !within.digits.starts_with(whole.digits)) {
    return std::nullopt;
  }
  if (whole.digits.size() == province_digits && has_no_prefecture(within.digits)) {
    length = division_digits;
  }
  // What ends in zeros is the whole itself, as in 210100 of 2101.
  if (within.digits.size() < length || within.digits.substr(0, length).ends_with("00")) {
    return std::nullopt;
  }
  return DivisionPrefix{within.digits.substr(0, length)};
}

std::optional<DivisionPrefix> parse_coverage(std::string_view text) {
  if (text == "*") {
    return DivisionPrefix{};
  }
  const bool length_fits = text.size() == 2 || text.size() == 4 || text.size() == division_digits;
  if (!length_fits || !all_digits(text) || text.starts_with("00")) {
    return std::nullopt;
  }
  return DivisionPrefix{std::string(without_trailing_zero_pairs(text))};
}

bool is_unit_code(std::string_view text) {
  return text.size() == unit_digits && all_digits(text);
}

DivisionPrefix division_of_unit(std::string_view unit) {
  return DivisionPrefix{std::string(without_trailing_zero_pairs(unit.substr(0, division_digits)))};
}

}  // namespace tuanyuan::core
