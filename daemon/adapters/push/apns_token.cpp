#include "adapters/push/apns_token.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "adapters/push/limits.hpp"
#include "adapters/wire/json_base64.hpp"

namespace tuanyuan::push {
namespace {

struct Freed {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
  void operator()(ECDSA_SIG* signature) const noexcept { ECDSA_SIG_free(signature); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, Freed>;
using Bio = std::unique_ptr<BIO, Freed>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed>;

constexpr int p256_bytes = 32;  ///< of each half of a signature (RFC 7518, section 3.4)

void require(bool succeeded) {
  if (!succeeded) {
    ERR_clear_error();
    throw std::runtime_error("signing a provider token failed");
  }
}

unsigned char* unsigned_data(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

bool is_id(std::string_view text) {
  constexpr std::size_t id_chars = 10;
  return text.size() == id_chars && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
         });
}

/// No key is ever asked for its pass phrase at a terminal.
int no_phrase(char*, int, int, void*) {
  return -1;
}

/// R and S one behind the other, as JWS has them, of what OpenSSL writes in DER.
std::string raw_of(const std::string& der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const Signature signature(d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size())));
  require(signature != nullptr);
  std::string raw(2 * p256_bytes, '\0');
  require(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), unsigned_data(raw), p256_bytes) == p256_bytes);
  require(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), unsigned_data(raw) + p256_bytes, p256_bytes) ==
          p256_bytes);
  return raw;
}

std::string es256(EVP_PKEY* key, const std::string& text) {
  const Digest context(EVP_MD_CTX_new());
  require(context != nullptr && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  require(EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1);
  std::string der(size, '\0');
  require(EVP_DigestSign(context.get(), unsigned_data(der), &size, bytes, text.size()) == 1);
  der.resize(size);
  return raw_of(der);
}

}  // namespace

struct ApnsKey::Pkey {
  explicit Pkey(EVP_PKEY* made) : key(made) {}
  std::unique_ptr<EVP_PKEY, Freed> key;
};

ApnsKey::ApnsKey(std::shared_ptr<const Pkey> key, std::string key_id, std::string team_id)
    : key_(std::move(key)), key_id_(std::move(key_id)), team_id_(std::move(team_id)) {}

core::Result<ApnsKey> ApnsKey::parse(std::string_view pem, std::string key_id, std::string team_id) {
  if (!is_id(key_id) || !is_id(team_id)) {
    return core::Refusal(core::Errc::invalid, core::Text("key_id 与 team_id 须各为十位字母或数字",
                                                         "key_id and team_id have ten letters or digits each"));
  }
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(std::min(pem.size(), apns_key_bytes_max))));
  EVP_PKEY* const read = bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_phrase, nullptr) : nullptr;
  ERR_clear_error();
  auto key = std::make_shared<const Pkey>(read);
  char curve[16] = "";
  if (read != nullptr) {
    EVP_PKEY_get_group_name(read, curve, sizeof(curve), nullptr);
    ERR_clear_error();
  }
  if (std::string_view(curve) != "prime256v1") {
    return core::Refusal(core::Errc::invalid, core::Text("密钥文件须为 PEM 格式的 P-256 私钥",
                                                         "the key file has to be a private key on P-256 in PEM"));
  }
  return ApnsKey(std::move(key), std::move(key_id), std::move(team_id));
}

std::string ApnsKey::sign(core::Instant issued_at) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(issued_at).time_since_epoch().count();
  std::string text;
  wire::append_base64url(R"({"alg":"ES256","kid":")" + key_id_ + R"("})", text);
  text += '.';
  wire::append_base64url(R"({"iss":")" + team_id_ + R"(","iat":)" + std::to_string(seconds) + "}", text);
  const std::string signature = es256(key_->key.get(), text);
  text += '.';
  wire::append_base64url(signature, text);
  return text;
}

bool ApnsKey::is_same_as(const ApnsKey& other) const {
  return key_id_ == other.key_id_ && team_id_ == other.team_id_ &&
         EVP_PKEY_eq(key_->key.get(), other.key_->key.get()) == 1;
}

ApnsTokens::ApnsTokens(ports::Clock& clock, ApnsKey key) : clock_(clock), key_(std::move(key)) {}

core::Duration ApnsTokens::age() const {
  return std::chrono::duration_cast<core::Duration>(clock_.steady_now() - minted_at_);
}

/// Then the token says another time than everybody else.
bool ApnsTokens::is_clock_set() const {
  const auto drift = clock_.wall_now() - (issued_at_ + age());
  return drift > apns_clock_drift_max || drift < -apns_clock_drift_max;
}

void ApnsTokens::mint() {
  minted_at_ = clock_.steady_now();
  issued_at_ = clock_.wall_now();
  token_ = key_.sign(issued_at_);
}

const std::string& ApnsTokens::current() {
  const bool is_old = age() >= apns_token_age_max || (age() >= apns_token_age_min && is_clock_set());
  if (token_.empty() || is_old) {
    mint();
  }
  return token_;
}

ApnsTokens::Replaced ApnsTokens::replace(const std::string& refused) {
  if (refused != token_) {
    return Replaced::already;
  }
  if (age() < apns_token_age_min) {
    return Replaced::too_soon;
  }
  mint();
  return Replaced::now;
}

core::Duration ApnsTokens::until_replaceable() {
  return std::max<core::Duration>(apns_token_age_min - age(), core::Duration(0));
}

void ApnsTokens::use(ApnsKey key) {
  if (!key_.is_same_as(key)) {
    key_ = std::move(key);
    token_.clear();
  }
}

}  // namespace tuanyuan::push
