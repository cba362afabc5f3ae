#include "adapters/push/digests.hpp"

#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "adapters/wire/json_base64.hpp"

namespace tuanyuan::push {
namespace {

const unsigned char* unsigned_data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string text_of(const std::array<unsigned char, EVP_MAX_MD_SIZE>& digest, std::size_t size) {
  return {reinterpret_cast<const char*>(digest.data()), size};
}

/// Looked up by its name once, not for each message.
const EVP_MD* sha256_method() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return fetched;
}

struct Freed {
  void operator()(EVP_MAC* mac) const noexcept { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const noexcept { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, Freed>;

/// It is given its key for each message. OpenSSL's HMAC() looks the algorithm up by its name every time.
MacContext new_hmac_sha256() {
  const std::unique_ptr<EVP_MAC, Freed> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  MacContext context(EVP_MAC_CTX_new(mac.get()));
  std::string digest = "SHA256";
  const std::array<OSSL_PARAM, 2> parameters = {OSSL_PARAM_construct_utf8_string("digest", digest.data(), 0),
                                                OSSL_PARAM_construct_end()};
  if (context == nullptr || EVP_MAC_CTX_set_params(context.get(), parameters.data()) != 1) {
    throw std::runtime_error("HMAC-SHA-256 failed");
  }
  return context;
}

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view text) {
  return hmac_sha256(key, std::span(&text, 1));
}

std::string hmac_sha256(std::string_view key, std::span<const std::string_view> parts) {
  thread_local const MacContext context = new_hmac_sha256();
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t size = 0;
  const std::string_view taken = key.empty() ? std::string_view("", 0) : key;  // by a null one the last stays
  bool done = EVP_MAC_init(context.get(), unsigned_data(taken), taken.size(), nullptr) == 1;
  for (const std::string_view part : parts) {
    done = done && EVP_MAC_update(context.get(), unsigned_data(part), part.size()) == 1;
  }
  if (!done || EVP_MAC_final(context.get(), digest.data(), &size, digest.size()) != 1) {
    throw std::runtime_error("HMAC-SHA-256 failed");
  }
  return text_of(digest, size);
}

std::string sha256(std::string_view text) {
  // One for each thread: to make one anew costs more than to digest a short text.
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                     &EVP_MD_CTX_free);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (context == nullptr || EVP_DigestInit_ex(context.get(), sha256_method(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), text.data(), text.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) {
    throw std::runtime_error("SHA-256 failed");
  }
  return text_of(digest, size);
}

std::string md5(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr) != 1) {
    throw std::runtime_error("MD5 failed");
  }
  return text_of(digest, size);
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    hex += digits[value >> 4U];
    hex += digits[value & 0xFU];
  }
  return hex;
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  wire::append_base64(bytes, text);
  return text;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      const auto value = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += digits[value >> 4U];
      encoded += digits[value & 0xFU];
    }
  }
  return encoded;
}

}  // namespace tuanyuan::push
