#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The control packets of MQTT 5 (OASIS standard, 7 March 2019) as plain values. Section numbers below are the
/// standard's. QoS 2 and enhanced authentication (AUTH) are not spoken: nothing here needs them, and a decoder
/// that half understands them is worse than one which refuses.
///
/// Conventions: octets (payload, correlation data, password) are std::string; an empty string or list stands
/// for an absent property; a number whose absence means something else than a value of its own is optional.
namespace tuanyuan::mqtt5 {

using Bytes = std::vector<std::uint8_t>;

/// Section 2.1.2.
enum class PacketType : std::uint8_t {
  connect = 1,
  connack = 2,
  publish = 3,
  puback = 4,
  pubrec = 5,
  pubrel = 6,
  pubcomp = 7,
  subscribe = 8,
  suback = 9,
  unsubscribe = 10,
  unsuback = 11,
  pingreq = 12,
  pingresp = 13,
  disconnect = 14,
  auth = 15,
};

/// Section 4.3. `exactly_once` is only ever what a SUBSCRIBE asks for or a SUBACK grants.
enum class Qos : std::uint8_t { at_most_once = 0, at_least_once = 1, exactly_once = 2 };

/// Section 2.4. Zero is also "granted QoS 0" and "normal disconnection".
enum class ReasonCode : std::uint8_t {
  success = 0x00,
  granted_qos_1 = 0x01,
  granted_qos_2 = 0x02,
  disconnect_with_will = 0x04,
  no_matching_subscribers = 0x10,
  no_subscription_existed = 0x11,
  unspecified_error = 0x80,
  malformed_packet = 0x81,
  protocol_error = 0x82,
  implementation_specific_error = 0x83,
  unsupported_protocol_version = 0x84,
  client_identifier_not_valid = 0x85,
  bad_user_name_or_password = 0x86,
  not_authorized = 0x87,
  server_unavailable = 0x88,
  server_busy = 0x89,
  banned = 0x8A,
  server_shutting_down = 0x8B,
  bad_authentication_method = 0x8C,
  keep_alive_timeout = 0x8D,
  session_taken_over = 0x8E,
  topic_filter_invalid = 0x8F,
  topic_name_invalid = 0x90,
  packet_identifier_in_use = 0x91,
  receive_maximum_exceeded = 0x93,
  topic_alias_invalid = 0x94,
  packet_too_large = 0x95,
  message_rate_too_high = 0x96,
  quota_exceeded = 0x97,
  administrative_action = 0x98,
  payload_format_invalid = 0x99,
  retain_not_supported = 0x9A,
  qos_not_supported = 0x9B,
  use_another_server = 0x9C,
  server_moved = 0x9D,
  shared_subscriptions_not_supported = 0x9E,
  connection_rate_exceeded = 0x9F,
  maximum_connect_time = 0xA0,
  subscription_identifiers_not_supported = 0xA1,
  wildcard_subscriptions_not_supported = 0xA2,
};

/// Section 2.4: codes below 0x80 are not errors.
constexpr bool is_error(ReasonCode reason) {
  return static_cast<std::uint8_t>(reason) >= 0x80;
}

/// Sections 3.1.2.11.4 and 3.3.4: what a receive maximum is when nobody states it.
inline constexpr std::uint16_t receive_maximum_default = 65535;

struct UserProperty {
  std::string name;
  std::string value;

  UserProperty() = default;
  UserProperty(std::string its_name, std::string its_value)
      : name(std::move(its_name)), value(std::move(its_value)) {}
  friend bool operator==(const UserProperty&, const UserProperty&) = default;
};

/// What describes an application message wherever one stands: in PUBLISH and in a will.
struct MessageProperties {
  bool payload_is_utf8 = false;
  std::optional<std::uint32_t> message_expiry_s;
  std::string content_type;
  std::string response_topic;
  std::string correlation_data;
  std::vector<UserProperty> user_properties;

  friend bool operator==(const MessageProperties&, const MessageProperties&) = default;
};

struct Will {
  std::string topic;
  std::string payload;
  Qos qos = Qos::at_most_once;
  bool retain = false;
  std::uint32_t delay_s = 0;
  MessageProperties properties;

  friend bool operator==(const Will&, const Will&) = default;
};

/// Section 3.1.
struct Connect {
  std::string client_id;
  bool clean_start = true;
  std::uint16_t keep_alive_s = 60;  ///< 0: no keep-alive
  std::optional<std::string> user_name;
  std::optional<std::string> password;
  std::optional<Will> will;
  std::uint32_t session_expiry_s = 0;
  std::uint16_t receive_maximum = receive_maximum_default;
  std::uint32_t packet_bytes_max = 0;  ///< Maximum Packet Size; 0: none stated
  std::uint16_t topic_alias_maximum = 0;
  bool request_response_information = false;
  bool request_problem_information = true;
  std::vector<UserProperty> user_properties;

