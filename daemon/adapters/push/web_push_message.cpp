#include "adapters/push/web_push_message.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>

#include <stdexcept>
#include <utility>

#include "adapters/push/answer_code.hpp"
#include "adapters/push/digests.hpp"
#include "adapters/push/limits.hpp"
#include "adapters/push/rest_channel.hpp"
#include "adapters/wire/json_base64.hpp"

namespace tuanyuan::push {
namespace {

using namespace std::string_literals;

constexpr std::size_t point_bytes = 65;
constexpr std::size_t auth_bytes = 16;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t key_bytes = 16;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;

struct Freed {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
  void operator()(OSSL_PARAM_BLD* builder) const noexcept { OSSL_PARAM_BLD_free(builder); }
  void operator()(OSSL_PARAM* parameters) const noexcept { OSSL_PARAM_free(parameters); }
  void operator()(BIGNUM* number) const noexcept { BN_clear_free(number); }
};
template <class T>
using Owned = std::unique_ptr<T, Freed>;

void require(bool succeeded) {
  if (!succeeded) {
    ERR_clear_error();
    throw std::runtime_error("sealing a push message failed");
  }
}

const unsigned char* unsigned_data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* unsigned_data(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

/// A key on P-256 of its point, and of its private half where that is given; null where it is none.
Owned<EVP_PKEY> key_of(std::string_view point, std::string_view private_key) {
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  const Owned<BIGNUM> secret(
      private_key.empty() ? nullptr
                          : BN_bin2bn(unsigned_data(private_key), static_cast<int>(private_key.size()), nullptr));
  require(builder != nullptr &&
          OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
          OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) ==
              1);
  if (secret) {
    require(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret.get()) == 1);
  }
  const Owned<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  require(parameters != nullptr && context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1);
  EVP_PKEY* made = nullptr;
  const int selection = secret ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
  const bool is_key = EVP_PKEY_fromdata(context.get(), &made, selection, parameters.get()) == 1;
  Owned<EVP_PKEY> key(made);
  ERR_clear_error();
  return is_key ? std::move(key) : nullptr;
}

/// The secret that both can reckon; empty where the other's key is none.
std::string shared_secret(EVP_PKEY* own, EVP_PKEY* other) {
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(own, nullptr));
  require(context != nullptr && EVP_PKEY_derive_init(context.get()) == 1);
  std::size_t size = 0;
  if (EVP_PKEY_derive_set_peer(context.get(), other) != 1) {
    ERR_clear_error();
    return {};
  }
  require(EVP_PKEY_derive(context.get(), nullptr, &size) == 1);
  std::string secret(size, '\0');
  require(EVP_PKEY_derive(context.get(), unsigned_data(secret), &size) == 1);
  secret.resize(size);
  return secret;
}

/// HKDF (RFC 5869) by SHA-256, of one block.
std::string hkdf(std::string_view salt, std::string_view secret, const std::string& info, std::size_t size) {
  return hmac_sha256(hmac_sha256(salt, secret), info + '\x01').substr(0, size);
}

std::string aes128gcm(const std::string& key, const std::string& nonce, std::string_view plaintext) {
  const Owned<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
  require(context != nullptr && EVP_EncryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, unsigned_data(key),
                                                   unsigned_data(nonce)) == 1);
  std::string sealed(plaintext.size() + tag_bytes, '\0');
  int size = 0;
  int rest = 0;
  require(EVP_EncryptUpdate(context.get(), unsigned_data(sealed), &size, unsigned_data(plaintext),
                            static_cast<int>(plaintext.size())) == 1 &&
          EVP_EncryptFinal_ex(context.get(), unsigned_data(sealed) + size, &rest) == 1 &&
          EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_bytes),
                              unsigned_data(sealed) + plaintext.size()) == 1);
  return sealed;
}

/// One text of the JSON, read as base64.
std::string bytes_at(std::string_view json, std::initializer_list<std::string_view> path) {
  const std::vector<std::string> texts = texts_in(json, path);
  return texts.size() == 1 ? wire::decode_base64(texts.front()).value_or("") : "";
}

}  // namespace

