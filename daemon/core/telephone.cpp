#include "core/telephone.hpp"

#include <cstddef>

namespace tuanyuan::core {
namespace {

constexpr std::size_t digits_min = 3;   // 110
constexpr std::size_t digits_max = 15;  // ITU-T E.164, section 6
constexpr std::size_t mobile_digits = 11;
constexpr std::string_view country = "86";

}  // namespace

std::string national_number(std::string_view number) {
  std::string digits;
  for (std::size_t at = number.starts_with('+') ? 1 : 0; at < number.size(); ++at) {
    if (number[at] >= '0' && number[at] <= '9') {
      digits += number[at];
    } else if (number[at] != '-' && number[at] != ' ') {
      return {};
    }
  }
  if (digits.starts_with("00")) {
    digits.erase(0, 2);
  }
  if (digits.size() == country.size() + mobile_digits && digits.starts_with(country)) {
    digits.erase(0, country.size());
  }
  return digits.size() >= digits_min && digits.size() <= digits_max ? digits : std::string();
}

}  // namespace tuanyuan::core
