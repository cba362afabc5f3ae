#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tuanyuan::core {

/// What a withheld value becomes where it stands in a free text.
inline constexpr std::string_view withheld_mark = "（略）";

/// A free text without the values that its audience may not know. An officer who writes the plate into the
/// circumstances has still not opened it to the public. Case of ASCII letters and the signs that people put
/// into numbers (space, hyphen, dot, slash, ·) make no difference. Values of fewer than withheld_chars_min
/// characters are left, because they would occur by chance.
std::string withhold(std::string_view text, const std::vector<std::string>& values);
inline constexpr std::size_t withheld_chars_min = 5;

}  // namespace tuanyuan::core
