#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace tuanyuan::core {

/// Takes the first code point off the front of `rest`. None, and nothing taken, where `rest` is empty or does
/// not begin with well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
std::optional<char32_t> take_code_point(std::string_view& rest);

/// How many code points; none where the text is not valid UTF-8.
std::optional<std::size_t> code_point_count(std::string_view text);

inline bool is_valid_utf8(std::string_view text) {
  return code_point_count(text).has_value();
}

/// The longest leading part of a valid text of at most `count` code points.
std::string_view leading_code_points(std::string_view text, std::size_t count);

}  // namespace tuanyuan::core
