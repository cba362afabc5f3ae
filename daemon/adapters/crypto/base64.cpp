#include "adapters/crypto/base64.hpp"

#include <array>
#include <cstdint>

namespace tuanyuan::crypto {
namespace {

constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view plain_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encode(std::string_view bytes, std::string_view alphabet) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t pending = 0;
  int pending_bits = 0;
  for (const char byte : bytes) {
    pending = (pending << 8U) | static_cast<unsigned char>(byte);
    pending_bits += 8;
    while (pending_bits >= 6) {
      pending_bits -= 6;
      text.push_back(alphabet[(pending >> static_cast<unsigned>(pending_bits)) & 0x3FU]);
    }
  }
  if (pending_bits > 0) {
    text.push_back(alphabet[(pending << static_cast<unsigned>(6 - pending_bits)) & 0x3FU]);
  }
  return text;
}

constexpr std::array<std::int8_t, 256> reverse_url_alphabet() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < url_alphabet.size(); ++i) {
    values[static_cast<unsigned char>(url_alphabet[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}

}  // namespace

std::string to_base64url(std::string_view bytes) {
  return encode(bytes, url_alphabet);
}

std::string to_base64(std::string_view bytes) {
  std::string text = encode(bytes, plain_alphabet);
  while (text.size() % 4 != 0) {
    text.push_back('=');
  }
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  static constexpr std::array<std::int8_t, 256> values = reverse_url_alphabet();
  if (text.size() % 4 == 1) {
    return std::nullopt;
  }
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t pending = 0;
  unsigned pending_bits = 0;
  for (const char c : text) {
    const std::int8_t value = values[static_cast<unsigned char>(c)];
    if (value < 0) {
      return std::nullopt;
    }
    pending = ((pending << 6U) | static_cast<std::uint32_t>(value)) & 0xFFFFU;
    pending_bits += 6;
    if (pending_bits >= 8) {
      pending_bits -= 8;
      bytes.push_back(static_cast<char>((pending >> pending_bits) & 0xFFU));
    }
  }
  if ((pending & ((1U << pending_bits) - 1U)) != 0) {
    return std::nullopt;
  }
  return bytes;
}

}  // namespace tuanyuan::crypto
