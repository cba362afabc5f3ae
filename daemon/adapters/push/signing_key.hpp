#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/refusal.hpp"

namespace tuanyuan::push {

/// A private key for JSON Web Signatures (RFC 7515), read from PEM. Copies share it. The functions throw
/// std::runtime_error where OpenSSL fails. Any thread.
class SigningKey {
 public:
  enum class Kind {
    p256,     ///< signs by ES256
    rsa,      ///< by RS256, of 2048 bits at least
    rsa_pss,  ///< the same by PS256
  };
  /// The refusal (invalid) repeats nothing of the key.
  static core::Result<SigningKey> parse(std::string_view pem, Kind wanted);

  /// The signature as JWS has it: R and S one behind the other (RFC 7518, section 3.4), PKCS #1 v1.5,
  /// or PSS with a salt as long as the digest (section 3.5).
  std::string sign(std::string_view text) const;
  /// What a token's header says of it: "ES256", "RS256", "PS256".
  std::string_view algorithm() const;
  /// `header.claims.signature`, of two JSON texts.
  std::string token(std::string_view header, std::string_view claims) const;
  bool is_same_as(const SigningKey& other) const;
  /// Of a P-256 key: the public point, uncompressed, 65 bytes, whichever form the file has it in. The refusal
  /// (invalid): it has none.
  core::Result<std::string> public_point() const;

 private:
  struct Pkey;
  SigningKey(std::shared_ptr<const Pkey> key, Kind kind);

  std::shared_ptr<const Pkey> key_;
  Kind kind_ = Kind::p256;
};

}  // namespace tuanyuan::push
