#include "adapters/push/webhook_signature.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <utility>

#include "adapters/push/digests.hpp"
#include "adapters/push/limits.hpp"
#include "adapters/wire/json_base64.hpp"
#include "core/joined.hpp"

// Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md).
namespace tuanyuan::push {
namespace {

constexpr std::size_t ed25519_key_bytes = 32;
constexpr std::size_t ed25519_signature_bytes = 64;

struct Freed {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Pkey = std::unique_ptr<EVP_PKEY, Freed>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed>;

const unsigned char* unsigned_data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* unsigned_data(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

void require(bool succeeded) {
  if (!succeeded) {
    ERR_clear_error();
    throw std::runtime_error("signing a webhook failed");
  }
}

std::string head_of(const WebhookMessage& message) {
  return core::joined({message.id, ".", std::to_string(message.timestamp), "."});
}

core::Refusal malformed() {
  return core::Refusal(core::Errc::invalid, core::Text("密钥须为 whsec_ 或 whsk_ 加 base64",
                                                       "the secret has to be whsec_ or whsk_ and base64"));
}

/// Takes the next word of a list that spaces separate; empty at its end.
std::string_view take_word(std::string_view& list) {
  list.remove_prefix(std::min(list.find_first_not_of(' '), list.size()));
  const std::string_view word = list.substr(0, list.find(' '));
  list.remove_prefix(word.size());
  return word;
}

}  // namespace

class WebhookKeys::Key {
 public:
  Key() = default;
  virtual ~Key() = default;
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;

  virtual std::string_view version() const = 0;
  virtual bool can_sign() const = 0;
  /// What is signed, one after the other: what stands before the body, and its parts.
  using Parts = std::array<std::string_view, 3>;
  virtual std::string sign(const Parts& parts) const = 0;
  virtual bool verify(const Parts& parts, std::string_view signature) const = 0;
};

class WebhookKeys::SharedKey final : public Key {
 public:
  explicit SharedKey(std::string bytes) : bytes_(std::move(bytes)) {}
  ~SharedKey() override { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  std::string_view version() const override { return "v1"; }
  bool can_sign() const override { return true; }
  std::string sign(const Parts& parts) const override { return hmac_sha256(bytes_, parts); }
  bool verify(const Parts& parts, std::string_view signature) const override {
    const std::string expected = sign(parts);
    return signature.size() == expected.size() &&
           CRYPTO_memcmp(expected.data(), signature.data(), expected.size()) == 0;
  }

 private:
  std::string bytes_;
};

class WebhookKeys::Ed25519Key final : public Key {
 public:
  Ed25519Key(Pkey key, bool is_private) : key_(std::move(key)), is_private_(is_private) {}

  std::string_view version() const override { return "v1a"; }
  bool can_sign() const override { return is_private_; }
  std::string sign(const Parts& parts) const override {
    const std::string text = core::joined({parts[0], parts[1], parts[2]});  // it takes no parts (RFC 8032)
    const Digest context(EVP_MD_CTX_new());
    std::string signature(ed25519_signature_bytes, '\0');
    std::size_t size = signature.size();
    require(context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
            EVP_DigestSign(context.get(), unsigned_data(signature), &size, unsigned_data(text), text.size()) == 1);
    return signature;
  }
  bool verify(const Parts& parts, std::string_view signature) const override {
    if (signature.size() != ed25519_signature_bytes) {
      return false;
    }
    const std::string text = core::joined({parts[0], parts[1], parts[2]});
    const Digest context(EVP_MD_CTX_new());
    require(context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
    const bool good = EVP_DigestVerify(context.get(), unsigned_data(signature), signature.size(),
                                       unsigned_data(text), text.size()) == 1;
    ERR_clear_error();  // a signature that is no good is an answer, not an error
    return good;
  }

  /// Nothing where the bytes are neither a seed nor a seed with its own public key behind it.
  static std::shared_ptr<const Key> of_private(std::string_view bytes) {
    if (bytes.size() != ed25519_key_bytes && bytes.size() != 2 * ed25519_key_bytes) {
      return nullptr;
    }
    Pkey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, unsigned_data(bytes), ed25519_key_bytes));
    std::string own(ed25519_key_bytes, '\0');
    std::size_t size = own.size();
    require(key != nullptr && EVP_PKEY_get_raw_public_key(key.get(), unsigned_data(own), &size) == 1);
    const std::string_view given = bytes.substr(ed25519_key_bytes);
    return given.empty() || given == own ? std::make_shared<Ed25519Key>(std::move(key), true) : nullptr;
  }
  static std::shared_ptr<const Key> of_public(std::string_view bytes) {
    Pkey key(bytes.size() == ed25519_key_bytes
                 ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, unsigned_data(bytes), bytes.size())
                 : nullptr);
    return key != nullptr ? std::make_shared<Ed25519Key>(std::move(key), false) : nullptr;
  }

