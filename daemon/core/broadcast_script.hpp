#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "core/notice_text.hpp"

namespace tuanyuan::core {

/// The lengths that stations have slots for, in seconds.
inline constexpr std::array<std::uint32_t, 2> script_seconds{15, 30};

/// What a voice reads within that time, facts left out whole until it does (fitted_speech, at announcement_pace).
std::string broadcast_script(const LanguageTemplates& language, const Notice& notice, std::uint32_t seconds);

/// The scripts on one sheet of plain text, each under a line that says its slot and how long it really takes; one
/// alone where only that is wanted. Of the police's own copy the sheet says so first.
std::string script_sheet(const LanguageTemplates& language, const Notice& notice,
                         std::optional<std::uint32_t> only = std::nullopt);

}  // namespace tuanyuan::core
