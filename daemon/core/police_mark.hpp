#pragma once

#include <string_view>

#include "core/recipient.hpp"

namespace tuanyuan::core {

/// What stands on the police's own copy on paper, in a line and over a script: there nobody sees any more whose
/// copy it is, and it says what no other does (contract, section 3: who gets which field). Chinese or English, as
/// the words of the form are; empty for any other audience.
std::string_view police_mark(Audience audience, std::string_view language);

}  // namespace tuanyuan::core