 private:
  Pkey key_;
  bool is_private_;
};

std::shared_ptr<const WebhookKeys::Key> WebhookKeys::parse_key(std::string_view text) {
  const std::size_t prefix = std::min(text.find('_'), text.size() - 1) + 1;
  auto bytes = wire::decode_base64(text.substr(prefix));
  if (!bytes) {
    return nullptr;
  }
  const std::string_view kind = text.substr(0, prefix);
  std::shared_ptr<const Key> key;
  if (kind == "whsk_") {
    key = Ed25519Key::of_private(*bytes);
  } else if (kind == "whpk_") {
    key = Ed25519Key::of_public(*bytes);
  } else if (kind == "whsec_" && bytes->size() >= webhook_key_bytes_min &&
             bytes->size() <= webhook_key_bytes_max) {
    key = std::make_shared<SharedKey>(*bytes);
  }
  OPENSSL_cleanse(bytes->data(), bytes->size());
  return key;
}

core::Result<WebhookKeys> WebhookKeys::parse(std::string_view secret) {
  WebhookKeys keys;
  for (std::string_view word = take_word(secret); !word.empty(); word = take_word(secret)) {
    auto key = parse_key(word);
    if (!key || keys.keys_.size() == webhook_secrets_max) {
      return malformed();
    }
    keys.keys_.push_back(std::move(key));
  }
  if (keys.keys_.empty()) {
    return malformed();
  }
  return keys;
}

bool WebhookKeys::can_sign() const {
  return std::any_of(keys_.begin(), keys_.end(), [](const auto& key) { return key->can_sign(); });
}

std::string WebhookKeys::sign(const WebhookMessage& message) const {
  if (!can_sign()) {
    throw std::logic_error("a webhook is to be signed by public keys");
  }
  const std::string head = head_of(message);
  const auto [shared, own] = message.body;
  std::string header;
  for (const auto& key : keys_) {
    if (!key->can_sign()) {
      continue;
    }
    header += header.empty() ? "" : " ";
    header += key->version();
    header += ',';
    wire::append_base64(key->sign({head, shared, own}), header);
  }
  return header;
}

WebhookKeys::Verdict WebhookKeys::verify(std::string_view id, std::string_view timestamp, std::string_view body,
                                         std::string_view signatures, core::Instant now) const {
  WebhookMessage message;
  message.id = id;
  message.body = {body};
  const char* end = timestamp.data() + timestamp.size();
  const auto [stop, error] = std::from_chars(timestamp.data(), end, message.timestamp);
  if (error != std::errc() || stop != end || std::to_string(message.timestamp) != timestamp ||
      id.find('.') != std::string_view::npos) {
    return Verdict::forged;
  }
  const std::string head = head_of(message);
  const auto fits = [&](std::string_view version, std::string_view signature) {
    return std::any_of(keys_.begin(), keys_.end(), [&](const auto& key) {
      return key->version() == version && key->verify({head, body}, signature);
    });
  };
  bool genuine = false;
  for (std::size_t count = 0; count < webhook_signatures_max && !genuine; ++count) {
    const std::string_view word = take_word(signatures);
    const std::size_t comma = std::min(word.find(','), word.size());
    const auto signature = wire::decode_base64(word.substr(std::min(comma + 1, word.size())));
    genuine = signature && fits(word.substr(0, comma), *signature);
  }
  if (!genuine) {
    return Verdict::forged;
  }
  const std::int64_t age =
      std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() - message.timestamp;
  if (age > webhook_tolerance.count()) {
    return Verdict::too_old;
  }
  return -age > webhook_tolerance.count() ? Verdict::too_early : Verdict::genuine;
}

}  // namespace tuanyuan::push
