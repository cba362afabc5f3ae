#pragma once

#include <string_view>

#include "core/refusal.hpp"

namespace tuanyuan::core {

/// An officer's reason for a decision: valid text, within reason_chars_max, without an identity number; given
/// at all where it is required. Its path is "reason".
Result<void> validate_reason(std::string_view reason, bool required);
/// A note to an answer or an assessment: valid text within note_chars_max. Its path is "note".
Result<void> validate_note(std::string_view note);

}  // namespace tuanyuan::core
