#include "adapters/drawing/plain_text.hpp"

#include <optional>

#include "core/unicode.hpp"

namespace tuanyuan::drawing {
namespace {

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c >= 0xFFF9 && c <= 0xFFFB);
}

/// Embeddings, overrides and isolates; a mark for a single place does no harm.
bool turns_direction(char32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool is_nothing(char32_t c) {
  return c == 0xFEFF || c == 0xFFFE || c == 0xFFFF || (c >= 0xFDD0 && c <= 0xFDEF);
}

}  // namespace

std::string plain(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::string_view before = text;
    const std::optional<char32_t> c = core::take_code_point(text);
    if (!c) {
      text.remove_prefix(1);
      result += "\xEF\xBF\xBD";
    } else if (is_control(*c)) {
      result += result.empty() || result.back() == ' ' ? "" : " ";
    } else if (!turns_direction(*c) && !is_nothing(*c)) {
      result += before.substr(0, before.size() - text.size());
    }
  }
  return result;
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : plain(text)) {
    switch (c) {
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '&':
        result += "&amp;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

}  // namespace tuanyuan::drawing