core::Result<PushSubscription> parse_push_subscription(std::string_view address, std::string_view secret) {
  const bool is_whole = address.starts_with('{');
  const std::vector<std::string> urls =
      is_whole ? texts_in(address, {"endpoint"}) : std::vector<std::string>{std::string(address)};
  auto url = parse_url(urls.size() == 1 ? urls.front() : std::string());
  if (!url) {
    return core::Refusal(core::Errc::invalid);
  }
  PushSubscription read;
  read.endpoint = std::move(*url);
  read.point = is_whole ? bytes_at(address, {"keys", "p256dh"}) : bytes_at(secret, {"p256dh"});
  read.auth = is_whole ? bytes_at(address, {"keys", "auth"}) : bytes_at(secret, {"auth"});
  if (read.point.size() != point_bytes || read.point.front() != '\x04' || read.auth.size() != auth_bytes) {
    return core::Refusal(core::Errc::invalid);
  }
  return read;
}

struct PushSeal::Pkey {
  explicit Pkey(Owned<EVP_PKEY> made) : key(std::move(made)) {}
  Owned<EVP_PKEY> key;
};

PushSeal::PushSeal(std::shared_ptr<const Pkey> key, std::string point, std::string salt)
    : key_(std::move(key)), point_(std::move(point)), salt_(std::move(salt)) {}

PushSeal PushSeal::fresh() {
  Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  std::string point(point_bytes, '\0');
  std::string salt(salt_bytes, '\0');
  std::size_t size = 0;
  require(key != nullptr &&
          EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, unsigned_data(point), point.size(),
                                          &size) == 1 &&
          size == point_bytes && RAND_bytes(unsigned_data(salt), static_cast<int>(salt.size())) == 1);
  return PushSeal(std::make_shared<const Pkey>(std::move(key)), std::move(point), std::move(salt));
}

PushSeal PushSeal::of(std::string_view private_key, std::string_view point, std::string salt) {
  Owned<EVP_PKEY> key = key_of(point, private_key);
  require(key != nullptr);
  return PushSeal(std::make_shared<const Pkey>(std::move(key)), std::string(point), std::move(salt));
}

core::Result<std::string> PushSeal::seal(const PushSubscription& to, std::string_view plaintext) const {
  if (plaintext.size() > push_plaintext_bytes_max) {
    return core::Refusal(core::Errc::too_large);
  }
  const Owned<EVP_PKEY> theirs = key_of(to.point, "");
  const std::string secret = theirs ? shared_secret(key_->key.get(), theirs.get()) : std::string();
  if (secret.empty()) {
    return core::Refusal(core::Errc::invalid);
  }
  const std::string input = hkdf(to.auth, secret, "WebPush: info\0"s + to.point + point_, secret.size());
  const std::string key = hkdf(salt_, input, "Content-Encoding: aes128gcm\0"s, key_bytes);
  const std::string nonce = hkdf(salt_, input, "Content-Encoding: nonce\0"s, nonce_bytes);
  constexpr char last_record = '\x02';
  // RFC 8188, section 2.1: salt, size of records (4,096), length of the key's id, and the id, which is the point.
  std::string body = salt_ + "\x00\x00\x10\x00"s + static_cast<char>(point_bytes) + point_;
  return body + aes128gcm(key, nonce, std::string(plaintext) + last_record);
}

core::Result<std::string> web_push_payload(const core::Notice& notice, const Words& words,
                                           const std::vector<std::string>& languages, std::string_view id) {
  const std::string title = words.headline(notice, languages, core::at_most_bytes(push_title_bytes_max));
  const auto with_body = [&](std::string_view body) {
    std::string json = "{";
    append_member("id", id, json);
    append_member("kind", core::to_string(notice.kind), json);
    append_member("status", core::to_string(notice.status), json);
    append_member("alertId", notice.alert_id.value, json);
    json += R"(,"revision":)" + std::to_string(notice.version.revision);
    json += R"(,"step":)" + std::to_string(notice.version.step);
    append_member("language", words.language(languages), json);
    append_member("title", title, json);
    append_member("body", body, json);
    if (notice.photo && !notice.photo->url.empty()) {
      append_member("image", notice.photo->url, json);
    }
    return json + "}";
  };
  const core::Fits fits = [&](std::string_view body) { return with_body(body).size() <= push_composed_bytes_max; };
  std::string payload = with_body(words.bodies(notice, languages, fits));
  if (payload.size() > push_composed_bytes_max) {
    return core::Refusal(core::Errc::too_large);
  }
  return payload;
}

std::string web_push_topic(const core::RecipientId& recipient, const core::AlertId& alert) {
  const std::string digest = sha256("tuanyuan web push\n" + recipient.value + "\n" + alert.value);
  std::string topic;
  wire::append_base64url(digest, topic);
  return topic.substr(0, push_topic_chars_max);
}

}  // namespace tuanyuan::push
