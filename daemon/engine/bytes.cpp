#include "engine/bytes.hpp"

#include <exception>

namespace tuanyuan::engine {

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text.push_back(digits[value >> 4U]);
    text.push_back(digits[value & 0xFU]);
  }
  return text;
}

std::string to_bytes(const core::RecipientSet& set) {
  std::string bytes(set.getSizeInBytes(), '\0');
  set.write(bytes.data());
  return bytes;
}

std::optional<core::RecipientSet> to_recipient_set(std::string_view bytes) {
  try {
    return core::RecipientSet::readSafe(bytes.data(), bytes.size());
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace tuanyuan::engine
