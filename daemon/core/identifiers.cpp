#include "core/identifiers.hpp"

#include <algorithm>
#include <cstddef>

#include "core/limits.hpp"

namespace tuanyuan::core {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

}  // namespace

bool is_uuid(std::string_view text) {
  constexpr std::string_view shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const auto fits = [](char wanted, char given) { return wanted == '-' ? given == '-' : is_hex(given); };
  return std::equal(shape.begin(), shape.end(), text.begin(), text.end(), fits);
}

bool is_recipient_id(std::string_view text) {
  const auto fits = [](char c) { return is_digit(c) || is_letter(c) || c == '_' || c == '-'; };
  return !text.empty() && text.size() <= recipient_id_chars_max && std::all_of(text.begin(), text.end(), fits);
}

}  // namespace tuanyuan::core
