#include "core/language_tag.hpp"

#include <algorithm>
#include <cstddef>

namespace tuanyuan::core {
namespace {

constexpr std::size_t part_chars_max = 8;
constexpr std::size_t tag_chars_max = 35;  // what RFC 5646, section 4.4.1, asks implementations to hold

bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
bool is_letter_or_digit(char c) {
  return is_letter(c) || (c >= '0' && c <= '9');
}

}  // namespace

bool is_language_tag(std::string_view text) {
  if (text.size() > tag_chars_max) {
    return false;
  }
  const std::string_view language = text.substr(0, text.find('-'));
  if (language.size() < 2 || !std::all_of(language.begin(), language.end(), is_letter)) {
    return false;
  }
  while (true) {
    const std::size_t end = std::min(text.find('-'), text.size());
    const std::string_view part = text.substr(0, end);
    if (part.empty() || part.size() > part_chars_max ||
        !std::all_of(part.begin(), part.end(), is_letter_or_digit)) {
      return false;
    }
    if (end == text.size()) {
      return true;
    }
    text.remove_prefix(end + 1);
  }
}

}  // namespace tuanyuan::core
