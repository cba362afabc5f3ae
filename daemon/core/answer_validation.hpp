#pragma once

#include "core/answer.hpp"
#include "core/refusal.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

// What recipients send, by its own fields: whether the alert and the recipient exist is looked up by whoever
// asks. All errors at once, by JSON path.

/// The note's length and characters, and a reason with UNABLE. `at` is by the recipient's own clock and is not
/// held against `now`: a station whose clock is wrong would otherwise count as silent.
Result<void> validate(const Acknowledgement& answer, Instant now);

/// A UUID, a time that is not in the future (but for the skew of clocks), a place on earth, a picture by its
/// name and size, and something said: a description, a position or a picture. Identity numbers are not looked
/// for: what a hotel's register says of a suspect is a clue for the case unit.
Result<void> validate(const Sighting& sighting, Instant now);

}  // namespace tuanyuan::core
