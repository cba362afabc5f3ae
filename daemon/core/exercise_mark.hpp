#pragma once

#include <string_view>

namespace tuanyuan::core {

/// How every Chinese text of an exercise begins (contract, section 3), and its English translation.
inline constexpr std::string_view exercise_mark_zh = "【演练】";
inline constexpr std::string_view exercise_mark_en = "[EXERCISE] ";

/// Whether a text says of itself that it is of an exercise, in either language.
bool holds_exercise_mark(std::string_view text);

}  // namespace tuanyuan::core
