#include "core/unicode.hpp"

#include <cstdint>

namespace tuanyuan::core {
namespace {

constexpr char32_t surrogate_first = 0xD800;
constexpr char32_t surrogate_last = 0xDFFF;
constexpr char32_t code_point_last = 0x10FFFF;

struct Lead {
  std::size_t length;  // bytes in all; 0: no lead byte
  char32_t bits;       // of the lead byte
  char32_t smallest;   // what needs that many bytes: less is an overlong form
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) {
    return {1, byte, 0};
  }
  if ((byte & 0xE0U) == 0xC0U) {
    return {2, byte & 0x1FU, 0x80};
  }
  if ((byte & 0xF0U) == 0xE0U) {
    return {3, byte & 0x0FU, 0x800};
  }
  if ((byte & 0xF8U) == 0xF0U) {
    return {4, byte & 0x07U, 0x10000};
  }
  return {0, 0, 0};
}

bool is_scalar(char32_t code_point) {
  return code_point <= code_point_last && (code_point < surrogate_first || code_point > surrogate_last);
}

}  // namespace

std::optional<char32_t> take_code_point(std::string_view& rest) {
  if (rest.empty()) {
    return std::nullopt;
  }
  const Lead lead = lead_of(static_cast<unsigned char>(rest.front()));
  if (lead.length == 0 || rest.size() < lead.length) {
    return std::nullopt;
  }
  char32_t code_point = lead.bits;
  for (std::size_t index = 1; index < lead.length; ++index) {
    const auto byte = static_cast<unsigned char>(rest[index]);
    if ((byte & 0xC0U) != 0x80U) {
      return std::nullopt;
    }
    code_point = (code_point << 6U) | (byte & 0x3FU);
  }
  if (code_point < lead.smallest || !is_scalar(code_point)) {
    return std::nullopt;
  }
  rest.remove_prefix(lead.length);
  return code_point;
}

std::optional<std::size_t> code_point_count(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    if (!take_code_point(text)) {
      return std::nullopt;
    }
    ++count;
  }
  return count;
}

std::string_view leading_code_points(std::string_view text, std::size_t count) {
  std::string_view rest = text;
  while (count > 0 && take_code_point(rest)) {
    --count;
  }
  return text.substr(0, text.size() - rest.size());
}

}  // namespace tuanyuan::core
