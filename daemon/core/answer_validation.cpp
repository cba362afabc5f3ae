#include "core/answer_validation.hpp"

#include "core/field_checks.hpp"
#include "core/identifiers.hpp"
#include "core/limits.hpp"

namespace tuanyuan::core {
namespace {

Result<void> result_of(FieldChecks& checks) {
  if (!checks.empty()) {
    return Refusal(checks.take());
  }
  return {};
}

}  // namespace

Result<void> validate(const Acknowledgement& answer, Instant) {
  FieldChecks checks;
  checks.require(answer.kind != AnswerKind::unable || answer.reason != UnableReason::none, "reason");
  checks.text("note", answer.note, {.chars_max = note_chars_max, .lines = true});
  return result_of(checks);
}

Result<void> validate(const Sighting& sighting, Instant now) {
  FieldChecks checks;
  if (!is_uuid(sighting.sighting_id.value)) {
    checks.refuse("sightingId", Text("须为 UUID（RFC 9562）", "has to be a UUID (RFC 9562)"));
  }
  if (sighting.seen_at > now + std::chrono::minutes(clock_skew_minutes_max)) {
    checks.refuse("seenAt", Text("不得晚于现在（允许五分钟时钟误差）",
                                 "may not be in the future (5 minutes of clock skew are allowed)"));
  }
  if (sighting.position) {
    checks.position("position", *sighting.position);
  }
  const bool says_something =
      !is_blank(sighting.description) || sighting.position.has_value() || !sighting.photo.empty();
  checks.text("description", sighting.description,
              {.chars_max = sighting_description_chars_max, .required = !says_something, .lines = true});
  checks.photo("photo", sighting.photo);
  return result_of(checks);
}

}  // namespace tuanyuan::core
