#pragma once

#include <cstddef>
#include <cstdint>

/// Numbers of the wire that encoder and decoder share. Not for users of the codec.
namespace tuanyuan::mqtt5 {

/// Section 1.5.5: four octets of seven bits.
inline constexpr std::uint32_t variable_integer_max = 268'435'455;
inline constexpr std::size_t variable_integer_octets_max = 4;
/// Sections 1.5.4 and 1.5.6: strings and binary data carry a length of two octets.
inline constexpr std::size_t string_bytes_max = 65'535;

inline constexpr const char* protocol_name = "MQTT";
inline constexpr std::uint8_t protocol_version = 5;

/// Section 2.2.2.2.
enum class Property : std::uint8_t {
  payload_format_indicator = 0x01,
  message_expiry_interval = 0x02,
  content_type = 0x03,
  response_topic = 0x08,
  correlation_data = 0x09,
  subscription_identifier = 0x0B,
  session_expiry_interval = 0x11,
  assigned_client_identifier = 0x12,
  server_keep_alive = 0x13,
  authentication_method = 0x15,
  authentication_data = 0x16,
  request_problem_information = 0x17,
  will_delay_interval = 0x18,
  request_response_information = 0x19,
  response_information = 0x1A,
  server_reference = 0x1C,
  reason_string = 0x1F,
  receive_maximum = 0x21,
  topic_alias_maximum = 0x22,
  topic_alias = 0x23,
  maximum_qos = 0x24,
  retain_available = 0x25,
  user_property = 0x26,
  maximum_packet_size = 0x27,
  wildcard_subscription_available = 0x28,
  subscription_identifier_available = 0x29,
  shared_subscription_available = 0x2A,
};

/// Section 3.1.2.3.
namespace connect_flag {
inline constexpr std::uint8_t reserved = 0x01;
inline constexpr std::uint8_t clean_start = 0x02;
inline constexpr std::uint8_t will = 0x04;
inline constexpr std::uint8_t will_qos_shift = 3;
inline constexpr std::uint8_t will_retain = 0x20;
inline constexpr std::uint8_t password = 0x40;
inline constexpr std::uint8_t user_name = 0x80;
}  // namespace connect_flag

/// Section 3.3.1.
namespace publish_flag {
inline constexpr std::uint8_t retain = 0x01;
inline constexpr std::uint8_t qos_shift = 1;
inline constexpr std::uint8_t dup = 0x08;
}  // namespace publish_flag

/// Section 3.8.3.1.
namespace subscription_option {
inline constexpr std::uint8_t qos_mask = 0x03;
inline constexpr std::uint8_t no_local = 0x04;
inline constexpr std::uint8_t retain_as_published = 0x08;
inline constexpr std::uint8_t retain_handling_shift = 4;
inline constexpr std::uint8_t reserved_mask = 0xC0;
}  // namespace subscription_option

/// Section 2.1.3: SUBSCRIBE, UNSUBSCRIBE and PUBREL carry these low bits in their first octet.
inline constexpr std::uint8_t request_flags = 0x02;

}  // namespace tuanyuan::mqtt5
