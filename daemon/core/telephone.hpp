#pragma once

#include <string>
#include <string_view>

namespace tuanyuan::core {

/// A telephone number as gateways and networks agree on it: its digits, without "+" or "00" and without China's 86
/// before a mobile number of eleven digits. Empty where it is none: other signs, too few or too many digits.
std::string national_number(std::string_view number);

}  // namespace tuanyuan::core
