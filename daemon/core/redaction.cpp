#include "core/redaction.hpp"

#include <optional>

#include "core/unicode.hpp"

namespace tuanyuan::core {
namespace {

bool is_filler(char32_t c) {
  return std::u32string_view(U" -./·•－　\t\n").find(c) != std::u32string_view::npos;
}

char32_t folded(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) {  // full-width forms of ASCII
    c -= 0xFEE0;
  }
  return c >= U'a' && c <= U'z' ? c - U'a' + U'A' : c;
}

std::u32string essence(std::string_view text) {
  std::u32string characters;
  while (const std::optional<char32_t> c = take_code_point(text)) {
    if (!is_filler(*c)) {
      characters.push_back(folded(*c));
    }
  }
  return characters;
}

/// How many bytes at the front of the text are the value, fillers within included; 0 where it is not there.
std::size_t match_length(std::string_view text, std::u32string_view value) {
  std::string_view rest = text;
  bool begun = false;
  while (!value.empty()) {
    const std::optional<char32_t> c = take_code_point(rest);
    if (!c || (is_filler(*c) && !begun)) {
      return 0;
    }
    if (!is_filler(*c)) {
      if (folded(*c) != value.front()) {
        return 0;
      }
      value.remove_prefix(1);
      begun = true;
    }
  }
  return text.size() - rest.size();
}

std::string without(std::string_view text, std::u32string_view value) {
  std::string result;
  while (!text.empty()) {
    if (const std::size_t length = match_length(text, value)) {
      result += withheld_mark;
      text.remove_prefix(length);
      continue;
    }
    const std::string_view before = text;
    if (!take_code_point(text)) {
      text.remove_prefix(1);
    }
    result += before.substr(0, before.size() - text.size());
  }
  return result;
}

}  // namespace

std::string withhold(std::string_view text, const std::vector<std::string>& values) {
  std::string result(text);
  for (const std::string& value : values) {
    const std::u32string characters = essence(value);
    if (characters.size() >= withheld_chars_min) {
      result = without(result, characters);
    }
  }
  return result;
}

}  // namespace tuanyuan::core
