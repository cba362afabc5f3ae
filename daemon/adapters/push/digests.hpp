#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tuanyuan::push {

/// What vendors have requests signed and quoted by. The digests throw std::runtime_error where OpenSSL fails. Any
/// thread.
std::string hmac_sha256(std::string_view key, std::string_view text);  ///< 32 bytes
/// Of all the parts, one after the other.
std::string hmac_sha256(std::string_view key, std::span<const std::string_view> parts);
std::string sha256(std::string_view text);  ///< 32 bytes
std::string md5(std::string_view text);     ///< 16 bytes; for vendors that have nothing better
std::string to_hex(std::string_view bytes);
std::string to_base64(std::string_view bytes);
/// RFC 3986: all but the unreserved characters as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace tuanyuan::push
