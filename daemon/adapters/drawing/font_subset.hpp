#pragma once

#include <string>
#include <string_view>

namespace tuanyuan::drawing {

/// The letters of these texts out of the font that the sheets are set in, as an OpenType font by itself: what a
/// page needs to look the same wherever it is opened. Empty where there is no such font file, or it cannot be
/// taken apart; a page then goes by what the reader has. `language`: BCP 47.
std::string font_for(std::string_view texts, bool bold, std::string_view language);

}  // namespace tuanyuan::drawing
