#include "adapters/wire/json_base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace tuanyuan::wire {
namespace {

constexpr std::string_view standard_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t no_digit = 0xff;

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(no_digit);
  for (std::size_t value = 0; value < 64; ++value) {
    digits[static_cast<unsigned char>(standard_alphabet[value])] = static_cast<std::uint8_t>(value);
    digits[static_cast<unsigned char>(url_alphabet[value])] = static_cast<std::uint8_t>(value);
  }
  return digits;
}
constexpr std::array<std::uint8_t, 256> digits = make_digits();

std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

void append(std::string_view bytes, std::string_view alphabet, bool padded, std::string& out) {
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  std::size_t at = 0;
  for (; at + 3 <= bytes.size(); at += 3) {
    const std::uint32_t group = byte_at(bytes, at) << 16 | byte_at(bytes, at + 1) << 8 | byte_at(bytes, at + 2);
    const char four[] = {alphabet[group >> 18], alphabet[group >> 12 & 63], alphabet[group >> 6 & 63],
                         alphabet[group & 63]};
    out.append(four, sizeof four);
  }
  const std::size_t rest = bytes.size() - at;
  if (rest == 0) {
    return;
  }
  const std::uint32_t group = byte_at(bytes, at) << 16 | (rest == 2 ? byte_at(bytes, at + 1) << 8 : 0U);
  out += alphabet[group >> 18];
  out += alphabet[group >> 12 & 63];
  if (rest == 2) {
    out += alphabet[group >> 6 & 63];
  }
  if (padded) {
    out.append(3 - rest, '=');
  }
}

// Without its padding, or nothing where there is padding but not the right one.
std::optional<std::string_view> unpadded(std::string_view text) {
  const std::size_t last = text.find_last_not_of('=');
  const std::string_view body = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
  if (body.size() != text.size() && (text.size() % 4 != 0 || text.size() - body.size() > 2)) {
    return std::nullopt;
  }
  return body;
}

}  // namespace

void append_base64(std::string_view bytes, std::string& out) {
  append(bytes, standard_alphabet, true, out);
}

void append_base64url(std::string_view bytes, std::string& out) {
  append(bytes, url_alphabet, false, out);
}

std::optional<std::string> decode_base64(std::string_view text) {
  const std::optional<std::string_view> body = unpadded(text);
  if (!body || body->size() % 4 == 1) {
    return std::nullopt;
  }
  std::string bytes;
  bytes.reserve(body->size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned bit_count = 0;
  for (const char c : *body) {
    const std::uint8_t digit = digits[static_cast<unsigned char>(c)];
    if (digit == no_digit) {
      return std::nullopt;
    }
    bits = bits << 6 | digit;
    bit_count += 6;
    if (bit_count >= 8) {
      bit_count -= 8;
      bytes += static_cast<char>(bits >> bit_count & 0xff);
      bits &= (1U << bit_count) - 1;
    }
  }
  if (bits != 0) {
    return std::nullopt;
  }
  return bytes;
}

}  // namespace tuanyuan::wire
