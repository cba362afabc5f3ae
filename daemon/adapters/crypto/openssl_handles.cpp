#include "adapters/crypto/openssl_handles.hpp"

#include <openssl/err.h>
#include <openssl/rand.h>

#include <limits>
#include <stdexcept>

namespace tuanyuan::crypto {

void require(bool succeeded, std::string_view step) {
  if (succeeded) {
    return;
  }
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  std::string text(step);
  text += " failed";
  if (reason != nullptr) {
    text += ": ";
    text += reason;
  }
  throw std::runtime_error(text);
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  require(RAND_bytes(unsigned_data(bytes), static_cast<int>(count)) == 1, "random bytes");
  return bytes;
}

std::string sha256(std::string_view bytes) {
  std::string digest(32, '\0');
  unsigned int size = 0;
  require(EVP_Digest(bytes.data(), bytes.size(), unsigned_data(digest), &size, EVP_sha256(), nullptr) == 1,
          "SHA-256");
  return digest;
}

std::string contents(const Bio& memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

Bio reader(std::string_view bytes) {
  require(bytes.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()), "opening a buffer");
  Bio memory(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  require(memory != nullptr, "opening a buffer");
  return memory;
}

}  // namespace tuanyuan::crypto
