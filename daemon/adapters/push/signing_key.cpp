#include "adapters/push/signing_key.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>
#include <utility>

#include "adapters/push/limits.hpp"
#include "adapters/wire/json_base64.hpp"

namespace tuanyuan::push {
namespace {

constexpr int p256_bytes = 32;       ///< of each half of a signature
constexpr int rsa_bits_min = 2'048;  ///< RFC 7518, section 3.3

struct Freed {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
  void operator()(ECDSA_SIG* signature) const noexcept { ECDSA_SIG_free(signature); }
  void operator()(BIGNUM* number) const noexcept { BN_free(number); }
};
template <class T>
using Owned = std::unique_ptr<T, Freed>;

void require(bool succeeded) {
  if (!succeeded) {
    ERR_clear_error();
    throw std::runtime_error("signing failed");
  }
}

unsigned char* unsigned_data(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

/// No key is ever asked for its pass phrase at a terminal.
int no_phrase(char*, int, int, void*) {
  return -1;
}

bool is_wanted(EVP_PKEY* key, SigningKey::Kind wanted) {
  if (key == nullptr) {
    return false;
  }
  if (wanted != SigningKey::Kind::p256) {
    return EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) >= rsa_bits_min;
  }
  char curve[16] = "";
  return EVP_PKEY_get_group_name(key, curve, sizeof(curve), nullptr) == 1 &&
         std::string_view(curve) == "prime256v1";
}

/// As JWS has it, of what OpenSSL writes in DER.
std::string raw_of(const std::string& der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const Owned<ECDSA_SIG> signature(d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size())));
  require(signature != nullptr);
  std::string raw(2 * p256_bytes, '\0');
  unsigned char* const into = unsigned_data(raw);
  require(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), into, p256_bytes) == p256_bytes);
  require(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), into + p256_bytes, p256_bytes) == p256_bytes);
  return raw;
}

}  // namespace

struct SigningKey::Pkey {
  explicit Pkey(EVP_PKEY* made) : key(made) {}
  Owned<EVP_PKEY> key;
};

SigningKey::SigningKey(std::shared_ptr<const Pkey> key, Kind kind) : key_(std::move(key)), kind_(kind) {}

core::Result<SigningKey> SigningKey::parse(std::string_view pem, Kind wanted) {
  if (pem.size() > key_file_bytes_max) {
    return core::Refusal(core::Errc::invalid);
  }
  const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  auto key = std::make_shared<const Pkey>(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_phrase, nullptr)
                                              : nullptr);
  const bool is_one = is_wanted(key->key.get(), wanted);
  ERR_clear_error();
  if (!is_one) {
    return core::Refusal(core::Errc::invalid, wanted != Kind::p256
                                                  ? core::Text("密钥须为 PEM 格式的 RSA 私钥，至少 2048 位",
                                                               "has to be a private RSA key of 2048 bits in PEM")
                                                  : core::Text("密钥文件须为 PEM 格式的 P-256 私钥",
                                                               "has to be a private key on P-256 in PEM"));
  }
  return SigningKey(std::move(key), wanted);
}

std::string SigningKey::sign(std::string_view text) const {
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* padding = nullptr;  // the context's own
  require(context != nullptr &&
          EVP_DigestSignInit(context.get(), &padding, EVP_sha256(), nullptr, key_->key.get()) == 1);
  if (kind_ == Kind::rsa_pss) {
    require(EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) == 1 &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, RSA_PSS_SALTLEN_DIGEST) == 1);
  }
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  require(EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1);
  std::string signature(size, '\0');
  require(EVP_DigestSign(context.get(), unsigned_data(signature), &size, bytes, text.size()) == 1);
  signature.resize(size);
  return kind_ == Kind::p256 ? raw_of(signature) : signature;
}

std::string_view SigningKey::algorithm() const {
  switch (kind_) {
    case Kind::p256:
      return "ES256";
    case Kind::rsa:
      return "RS256";
    case Kind::rsa_pss:
      break;
  }
  return "PS256";
}

std::string SigningKey::token(std::string_view header, std::string_view claims) const {
  std::string text;
  wire::append_base64url(header, text);
  text += '.';
  wire::append_base64url(claims, text);
  const std::string signature = sign(text);
  text += '.';
  wire::append_base64url(signature, text);
  return text;
}

bool SigningKey::is_same_as(const SigningKey& other) const {
  return EVP_PKEY_eq(key_->key.get(), other.key_->key.get()) == 1;
}

core::Result<std::string> SigningKey::public_point() const {
  std::string point = "\x04";  // uncompressed (SEC 1, section 2.3.3)
  for (const char* half : {OSSL_PKEY_PARAM_EC_PUB_X, OSSL_PKEY_PARAM_EC_PUB_Y}) {
    BIGNUM* read = nullptr;
    const bool is_read = EVP_PKEY_get_bn_param(key_->key.get(), half, &read) == 1;
    const Owned<BIGNUM> number(read);
    std::string bytes(p256_bytes, '\0');
    if (!is_read || BN_bn2binpad(number.get(), unsigned_data(bytes), p256_bytes) != p256_bytes) {
      ERR_clear_error();
      return core::Refusal(core::Errc::invalid, core::Text("密钥没有公钥点", "has no public point"));
    }
    point += bytes;
  }
  return point;
}

}  // namespace tuanyuan::push
