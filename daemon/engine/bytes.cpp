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

namespace {

constexpr std::size_t set_head_bytes = 5;

void append_length(std::string& bytes, std::size_t length) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    bytes.push_back(static_cast<char>((length >> shift) & 0xFFU));
  }
}

std::size_t length_at(std::string_view four) {
  std::size_t length = 0;
  for (const char byte : four) {
    length = length << 8U | static_cast<unsigned char>(byte);
  }
  return length;
}

}  // namespace

std::string to_bytes(const GatewaySets& sets) {
  std::string bytes;
  for (const auto& [gateway, recipients] : sets) {
    const std::string set = to_bytes(recipients);
    bytes.push_back(static_cast<char>(gateway));
    append_length(bytes, set.size());
    bytes += set;
  }
  return bytes;
}

std::optional<GatewaySets> to_gateway_sets(std::string_view bytes) {
  GatewaySets sets;
  while (!bytes.empty()) {
    const auto gateway = static_cast<std::size_t>(static_cast<unsigned char>(bytes.front()));
    if (bytes.size() < set_head_bytes || gateway >= core::channel_count) {
      return std::nullopt;
    }
    const std::size_t length = length_at(bytes.substr(1, set_head_bytes - 1));
    bytes.remove_prefix(set_head_bytes);
    if (length > bytes.size()) {
      return std::nullopt;
    }
    const std::optional<core::RecipientSet> recipients = to_recipient_set(bytes.substr(0, length));
    if (!recipients) {
      return std::nullopt;
    }
    sets[static_cast<core::ChannelKind>(gateway)] |= *recipients;
    bytes.remove_prefix(length);
  }
  return sets;
}

}  // namespace tuanyuan::engine
