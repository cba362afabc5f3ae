#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/crypto/signing_key.hpp"

namespace tuanyuan::crypto {

inline constexpr std::size_t jws_bytes_max = 512 * 1024;
inline constexpr std::size_t jws_header_bytes_max = 1024;

/// JWS in compact serialisation (RFC 7515) with EdDSA (RFC 8037): base64url(header).base64url(payload).
/// base64url(signature), header exactly {"alg":"EdDSA","kid":"…"}.
std::string jws_sign(const SigningKey& key, std::string_view payload);

/// A JWS taken apart, nothing of it verified yet.
struct JwsParts {
  std::string key_id;
  std::string signing_input;  ///< header.payload as they stood
  std::string payload;
  std::string signature;
};

/// Nothing unless it is well formed, within the limits, of alg EdDSA, with a kid, and without a `crit`, which
/// would name a rule that this reader does not know (RFC 7515, 4.1.11).
std::optional<JwsParts> jws_parse(std::string_view jws);

inline bool jws_verify(const JwsParts& parts, const VerifyingKey& key) {
  return key.verify(parts.signing_input, parts.signature);
}

}  // namespace tuanyuan::crypto
