#pragma once

#include <string>
#include <string_view>

#include "core/notice_text.hpp"

namespace tuanyuan::core {

/// A free text fit to be read aloud: line breaks, brackets, quotes and other signs that a voice stumbles over
/// become a pause.
std::string spoken(std::string_view text, const LanguageTemplates& language);

/// A telephone number or number plate character by character, digits in the language's words.
std::string spelt(std::string_view text, const LanguageTemplates& language);

/// Without spaces around and without the full stop, comma or the like that ends it, because the template's
/// sentence has its own.
std::string_view without_end_mark(std::string_view text);

}  // namespace tuanyuan::core
