#pragma once

#include <string>
#include <string_view>

#include "adapters/crypto/openssl_handles.hpp"

namespace tuanyuan::crypto {

inline constexpr std::size_t ed25519_signature_bytes = 64;

/// A private Ed25519 key (RFC 8032) that notices are signed with. Signing is deterministic: the same key and
/// bytes give the same signature. Movable; const members may be called on any thread.
class SigningKey {
 public:
  static SigningKey generate();
  /// PKCS#8, unencrypted. Throws std::runtime_error where it is not an Ed25519 key.
  static SigningKey from_pem(std::string_view pem);

  std::string to_pem() const;
  /// See key_id_of.
  const std::string& key_id() const { return key_id_; }
  /// DER SubjectPublicKeyInfo (RFC 8410).
  const std::string& public_key() const { return public_key_; }
  /// 64 bytes.
  std::string sign(std::string_view bytes) const;
  EVP_PKEY* handle() const { return key_.get(); }

 private:
  explicit SigningKey(PrivateKey key);

  PrivateKey key_;
  std::string public_key_;
  std::string key_id_;
};

/// A public Ed25519 key. Holds nothing secret; const members may be called on any thread.
class VerifyingKey {
 public:
  /// DER SubjectPublicKeyInfo. Throws std::runtime_error where it is not an Ed25519 key.
  explicit VerifyingKey(std::string_view public_key);

  bool verify(std::string_view bytes, std::string_view signature) const;
  const std::string& key_id() const { return key_id_; }

 private:
  PrivateKey key_;
  std::string key_id_;
};

/// The 32 bytes of the key inside a SubjectPublicKeyInfo: `x` of a JWK (RFC 8037).
std::string raw_public_key(EVP_PKEY* key);

/// What a key is called wherever it is named: its JWK thumbprint (RFC 7638 with RFC 8037, section 2), 43
/// characters, so that whoever holds a key can reckon its name and cannot be given another key under it.
std::string key_id_of(EVP_PKEY* key);

/// DER SubjectPublicKeyInfo.
std::string public_key_der(EVP_PKEY* key);

}  // namespace tuanyuan::crypto