  friend bool operator==(const Connect&, const Connect&) = default;
};

/// Section 3.2.
struct Connack {
  bool session_present = false;
  ReasonCode reason = ReasonCode::success;
  std::optional<std::uint32_t> session_expiry_s;
  std::uint16_t receive_maximum = receive_maximum_default;
  Qos maximum_qos = Qos::exactly_once;
  bool retain_available = true;
  std::uint32_t packet_bytes_max = 0;  ///< Maximum Packet Size; 0: none stated
  std::string assigned_client_id;
  std::uint16_t topic_alias_maximum = 0;
  std::string reason_string;
  std::vector<UserProperty> user_properties;
  bool wildcard_subscriptions_available = true;
  bool subscription_identifiers_available = true;
  bool shared_subscriptions_available = true;
  std::optional<std::uint16_t> server_keep_alive_s;
  std::string response_information;
  std::string server_reference;

  friend bool operator==(const Connack&, const Connack&) = default;
};

/// Section 3.3.
struct Publish {
  std::string topic;
  std::string payload;
  Qos qos = Qos::at_most_once;
  bool retain = false;
  bool dup = false;
  std::uint16_t packet_id = 0;    ///< 0 with QoS 0, never with QoS 1
  std::uint16_t topic_alias = 0;  ///< 0: none
  std::vector<std::uint32_t> subscription_identifiers;
  MessageProperties properties;

  friend bool operator==(const Publish&, const Publish&) = default;
};

/// Section 3.4.
struct Puback {
  std::uint16_t packet_id = 0;
  ReasonCode reason = ReasonCode::success;
  std::string reason_string;
  std::vector<UserProperty> user_properties;

  friend bool operator==(const Puback&, const Puback&) = default;
};

/// Section 3.8.3.1: what of the retained messages a new subscription brings.
enum class RetainHandling : std::uint8_t { send = 0, send_if_new = 1, do_not_send = 2 };

struct Subscription {
  std::string filter;
  Qos maximum_qos = Qos::at_least_once;
  bool no_local = false;
  bool retain_as_published = false;
  RetainHandling retain_handling = RetainHandling::send;

  Subscription() = default;
  explicit Subscription(std::string its_filter, Qos qos = Qos::at_least_once)
      : filter(std::move(its_filter)), maximum_qos(qos) {}
  friend bool operator==(const Subscription&, const Subscription&) = default;
};

/// Section 3.8.
struct Subscribe {
  std::uint16_t packet_id = 0;
  std::uint32_t subscription_identifier = 0;  ///< 0: none
  std::vector<Subscription> subscriptions;
  std::vector<UserProperty> user_properties;

  friend bool operator==(const Subscribe&, const Subscribe&) = default;
};

/// Section 3.9: one reason for each subscription asked for, in their order.
struct Suback {
  std::uint16_t packet_id = 0;
  std::vector<ReasonCode> reasons;
  std::string reason_string;
  std::vector<UserProperty> user_properties;

  friend bool operator==(const Suback&, const Suback&) = default;
};

/// Section 3.10.
struct Unsubscribe {
  std::uint16_t packet_id = 0;
  std::vector<std::string> filters;
  std::vector<UserProperty> user_properties;

  friend bool operator==(const Unsubscribe&, const Unsubscribe&) = default;
};

/// Section 3.11.
struct Unsuback {
  std::uint16_t packet_id = 0;
  std::vector<ReasonCode> reasons;
  std::string reason_string;
  std::vector<UserProperty> user_properties;

  friend bool operator==(const Unsuback&, const Unsuback&) = default;
};

struct Pingreq {
  friend bool operator==(const Pingreq&, const Pingreq&) = default;
};

struct Pingresp {
  friend bool operator==(const Pingresp&, const Pingresp&) = default;
};

/// Section 3.14.
struct Disconnect {
  ReasonCode reason = ReasonCode::success;
  std::optional<std::uint32_t> session_expiry_s;
  std::string reason_string;
  std::string server_reference;
  std::vector<UserProperty> user_properties;

  friend bool operator==(const Disconnect&, const Disconnect&) = default;
};

using Packet = std::variant<Connect, Connack, Publish, Puback, Subscribe, Suback, Unsubscribe, Unsuback, Pingreq,
                            Pingresp, Disconnect>;

/// The name the standard gives the packet, such as "PUBLISH".
const char* name_of(const Packet& packet);

}  // namespace tuanyuan::mqtt5
