#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tuanyuan::wire {

/// RFC 4648, section 4: the standard alphabet, padded.
void append_base64(std::string_view bytes, std::string& out);

/// RFC 4648, section 5: the URL-safe alphabet without padding, as JOSE uses it (RFC 7515).
void append_base64url(std::string_view bytes, std::string& out);

/// Reads either alphabet, padded or not, as the protobuf JSON mapping demands. Nothing where a character is of
/// neither alphabet (white space included), the padding is wrong, or unused bits are set: so the same bytes
/// have no second spelling within one alphabet.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace tuanyuan::wire
