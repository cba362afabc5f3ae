#include "core/reason.hpp"

#include "core/field_checks.hpp"
#include "core/limits.hpp"

namespace tuanyuan::core {

Result<void> validate_reason(std::string_view reason, bool required) {
  FieldChecks checks;
  checks.text(
      "reason", reason,
      {.chars_max = reason_chars_max, .required = required, .lines = true, .identity_numbers_refused = true});
  if (!checks.empty()) {
    return Refusal(checks.take());
  }
  return {};
}

Result<void> validate_note(std::string_view note) {
  FieldChecks checks;
  checks.text("note", note, {.chars_max = note_chars_max, .lines = true});
  if (!checks.empty()) {
    return Refusal(checks.take());
  }
  return {};
}

}  // namespace tuanyuan::core
