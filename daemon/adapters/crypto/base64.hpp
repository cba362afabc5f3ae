#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tuanyuan::crypto {

/// RFC 4648, section 5, without padding, as JWS wants it.
std::string to_base64url(std::string_view bytes);

/// Nothing unless `text` is what to_base64url would have written: no padding, no white space, no stray bits
/// in the last character, so that one value has one spelling.
std::optional<std::string> from_base64url(std::string_view text);

/// RFC 4648, section 4, with padding, as x5c wants it (RFC 7517, 4.7).
std::string to_base64(std::string_view bytes);

}  // namespace tuanyuan::crypto
