#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/recipient.hpp"
#include "core/text.hpp"

namespace tuanyuan::core {

inline constexpr std::size_t topic_name_chars_max = 900;  ///< unverified: what Google and Huawei let one have
inline constexpr std::size_t tag_bytes_max = 40;          ///< JPush; unverified of Getui and Xiaomi
inline constexpr std::size_t condition_topics_max = 5;
inline constexpr std::size_t condition_depth_max = 5;  ///< of parentheses

/// All who have joined something at the gateway: one request for a county, not one for each handset.
struct GroupAddress {
  enum class Kind : std::uint8_t {
    topic,     ///< "topic:NAME"
    tag,       ///< "tag:NAME"
    condition  ///< "condition:'A' in topics && ('B' in topics || 'C' in topics)"
  };
  Kind kind = Kind::topic;
  std::string name;  ///< or the condition
};

/// "topic", as gateways and addresses have it.
std::string_view to_string(GroupAddress::Kind kind);

/// What such an address names; nothing where it is another one, or none that this gateway has.
std::optional<GroupAddress> group_address(ChannelKind gateway, std::string_view address);

/// Why an address that begins with one of these words cannot do; nothing where it can, or is another one.
std::optional<Text> group_fault(ChannelKind gateway, std::string_view address);

}  // namespace tuanyuan::core
