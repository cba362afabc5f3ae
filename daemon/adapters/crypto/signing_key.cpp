#include "adapters/crypto/signing_key.hpp"

#include <openssl/err.h>

#include <limits>
#include <utility>

#include "adapters/crypto/base64.hpp"
#include "adapters/crypto/pem.hpp"

namespace tuanyuan::crypto {
namespace {

constexpr std::size_t raw_key_bytes = 32;

PrivateKey require_ed25519(PrivateKey key, std::string_view step) {
  require(key != nullptr && EVP_PKEY_is_a(key.get(), "ED25519") == 1, step);
  return key;
}

PrivateKey parse_public_key(std::string_view der) {
  const unsigned char* at = unsigned_data(der);
  if (der.size() > static_cast<std::size_t>(std::numeric_limits<long>::max())) {
    return nullptr;
  }
  PrivateKey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  return at == unsigned_data(der) + der.size() ? std::move(key) : nullptr;
}

}  // namespace

std::string raw_public_key(EVP_PKEY* key) {
  std::string raw(raw_key_bytes, '\0');
  std::size_t size = raw.size();
  require(EVP_PKEY_get_raw_public_key(key, unsigned_data(raw), &size) == 1 && size == raw_key_bytes,
          "reading a public key");
  return raw;
}

std::string key_id_of(EVP_PKEY* key) {
  return to_base64url(sha256(R"({"crv":"Ed25519","kty":"OKP","x":")" + to_base64url(raw_public_key(key)) + "\"}"));
}

std::string public_key_der(EVP_PKEY* key) {
  unsigned char* data = nullptr;
  const int size = i2d_PUBKEY(key, &data);
  require(size > 0, "writing a public key");
  const OpenSslBytes owned(data);
  return std::string(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
}

SigningKey::SigningKey(PrivateKey key)
    : key_(std::move(key)), public_key_(public_key_der(key_.get())), key_id_(key_id_of(key_.get())) {}

SigningKey SigningKey::generate() {
  return SigningKey(
      require_ed25519(PrivateKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")), "making an Ed25519 key"));
}

SigningKey SigningKey::from_pem(std::string_view pem) {
  return SigningKey(require_ed25519(read_private_key(pem), "reading an Ed25519 key"));
}

std::string SigningKey::to_pem() const {
  return private_key_pem(key_.get());
}

std::string SigningKey::sign(std::string_view bytes) const {
  const DigestContext context(EVP_MD_CTX_new());
  std::string signature(ed25519_signature_bytes, '\0');
  std::size_t size = signature.size();
  require(
      context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
          EVP_DigestSign(context.get(), unsigned_data(signature), &size, unsigned_data(bytes), bytes.size()) == 1,
      "signing");
  return signature;
}

VerifyingKey::VerifyingKey(std::string_view public_key)
    : key_(require_ed25519(parse_public_key(public_key), "reading an Ed25519 public key")),
      key_id_(key_id_of(key_.get())) {}

bool VerifyingKey::verify(std::string_view bytes, std::string_view signature) const {
  if (signature.size() != ed25519_signature_bytes) {
    return false;
  }
  const DigestContext context(EVP_MD_CTX_new());
  require(context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1,
          "verifying");
  const bool good = EVP_DigestVerify(context.get(), unsigned_data(signature), signature.size(),
                                     unsigned_data(bytes), bytes.size()) == 1;
  ERR_clear_error();  // a signature that is no good is an answer, not an error
  return good;
}

}  // namespace tuanyuan::crypto
