#include "adapters/crypto/vault.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <sys/stat.h>

#include <array>
#include <fstream>
#include <stdexcept>

#include "adapters/crypto/openssl_handles.hpp"

namespace tuanyuan::crypto {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr char envelope_version = 1;
constexpr std::size_t envelope_overhead_bytes = 1 + nonce_bytes + tag_bytes;

std::string derive(std::string_view master_key, std::string_view label) {
  const Kdf kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  require(kdf != nullptr, "HKDF");
  const KdfContext context(EVP_KDF_CTX_new(kdf.get()));
  require(context != nullptr, "HKDF");
  std::string digest_name = "SHA256";
  std::string secret(master_key);
  std::string info(label);
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest_name.data(), digest_name.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end(),
  };
  std::string derived(key_bytes, '\0');
  const int done = EVP_KDF_derive(context.get(), unsigned_data(derived), derived.size(), parameters);
  OPENSSL_cleanse(secret.data(), secret.size());
  require(done == 1, "HKDF");
  return derived;
}

/// HMAC-SHA-256 that has taken its key.
MacContext keyed_hmac(std::string_view key) {
  const Mac mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  MacContext context(EVP_MAC_CTX_new(mac.get()));
  std::string digest = "SHA256";
  const std::array parameters = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
                                 OSSL_PARAM_construct_end()};
  require(
      context != nullptr && EVP_MAC_init(context.get(), unsigned_data(key), key.size(), parameters.data()) == 1,
      "HMAC-SHA-256");
  return context;
}

CipherContext gcm_context(std::string_view key, std::string_view nonce, std::string_view aad, int encrypting) {
  CipherContext context(EVP_CIPHER_CTX_new());
  require(context != nullptr, "AES-256-GCM");
  int size = 0;
  require(
      EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, unsigned_data(key), unsigned_data(nonce),
                        encrypting) == 1 &&
          EVP_CipherUpdate(context.get(), nullptr, &size, unsigned_data(aad), static_cast<int>(aad.size())) == 1,
      "AES-256-GCM");
  return context;
}

std::string encrypt(std::string_view key, std::string_view plain, std::string_view aad) {
  if (key.size() != key_bytes) {
    throw std::invalid_argument("a data key has 32 bytes");
  }
  const std::string nonce = random_bytes(nonce_bytes);
  const CipherContext context = gcm_context(key, nonce, aad, 1);
  std::string text(plain.size(), '\0');
  std::string tag(tag_bytes, '\0');
  int size = 0;
  int rest = 0;
  require(EVP_CipherUpdate(context.get(), unsigned_data(text), &size, unsigned_data(plain),
                           static_cast<int>(plain.size())) == 1 &&
              EVP_CipherFinal_ex(context.get(), unsigned_data(text) + size, &rest) == 1 &&
              EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_bytes, tag.data()) == 1,
          "AES-256-GCM");
  std::string envelope;
  envelope.reserve(text.size() + envelope_overhead_bytes);
  envelope.push_back(envelope_version);
  envelope += nonce;
  envelope += text;
  envelope += tag;
  return envelope;
}

std::optional<std::string> decrypt(std::string_view key, std::string_view envelope, std::string_view aad) {
  if (key.size() != key_bytes || envelope.size() < envelope_overhead_bytes || envelope[0] != envelope_version) {
    return std::nullopt;
  }
  const std::string_view nonce = envelope.substr(1, nonce_bytes);
  const std::string_view text = envelope.substr(1 + nonce_bytes, envelope.size() - envelope_overhead_bytes);
  std::string tag(envelope.substr(envelope.size() - tag_bytes));
  const CipherContext context = gcm_context(key, nonce, aad, 0);
  std::string plain(text.size(), '\0');
  int size = 0;
  int rest = 0;
  const bool authentic = EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_bytes, tag.data()) == 1 &&
                         EVP_CipherUpdate(context.get(), unsigned_data(plain), &size, unsigned_data(text),
                                          static_cast<int>(text.size())) == 1 &&
                         EVP_CipherFinal_ex(context.get(), unsigned_data(plain) + size, &rest) == 1;
  if (!authentic) {
    OPENSSL_cleanse(plain.data(), plain.size());
    return std::nullopt;
  }
  return plain;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<std::string> parse_key_line(std::string_view line) {
  if (line.size() != 2 * key_bytes) {
    return std::nullopt;
  }
  std::string key;
  for (std::size_t i = 0; i < line.size(); i += 2) {
    const int high = hex_value(line[i]);
    const int low = hex_value(line[i + 1]);
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    key.push_back(static_cast<char>(high * 16 + low));
  }
  return key;
}

