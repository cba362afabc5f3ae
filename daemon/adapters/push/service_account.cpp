#include "adapters/push/service_account.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "adapters/push/limits.hpp"
#include "adapters/push/rest_channel.hpp"
#include "adapters/wire/json_base64.hpp"

namespace tuanyuan::push {
namespace {

struct Freed {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, Freed>;
using Bio = std::unique_ptr<BIO, Freed>;

constexpr int key_bits_min = 2'048;  ///< RFC 7518, section 3.5
constexpr int salt_bytes = 32;       ///< as long as the digest, by the same section

void require(bool succeeded) {
  if (!succeeded) {
    ERR_clear_error();
    throw std::runtime_error("signing a service account's token failed");
  }
}

/// No key is ever asked for its pass phrase at a terminal.
int no_phrase(char*, int, int, void*) {
  return -1;
}

std::string ps256(EVP_PKEY* key, const std::string& text) {
  const Digest context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* padding = nullptr;
  require(context != nullptr && EVP_DigestSignInit(context.get(), &padding, EVP_sha256(), nullptr, key) == 1 &&
          EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) == 1 &&
          EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, salt_bytes) == 1);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  require(EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1);
  std::string signature(size, '\0');
  require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                         text.size()) == 1);
  signature.resize(size);
  return signature;
}

}  // namespace

struct ServiceAccount::Pkey {
  explicit Pkey(EVP_PKEY* made) : key(made) {}
  std::unique_ptr<EVP_PKEY, Freed> key;
};

ServiceAccount::ServiceAccount(std::shared_ptr<const Pkey> key, Names names)
    : key_(std::move(key)), names_(std::move(names)) {}

core::Result<ServiceAccount> ServiceAccount::parse(std::string_view pem, Names names) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(std::min(pem.size(), service_key_bytes_max))));
  EVP_PKEY* const read = bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_phrase, nullptr) : nullptr;
  ERR_clear_error();
  auto key = std::make_shared<const Pkey>(read);
  if (read == nullptr || EVP_PKEY_is_a(read, "RSA") != 1 || EVP_PKEY_get_bits(read) < key_bits_min) {
    return core::Refusal(core::Errc::invalid,
                         core::Text("密钥文件须为 PEM 格式、不短于 2048 位的 RSA 私钥",
                                    "the key file has to be a private RSA key of 2,048 bits or more in PEM"));
  }
  return ServiceAccount(std::move(key), std::move(names));
}

std::string ServiceAccount::sign(core::Instant issued_at, std::chrono::seconds lasts) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(issued_at).time_since_epoch();
  std::string header = "{";
  append_member("alg", "PS256", header);
  append_member("typ", "JWT", header);
  append_member("kid", names_.key_id, header);
  std::string claims = "{";
  append_member("iss", names_.sub_account, claims);
  append_member("aud", names_.audience, claims);
  claims += R"(,"iat":)" + std::to_string(seconds.count());
  claims += R"(,"exp":)" + std::to_string((seconds + lasts).count());
  std::string text;
  wire::append_base64url(header + "}", text);
  text += '.';
  wire::append_base64url(claims + "}", text);
  const std::string signature = ps256(key_->key.get(), text);
  text += '.';
  wire::append_base64url(signature, text);
  return text;
}

}  // namespace tuanyuan::push
