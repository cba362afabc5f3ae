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

constexpr std::size_t ordinal_bytes = 4;
constexpr std::size_t told_bytes = ordinal_bytes + 1 + 8;
constexpr std::size_t set_head_bytes = 5;

void append_number(std::string& bytes, std::uint64_t number, std::size_t length) {
  for (std::size_t at = length; at-- > 0;) {
    bytes.push_back(static_cast<char>((number >> (8 * at)) & 0xFFU));
  }
}

std::uint64_t number_at(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) {
    number = number << 8U | static_cast<unsigned char>(byte);
  }
  return number;
}

}  // namespace

std::string to_bytes(const ToldBy& told_by) {
  std::string bytes;
  for (const Told& told : told_by) {
    append_number(bytes, told.recipient, ordinal_bytes);
    bytes.push_back(static_cast<char>(told.way.channel));
    append_number(bytes, told.way.endpoint, told_bytes - ordinal_bytes - 1);
  }
  return bytes;
}

std::optional<ToldBy> to_told_by(std::string_view bytes) {
  ToldBy told_by;
  if (bytes.size() % told_bytes != 0) {
    return std::nullopt;
  }
  for (; !bytes.empty(); bytes.remove_prefix(told_bytes)) {
    const std::uint64_t channel = number_at(bytes.substr(ordinal_bytes, 1));
    if (channel >= core::channel_count) {
      return std::nullopt;
    }
    told_by.add(static_cast<core::Ordinal>(number_at(bytes.substr(0, ordinal_bytes))),
                {static_cast<core::ChannelKind>(channel),
                 number_at(bytes.substr(ordinal_bytes + 1, told_bytes - ordinal_bytes - 1))});
  }
  return told_by;
}

std::optional<ToldBy> to_told_by_channels(std::string_view bytes) {
  ToldBy told_by;
  while (!bytes.empty()) {
    const std::uint64_t channel = number_at(bytes.substr(0, 1));
    if (bytes.size() < set_head_bytes || channel >= core::channel_count) {
      return std::nullopt;
    }
    const std::uint64_t length = number_at(bytes.substr(1, set_head_bytes - 1));
    bytes.remove_prefix(set_head_bytes);
    if (length > bytes.size()) {
      return std::nullopt;
    }
    const std::optional<core::RecipientSet> recipients = to_recipient_set(bytes.substr(0, length));
    if (!recipients) {
      return std::nullopt;
    }
    ToldBy by_channel;  // in their order, and all at once into the others: one by one would be dear
    for (const core::Ordinal recipient : *recipients) {
      by_channel.add(recipient, {static_cast<core::ChannelKind>(channel), 0});
    }
    told_by.add(by_channel);
    bytes.remove_prefix(length);
  }
  return told_by;
}

}  // namespace tuanyuan::engine
