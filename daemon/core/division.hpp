#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tuanyuan::core {

/// An administrative division, six digits of GB/T 2260 (province, prefecture, county), as a number so that a
/// million recipients stay small. Zero is no division.
struct Division {
  std::uint32_t code = 0;

  explicit operator bool() const { return code != 0; }
  friend auto operator<=>(const Division&, const Division&) = default;
};

/// Six digits, not all zero in the province part. Whether the county exists is not looked up: the list is
/// amended several times a year, and a new county must not be refused at 3 a.m.
std::optional<Division> parse_division(std::string_view text);
std::string to_string(Division division);

/// The leading part of a division code under which something falls: "21" (a province), "2101" (a prefecture),
/// "210102" (a county), or "" which is everywhere.
struct DivisionPrefix {
  std::string digits;

  bool contains(Division division) const;
  /// Whether one of the two lies within the other.
  bool overlaps(const DivisionPrefix& other) const;
  friend auto operator<=>(const DivisionPrefix&, const DivisionPrefix&) = default;
};

/// That of the parts of `whole` one level below in which `within` lies: provinces of the country, prefectures of a
/// province, counties of a prefecture. A county with no prefecture above it (in a municipality, or directly under
/// its province) is itself a part. Nothing where it does not lie in one part alone.
std::optional<DivisionPrefix> part_of(const DivisionPrefix& whole, const DivisionPrefix& within);

/// Coverage entries: two, four or six digits, or "*" for everywhere.
std::optional<DivisionPrefix> parse_coverage(std::string_view text);

/// GA 380 police organisation code: 12 digits, the first six a division.
bool is_unit_code(std::string_view text);
/// The division prefix a unit answers for: its first six digits less the trailing pairs of zeros, so that
/// 210000000000 is the whole province 21. The ministry (000000…) answers for everywhere.
DivisionPrefix division_of_unit(std::string_view unit);

}  // namespace tuanyuan::core
