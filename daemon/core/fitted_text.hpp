#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/notice_text.hpp"

namespace tuanyuan::core {

/// Whether a text is short enough for whoever carries it.
using Fits = std::function<bool(std::string_view)>;

/// The body of a notice in one language with as many of its facts as fit, chosen by what helps most to recognise
/// the child and to call: a fact that does not fit is left out whole, with its sentence, never cut. What has to be
/// said in any case (who, when, whom to call) may be too long all the same; then it is the headline, first without
/// the place.
std::string fitted_body(const LanguageTemplates& language, const Notice& notice, const Fits& fits);
/// Likewise the headline, for whom a title has to be short.
std::string fitted_headline(const LanguageTemplates& language, const Notice& notice, const Fits& fits);

/// Likewise the speech, for who reads it aloud. When it was is left out too, with where, if the language's
/// template has both in a group; what then remains (who, whom to call) is said though it does not fit: whoever
/// reads it has to know.
std::string fitted_speech(const LanguageTemplates& language, const Notice& notice, const Fits& fits);

/// Those of the templates' languages that a recipient has asked for, in its order: the same tag, or one of the
/// same language ("en-GB" where there is "en"). The first template (zh-CN) where it has asked for none of them.
std::vector<const LanguageTemplates*> chosen_languages(const NoticeTemplates& templates,
                                                       const std::vector<std::string>& wanted);

/// How many characters a Chinese vendor counts: UTF-16 units, of which rare characters have two.
std::size_t utf16_units(std::string_view text);
Fits at_most_bytes(std::size_t bytes);
Fits at_most_units(std::size_t units);

}  // namespace tuanyuan::core
