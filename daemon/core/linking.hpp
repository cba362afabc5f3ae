#pragma once

#include <string>
#include <string_view>

#include "core/report.hpp"

namespace tuanyuan::core {

/// A name as it is compared: letters and digits alone, of one width and case, without accents (Unicode's NFKC case
/// folding, then decomposed). Whoever takes a report at night types full-width letters, another middle dot or
/// none, pinyin with or without tones, and means the same child. Vowel signs that are not accents (Tibetan) stay.
/// Which characters of Chinese are variants of each other is not known here.
std::string comparable_name(std::string_view name);

/// What tells that two reports are of the same child: its name, the day it was born and the day it was lost, in
/// Beijing. Without a name and a day of birth there is nothing safe to compare, and the text is empty.
/// It is the child's data: only a keyed digest of it may be kept.
std::string link_text(const Report& report);

}  // namespace tuanyuan::core
