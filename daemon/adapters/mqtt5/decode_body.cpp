#include <algorithm>
#include <array>
#include <string_view>

#include "adapters/mqtt5/decode.hpp"
#include "adapters/mqtt5/field_reader.hpp"
#include "adapters/mqtt5/topic.hpp"
#include "adapters/mqtt5/wire_format.hpp"

namespace tuanyuan::mqtt5 {
namespace {

constexpr PropertySet none_repeatable{};
constexpr PropertySet users_repeatable{Property::user_property};

template <std::size_t n>
ReasonCode reason_among(FieldReader& from, const std::array<std::uint8_t, n>& known) {
  const std::uint8_t code = from.octet();
  from.require(!from.ok() || std::find(known.begin(), known.end(), code) != known.end(),
               DecodeError::reason_code_unknown);
  return static_cast<ReasonCode>(code);
}

// The tables of sections 3.2.2.2, 3.4.2.1, 3.9.3, 3.11.3 and 3.14.2.1.
constexpr std::array<std::uint8_t, 22> connack_reasons{0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86,
                                                       0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97,
                                                       0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F};
constexpr std::array<std::uint8_t, 9> puback_reasons{0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99};
constexpr std::array<std::uint8_t, 12> suback_reasons{0x00, 0x01, 0x02, 0x80, 0x83, 0x87,
                                                      0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2};
constexpr std::array<std::uint8_t, 7> unsuback_reasons{0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91};
constexpr std::array<std::uint8_t, 29> disconnect_reasons{
    0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94,
    0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2};

UserProperty user_property(FieldReader& from) {
  UserProperty user;
  user.name = from.string();
  user.value = from.string();
  return user;
}

Qos spoken_qos(FieldReader& from, unsigned bits) {
  from.require(bits != 3, DecodeError::qos_reserved);
  from.require(bits != 2, DecodeError::qos2_not_spoken);
  return static_cast<Qos>(bits);
}

/// Sections 3.1.3.2 and 3.3.2.3 describe a message with the same properties. False: not one of them.
bool message_property(Property id, FieldReader& from, MessageProperties& into) {
  switch (id) {
    case Property::payload_format_indicator:
      into.payload_is_utf8 = from.boolean();
      return true;
    case Property::message_expiry_interval:
      into.message_expiry_s = from.u32();
      return true;
    case Property::content_type:
      into.content_type = from.string();
      return true;
    case Property::response_topic:
      into.response_topic = from.string();
      from.require(!from.ok() || is_topic_name(into.response_topic), DecodeError::topic_name_not_valid);
      return true;
    case Property::correlation_data:
      into.correlation_data = from.binary();
      return true;
    case Property::user_property:
      into.user_properties.push_back(user_property(from));
      return true;
    default:
      return false;
  }
}

constexpr PropertySet will_properties{
    Property::will_delay_interval, Property::payload_format_indicator, Property::message_expiry_interval,
    Property::content_type,        Property::response_topic,           Property::correlation_data,
    Property::user_property};

Will will(FieldReader& from, std::uint8_t flags) {
  Will read;
  read.qos = spoken_qos(from, (flags >> connect_flag::will_qos_shift) & 3U);
  read.retain = (flags & connect_flag::will_retain) != 0;
  read_properties(from, will_properties, users_repeatable, [&](Property id, FieldReader& value) {
    if (!message_property(id, value, read.properties)) {
      read.delay_s = value.u32();
    }
  });
  read.topic = from.string();
  from.require(!from.ok() || is_topic_name(read.topic), DecodeError::topic_name_not_valid);
  read.payload = from.binary();
  return read;
}

constexpr PropertySet connect_properties{Property::session_expiry_interval,
                                         Property::receive_maximum,
                                         Property::maximum_packet_size,
                                         Property::topic_alias_maximum,
                                         Property::request_response_information,
                                         Property::request_problem_information,
                                         Property::user_property,
                                         Property::authentication_method,
                                         Property::authentication_data};

void connect_property(Property id, FieldReader& from, Connect& into) {
  switch (id) {
    case Property::session_expiry_interval:
      into.session_expiry_s = from.u32();
      break;
    case Property::receive_maximum:
      into.receive_maximum = from.u16_not_zero();
      break;
    case Property::maximum_packet_size:
      into.packet_bytes_max = from.u32_not_zero();
      break;
    case Property::topic_alias_maximum:
      into.topic_alias_maximum = from.u16();
      break;
    case Property::request_response_information:
      into.request_response_information = from.boolean();
      break;
    case Property::request_problem_information:
      into.request_problem_information = from.boolean();
      break;
    case Property::user_property:
      into.user_properties.push_back(user_property(from));
      break;
    default:
      from.fail(DecodeError::auth_not_spoken);
  }
}

/// [MQTT-3.1.2-3]; without a will its QoS and retain bits are zero (3.1.2.6, 3.1.2.7).
bool flags_are_consistent(std::uint8_t flags) {
  const bool will_bits = (flags & (connect_flag::will_retain | (3U << connect_flag::will_qos_shift))) != 0;
  return (flags & connect_flag::reserved) == 0 && ((flags & connect_flag::will) != 0 || !will_bits);
}

Packet connect(FieldReader& from) {
  Connect read;
  const std::string name = from.string();
  from.require(!from.ok() || name == protocol_name, DecodeError::protocol_name_unknown);
  const std::uint8_t version = from.octet();
  from.require(!from.ok() || version == protocol_version, DecodeError::protocol_version_unsupported);
  const std::uint8_t flags = from.octet();
  from.require(flags_are_consistent(flags), DecodeError::connect_flags_inconsistent);
  read.clean_start = (flags & connect_flag::clean_start) != 0;
  read.keep_alive_s = from.u16();
  read_properties(from, connect_properties, users_repeatable,
                  [&](Property id, FieldReader& value) { connect_property(id, value, read); });
  read.client_id = from.string();
  if ((flags & connect_flag::will) != 0) {
    read.will = will(from, flags);
  }
  if ((flags & connect_flag::user_name) != 0) {
    read.user_name = from.string();
  }
  if ((flags & connect_flag::password) != 0) {
    read.password = from.binary();
  }
  return read;
}

constexpr PropertySet connack_properties{Property::session_expiry_interval,
                                         Property::receive_maximum,
                                         Property::maximum_qos,
                                         Property::retain_available,
                                         Property::maximum_packet_size,
                                         Property::assigned_client_identifier,
                                         Property::topic_alias_maximum,
                                         Property::reason_string,
                                         Property::user_property,
                                         Property::wildcard_subscription_available,
                                         Property::subscription_identifier_available,
                                         Property::shared_subscription_available,
                                         Property::server_keep_alive,
                                         Property::response_information,
                                         Property::server_reference,
                                         Property::authentication_method,
                                         Property::authentication_data};

/// What the server says it does not offer (sections 3.2.2.3.4, .5 and .11 to .13). False: not one of them.
bool connack_capability(Property id, FieldReader& from, Connack& into) {
  switch (id) {
    case Property::maximum_qos:
      into.maximum_qos = from.boolean() ? Qos::at_least_once : Qos::at_most_once;
      return true;
    case Property::retain_available:
      into.retain_available = from.boolean();
      return true;
    case Property::wildcard_subscription_available:
      into.wildcard_subscriptions_available = from.boolean();
      return true;
    case Property::subscription_identifier_available:
      into.subscription_identifiers_available = from.boolean();
      return true;
    case Property::shared_subscription_available:
      into.shared_subscriptions_available = from.boolean();
      return true;
    default:
      return false;
  }
}

void connack_property(Property id, FieldReader& from, Connack& into) {
  switch (id) {
    case Property::session_expiry_interval:
      into.session_expiry_s = from.u32();
      break;
    case Property::receive_maximum:
      into.receive_maximum = from.u16_not_zero();
      break;
    case Property::maximum_packet_size:
      into.packet_bytes_max = from.u32_not_zero();
      break;
    case Property::assigned_client_identifier:
      into.assigned_client_id = from.string();
      break;
    case Property::topic_alias_maximum:
      into.topic_alias_maximum = from.u16();
      break;
    case Property::reason_string:
      into.reason_string = from.string();
      break;
    case Property::user_property:
      into.user_properties.push_back(user_property(from));
      break;
    case Property::server_keep_alive:
      into.server_keep_alive_s = from.u16();
      break;
    case Property::response_information:
      into.response_information = from.string();
      break;
    case Property::server_reference:
      into.server_reference = from.string();
      break;
    default:
      if (!connack_capability(id, from, into)) {
        from.fail(DecodeError::auth_not_spoken);
      }
  }
}

Packet connack(FieldReader& from) {
  Connack read;
  const std::uint8_t flags = from.octet();
  from.require(flags <= 1, DecodeError::connack_flags_reserved);
  read.session_present = flags == 1;
  read.reason = reason_among(from, connack_reasons);
  read_properties(from, connack_properties, users_repeatable,
                  [&](Property id, FieldReader& value) { connack_property(id, value, read); });
  return read;
}

constexpr PropertySet publish_properties{Property::payload_format_indicator,
                                         Property::message_expiry_interval,
                                         Property::topic_alias,
                                         Property::response_topic,
                                         Property::correlation_data,
                                         Property::user_property,
                                         Property::subscription_identifier,
                                         Property::content_type};
/// 3.3.2.3.8: one for each subscription that matched.
constexpr PropertySet publish_repeatable{Property::user_property, Property::subscription_identifier};

Packet publish(FieldReader& from, std::uint8_t flags) {
  Publish read;
  read.retain = (flags & publish_flag::retain) != 0;
  read.dup = (flags & publish_flag::dup) != 0;
  read.qos = spoken_qos(from, (flags >> publish_flag::qos_shift) & 3U);
  from.require(!read.dup || read.qos != Qos::at_most_once, DecodeError::dup_without_qos);
  read.topic = from.string();
  from.require(read.topic.empty() || is_topic_name(read.topic), DecodeError::topic_name_not_valid);
  if (read.qos != Qos::at_most_once) {
    read.packet_id = from.packet_id();
  }
  read_properties(from, publish_properties, publish_repeatable, [&](Property id, FieldReader& value) {
    if (id == Property::topic_alias) {
      read.topic_alias = value.u16_not_zero();
    } else if (id == Property::subscription_identifier) {
      read.subscription_identifiers.push_back(value.variable_not_zero());
    } else {
      message_property(id, value, read.properties);
    }
  });
  from.require(!read.topic.empty() || read.topic_alias != 0, DecodeError::topic_missing);
  read.payload = from.rest();
  return read;
}

constexpr PropertySet answer_properties{Property::reason_string, Property::user_property};

template <class Answer>
void answer_property(Property id, FieldReader& from, Answer& into) {
  if (id == Property::reason_string) {
    into.reason_string = from.string();
  } else {
    into.user_properties.push_back(user_property(from));
  }
}

Packet puback(FieldReader& from) {
  Puback read;
  read.packet_id = from.packet_id();
  if (from.has_more()) {
    read.reason = reason_among(from, puback_reasons);
  }
  if (from.has_more()) {
    read_properties(from, answer_properties, users_repeatable,
                    [&](Property id, FieldReader& value) { answer_property(id, value, read); });
  }
  return read;
}

Subscription subscription(FieldReader& from) {
  Subscription read;
  read.filter = from.string();
  from.require(!from.ok() || is_topic_filter(read.filter), DecodeError::topic_filter_not_valid);
  const std::uint8_t options = from.octet();
  const unsigned qos = options & subscription_option::qos_mask;
  const unsigned handling = (options >> subscription_option::retain_handling_shift) & 3U;
  from.require((options & subscription_option::reserved_mask) == 0 && handling != 3,
               DecodeError::subscription_options_reserved);
  from.require(qos != 3, DecodeError::qos_reserved);
  read.maximum_qos = static_cast<Qos>(qos);
  read.no_local = (options & subscription_option::no_local) != 0;
  read.retain_as_published = (options & subscription_option::retain_as_published) != 0;
  read.retain_handling = static_cast<RetainHandling>(handling);
  from.require(!read.no_local || !is_shared(read.filter), DecodeError::no_local_on_shared);
  return read;
}

constexpr PropertySet subscribe_properties{Property::subscription_identifier, Property::user_property};

Packet subscribe(FieldReader& from) {
  Subscribe read;
  read.packet_id = from.packet_id();
  read_properties(from, subscribe_properties, users_repeatable, [&](Property id, FieldReader& value) {
    if (id == Property::subscription_identifier) {
      read.subscription_identifier = value.variable_not_zero();
    } else {
      read.user_properties.push_back(user_property(value));
    }
  });
  from.require(!from.at_end(), DecodeError::no_subscriptions);
  while (from.has_more()) {
    read.subscriptions.push_back(subscription(from));
  }
  return read;
}

Packet unsubscribe(FieldReader& from) {
  Unsubscribe read;
  read.packet_id = from.packet_id();
  read_properties(from, users_repeatable, users_repeatable,
                  [&](Property, FieldReader& value) { read.user_properties.push_back(user_property(value)); });
  from.require(!from.at_end(), DecodeError::no_subscriptions);
  while (from.has_more()) {
    read.filters.push_back(from.string());
    from.require(!from.ok() || is_topic_filter(read.filters.back()), DecodeError::topic_filter_not_valid);
  }
  return read;
}

/// SUBACK and UNSUBACK are laid out alike.
template <class Answer, std::size_t n>
Packet answer(FieldReader& from, const std::array<std::uint8_t, n>& known) {
  Answer read;
  read.packet_id = from.packet_id();
  read_properties(from, answer_properties, users_repeatable,
                  [&](Property id, FieldReader& value) { answer_property(id, value, read); });
  from.require(!from.at_end(), DecodeError::no_reason_codes);
  while (from.has_more()) {
    read.reasons.push_back(reason_among(from, known));
  }
  return read;
}

constexpr PropertySet disconnect_properties{Property::session_expiry_interval, Property::reason_string,
                                            Property::user_property, Property::server_reference};

Packet disconnect(FieldReader& from) {
  Disconnect read;
  if (from.has_more()) {
    read.reason = reason_among(from, disconnect_reasons);
  }
  if (from.has_more()) {
    read_properties(from, disconnect_properties, users_repeatable, [&](Property id, FieldReader& value) {
      if (id == Property::session_expiry_interval) {
        read.session_expiry_s = value.u32();
      } else if (id == Property::server_reference) {
        read.server_reference = value.string();
      } else {
        answer_property(id, value, read);
      }
    });
  }
  return read;
}

/// [MQTT-2.1.3-1]: the low four bits are free in PUBLISH only.
bool flags_are_allowed(PacketType type, std::uint8_t flags) {
  switch (type) {
    case PacketType::publish:
      return true;
    case PacketType::pubrel:
    case PacketType::subscribe:
    case PacketType::unsubscribe:
      return flags == request_flags;
    default:
      return flags == 0;
  }
}

Packet body_of(PacketType type, std::uint8_t flags, FieldReader& from) {
  switch (type) {
    case PacketType::connect:
      return connect(from);
    case PacketType::connack:
      return connack(from);
    case PacketType::publish:
      return publish(from, flags);
    case PacketType::puback:
      return puback(from);
    case PacketType::subscribe:
      return subscribe(from);
    case PacketType::suback:
      return answer<Suback>(from, suback_reasons);
    case PacketType::unsubscribe:
      return unsubscribe(from);
    case PacketType::unsuback:
      return answer<Unsuback>(from, unsuback_reasons);
    case PacketType::pingreq:
      return Pingreq{};
    case PacketType::pingresp:
      return Pingresp{};
    case PacketType::disconnect:
      return disconnect(from);
    case PacketType::pubrec:
    case PacketType::pubrel:
    case PacketType::pubcomp:
      from.fail(DecodeError::qos2_not_spoken);
      break;
    case PacketType::auth:
      from.fail(DecodeError::auth_not_spoken);
      break;
  }
  return Pingreq{};
}

}  // namespace

std::optional<Packet> decode_body(std::uint8_t first_octet, std::span<const std::uint8_t> body,
                                  DecodeError& error) {
  FieldReader from(body);
  const auto type = static_cast<PacketType>(first_octet >> 4);
  const auto flags = static_cast<std::uint8_t>(first_octet & 0x0F);
  from.require(first_octet >> 4 != 0, DecodeError::reserved_packet_type);
  from.require(flags_are_allowed(type, flags), DecodeError::reserved_flags);
  std::optional<Packet> read;
  if (from.ok()) {
    read = body_of(type, flags, from);
    from.require(from.at_end(), DecodeError::trailing_octets);
  }
  error = from.error();
  return from.ok() ? std::move(read) : std::nullopt;
}

}  // namespace tuanyuan::mqtt5