[[noreturn]] void refuse_file(const std::filesystem::path& path, const char* why) {
  throw std::runtime_error("master key file " + path.string() + ": " + why);
}

}  // namespace

MasterKeys load_master_key(const std::filesystem::path& path) {
  struct stat status {};
  std::ifstream file(path);
  if (!file || ::stat(path.c_str(), &status) != 0) {
    refuse_file(path, "cannot be read");
  }
  if ((status.st_mode & S_IRWXO) != 0) {
    refuse_file(path, "is open to everybody; make it readable by its owner alone (chmod 600)");
  }
  MasterKeys keys;
  for (std::string line; std::getline(file, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) {
      line.pop_back();
    }
    if (line.empty() || line.front() == '#') {
      continue;
    }
    std::optional<std::string> key = parse_key_line(line);
    OPENSSL_cleanse(line.data(), line.size());
    if (!key) {
      refuse_file(path, "a key is 64 hexadecimal digits on a line of its own");
    }
    if (keys.size() == master_keys_max) {
      refuse_file(path, "holds more than 8 keys");
    }
    keys.push_back(std::move(*key));
  }
  if (keys.empty()) {
    refuse_file(path, "holds no key");
  }
  return keys;
}

std::string master_key_text(const MasterKeys& keys) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text = "# Master keys, newest first. Keep the last line: the digests that link are made with it.\n";
  for (const std::string& key : keys) {
    for (const char c : key) {
      const auto byte = static_cast<unsigned char>(c);
      text.push_back(digits[byte >> 4U]);
      text.push_back(digits[byte & 0xFU]);
    }
    text.push_back('\n');
  }
  return text;
}

OpenSslVault::OpenSslVault(const MasterKeys& master_keys) {
  if (master_keys.empty() || master_keys.size() > master_keys_max) {
    throw std::invalid_argument("a vault needs between 1 and 8 master keys");
  }
  for (const std::string& key : master_keys) {
    if (key.size() != key_bytes) {
      throw std::invalid_argument("a master key has 32 bytes");
    }
    wrapping_keys_.push_back(derive(key, "tuanyuan vault: wrapping data keys"));
  }
  std::string linking_key = derive(master_keys.back(), "tuanyuan vault: linking digests");
  linking_mac_ = keyed_hmac(linking_key);
  OPENSSL_cleanse(linking_key.data(), linking_key.size());
}

OpenSslVault::~OpenSslVault() {
  for (std::string& key : wrapping_keys_) {
    OPENSSL_cleanse(key.data(), key.size());
  }
}

ports::DataKey OpenSslVault::generate() {
  return ports::DataKey{random_bytes(key_bytes)};
}

std::string OpenSslVault::wrap(const ports::DataKey& key, std::string_view context) {
  return encrypt(wrapping_keys_.front(), key.bytes, context);
}

std::optional<ports::DataKey> OpenSslVault::unwrap(std::string_view wrapped, std::string_view context) {
  for (const std::string& wrapping_key : wrapping_keys_) {
    if (std::optional<std::string> key = decrypt(wrapping_key, wrapped, context)) {
      return ports::DataKey{std::move(*key)};
    }
  }
  return std::nullopt;
}

std::string OpenSslVault::seal(const ports::DataKey& key, std::string_view plain, std::string_view context) {
  return encrypt(key.bytes, plain, context);
}

std::optional<std::string> OpenSslVault::open(const ports::DataKey& key, std::string_view sealed,
                                              std::string_view context) {
  return decrypt(key.bytes, sealed, context);
}

std::string OpenSslVault::digest(std::string_view bytes) {
  return sha256(bytes);
}

/// Each push has a link that is signed so: OpenSSL's HMAC() looks the algorithm up by its name every time, and a
/// copy of a context is a dozen allocations.
std::string OpenSslVault::keyed_digest(std::string_view bytes) {
  const std::lock_guard lock(linking_);
  EVP_MAC_CTX* const context = linking_mac_.get();
  std::string mac(32, '\0');
  std::size_t size = 0;
  require(EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&  // begins anew, under the key that it has
              EVP_MAC_update(context, unsigned_data(bytes), bytes.size()) == 1 &&
              EVP_MAC_final(context, unsigned_data(mac), &size, mac.size()) == 1,
          "HMAC-SHA-256");
  return mac;
}

}  // namespace tuanyuan::crypto
