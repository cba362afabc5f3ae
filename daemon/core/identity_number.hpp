#pragma once

#include <string_view>

namespace tuanyuan::core {

/// Whether the text is a citizen identity number by its check digit: 17 digits and one of 0-9, X or x that
/// ISO 7064 MOD 11-2 gives (GB 11643-1999, annex A). Neither the division nor the date of birth in it is
/// looked at: a wrong one would still be somebody's number with a slip in it.
bool is_identity_number(std::string_view text);

/// Whether a text of UTF-8 holds one: a run of exactly 18 letters and digits (the full-width ones too, as
/// Chinese input methods write them) that is_identity_number. Such a number is refused in every free text of
/// a report (contract, section 3).
bool holds_identity_number(std::string_view text);

}  // namespace tuanyuan::core
