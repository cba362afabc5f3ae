#include "core/identity_number.hpp"

#include <optional>
#include <string>

#include "core/unicode.hpp"

namespace tuanyuan::core {
namespace {

constexpr std::size_t number_length = 18;
constexpr char32_t full_width_first = 0xFF01;  // U+FF01..U+FF5E mirror ASCII 0x21..0x7E
constexpr char32_t full_width_last = 0xFF5E;
constexpr char32_t full_width_shift = 0xFEE0;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alphanumeric(char32_t c) {
  return (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z');
}

/// The ASCII letter or digit it is or mirrors; none for all else, which bounds a token.
std::optional<char> token_character(char32_t c) {
  if (c >= full_width_first && c <= full_width_last) {
    c -= full_width_shift;
  }
  return is_alphanumeric(c) ? std::optional<char>(static_cast<char>(c)) : std::nullopt;
}

char check_character(std::string_view digits) {
  // ISO 7064 MOD 11-2, from the left: double the running sum with each digit, modulo 11.
  int sum = 0;
  for (const char digit : digits) {
    sum = (sum + (digit - '0')) * 2 % 11;
  }
  const int check = (12 - sum) % 11;
  return check == 10 ? 'X' : static_cast<char>('0' + check);
}

}  // namespace

bool is_identity_number(std::string_view text) {
  if (text.size() != number_length) {
    return false;
  }
  const std::string_view digits = text.substr(0, number_length - 1);
  for (const char c : digits) {
    if (!is_digit(c)) {
      return false;
    }
  }
  const char last = text.back() == 'x' ? 'X' : text.back();
  return last == check_character(digits);
}

bool holds_identity_number(std::string_view text) {
  std::string token;
  while (!text.empty()) {
    const std::optional<char32_t> code_point = take_code_point(text);
    const std::optional<char> c = code_point ? token_character(*code_point) : std::nullopt;
    if (!code_point) {
      text.remove_prefix(1);
    }
    if (!c) {
      if (is_identity_number(token)) {
        return true;
      }
      token.clear();
    } else if (token.size() <= number_length) {  // one more than it may have is enough to know
      token.push_back(*c);
    }
  }
  return is_identity_number(token);
}

}  // namespace tuanyuan::core
