#include "adapters/mqtt5/encode.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "adapters/mqtt5/wire_format.hpp"

namespace tuanyuan::mqtt5 {
namespace {

/// Both sinks take the same calls: one says how long the body will be, which MQTT wants to know first, the
/// other writes it. Each packet's layout therefore stands in one place only.
class CountingSink {
 public:
  void octet(std::uint8_t) { size_ += 1; }
  void octets(std::string_view bytes) { size_ += bytes.size(); }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_ = 0;
};

class VectorSink {
 public:
  explicit VectorSink(Bytes& out) : out_(out) {}
  void octet(std::uint8_t value) { out_.push_back(value); }
  void octets(std::string_view bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }

 private:
  Bytes& out_;
};

template <class Sink>
void put_u16(Sink& out, std::uint16_t value) {
  out.octet(static_cast<std::uint8_t>(value >> 8));
  out.octet(static_cast<std::uint8_t>(value));
}

template <class Sink>
void put_u32(Sink& out, std::uint32_t value) {
  put_u16(out, static_cast<std::uint16_t>(value >> 16));
  put_u16(out, static_cast<std::uint16_t>(value));
}

template <class Sink>
void put_variable(Sink& out, std::size_t value) {
  if (value > variable_integer_max) {
    throw std::length_error("an MQTT length over 268,435,455");
  }
  while (value > 0x7F) {
    out.octet(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  out.octet(static_cast<std::uint8_t>(value));
}

template <class Sink>
void put_string(Sink& out, std::string_view text) {
  if (text.size() > string_bytes_max) {
    throw std::length_error("an MQTT string over 65,535 octets");
  }
  put_u16(out, static_cast<std::uint16_t>(text.size()));
  out.octets(text);
}

template <class Sink>
void put_packet_id(Sink& out, std::uint16_t id) {
  if (id == 0) {
    throw std::invalid_argument("an MQTT packet id of 0");
  }
  put_u16(out, id);
}

template <class Sink>
void put_reason(Sink& out, ReasonCode reason) {
  out.octet(static_cast<std::uint8_t>(reason));
}

template <class Sink>
void put_id(Sink& out, Property id) {
  out.octet(static_cast<std::uint8_t>(id));
}

template <class Sink>
void put_octet_unless(Sink& out, Property id, std::uint8_t value, std::uint8_t standard) {
  if (value != standard) {
    put_id(out, id);
    out.octet(value);
  }
}

template <class Sink>
void put_u16_unless(Sink& out, Property id, std::uint16_t value, std::uint16_t standard) {
  if (value != standard) {
    put_id(out, id);
    put_u16(out, value);
  }
}

template <class Sink>
void put_u32_unless(Sink& out, Property id, std::uint32_t value, std::uint32_t standard) {
  if (value != standard) {
    put_id(out, id);
    put_u32(out, value);
  }
}

template <class Sink>
void put_optional_u32(Sink& out, Property id, const std::optional<std::uint32_t>& value) {
  if (value) {
    put_id(out, id);
    put_u32(out, *value);
  }
}

template <class Sink>
void put_text(Sink& out, Property id, std::string_view text) {
  if (!text.empty()) {
    put_id(out, id);
    put_string(out, text);
  }
}

template <class Sink>
void put_users(Sink& out, const std::vector<UserProperty>& users) {
  for (const UserProperty& user : users) {
    put_id(out, Property::user_property);
    put_string(out, user.name);
    put_string(out, user.value);
  }
}

template <class Sink, class Fill>
void put_properties(Sink& out, const Fill& fill) {
  CountingSink count;
  fill(count);
  put_variable(out, count.size());
  fill(out);
}

template <class Sink>
void put_message_properties(Sink& out, const MessageProperties& message) {
  put_octet_unless(out, Property::payload_format_indicator, message.payload_is_utf8 ? 1 : 0, 0);
  put_optional_u32(out, Property::message_expiry_interval, message.message_expiry_s);
  put_text(out, Property::content_type, message.content_type);
  put_text(out, Property::response_topic, message.response_topic);
  put_text(out, Property::correlation_data, message.correlation_data);
  put_users(out, message.user_properties);
}

/// QoS 2 is not spoken (packet.hpp).
std::uint8_t qos_bits(Qos qos) {
  if (qos == Qos::exactly_once) {
    throw std::invalid_argument("MQTT QoS 2 is not spoken");
  }
  return static_cast<std::uint8_t>(qos);
}

std::uint8_t flags_of(const Connect& packet) {
  unsigned flags = packet.clean_start ? connect_flag::clean_start : 0U;
  if (packet.will) {
    flags |= connect_flag::will;
    flags |= static_cast<unsigned>(qos_bits(packet.will->qos)) << connect_flag::will_qos_shift;
    flags |= packet.will->retain ? connect_flag::will_retain : 0U;
  }
  flags |= packet.password ? connect_flag::password : 0U;
  flags |= packet.user_name ? connect_flag::user_name : 0U;
  return static_cast<std::uint8_t>(flags);
}

template <class Sink>
void put_will(Sink& out, const Will& will) {
  put_properties(out, [&](auto& sink) {
    put_u32_unless(sink, Property::will_delay_interval, will.delay_s, 0);
    put_message_properties(sink, will.properties);
  });
  put_string(out, will.topic);
  put_string(out, will.payload);
}

template <class Sink>
void put_body(Sink& out, const Connect& packet) {
  put_string(out, protocol_name);
  out.octet(protocol_version);
  out.octet(flags_of(packet));
  put_u16(out, packet.keep_alive_s);
  put_properties(out, [&](auto& sink) {
    put_u32_unless(sink, Property::session_expiry_interval, packet.session_expiry_s, 0);
    put_u16_unless(sink, Property::receive_maximum, packet.receive_maximum, receive_maximum_default);
    put_u32_unless(sink, Property::maximum_packet_size, packet.packet_bytes_max, 0);
    put_u16_unless(sink, Property::topic_alias_maximum, packet.topic_alias_maximum, 0);
    put_octet_unless(sink, Property::request_response_information, packet.request_response_information, 0);
    put_octet_unless(sink, Property::request_problem_information, packet.request_problem_information, 1);
    put_users(sink, packet.user_properties);
  });
  put_string(out, packet.client_id);
  if (packet.will) {
    put_will(out, *packet.will);
  }
  if (packet.user_name) {
    put_string(out, *packet.user_name);
  }
  if (packet.password) {
    put_string(out, *packet.password);
  }
}

template <class Sink>
void put_body(Sink& out, const Connack& packet) {
  out.octet(packet.session_present ? 1 : 0);
  put_reason(out, packet.reason);
  put_properties(out, [&](auto& sink) {
    put_optional_u32(sink, Property::session_expiry_interval, packet.session_expiry_s);
    put_u16_unless(sink, Property::receive_maximum, packet.receive_maximum, receive_maximum_default);
    put_octet_unless(sink, Property::maximum_qos, static_cast<std::uint8_t>(packet.maximum_qos), 2);
    put_octet_unless(sink, Property::retain_available, packet.retain_available, 1);
    put_u32_unless(sink, Property::maximum_packet_size, packet.packet_bytes_max, 0);
    put_text(sink, Property::assigned_client_identifier, packet.assigned_client_id);
    put_u16_unless(sink, Property::topic_alias_maximum, packet.topic_alias_maximum, 0);
    put_text(sink, Property::reason_string, packet.reason_string);
    put_users(sink, packet.user_properties);
    put_octet_unless(sink, Property::wildcard_subscription_available, packet.wildcard_subscriptions_available, 1);
    put_octet_unless(sink, Property::subscription_identifier_available, packet.subscription_identifiers_available,
                     1);
    put_octet_unless(sink, Property::shared_subscription_available, packet.shared_subscriptions_available, 1);
    if (packet.server_keep_alive_s) {
      put_id(sink, Property::server_keep_alive);
      put_u16(sink, *packet.server_keep_alive_s);
    }
    put_text(sink, Property::response_information, packet.response_information);
    put_text(sink, Property::server_reference, packet.server_reference);
  });
}

template <class Sink>
void put_body(Sink& out, const Publish& packet) {
  put_string(out, packet.topic);
  if (packet.qos != Qos::at_most_once) {
    put_packet_id(out, packet.packet_id);
  }
  put_properties(out, [&](auto& sink) {
    put_u16_unless(sink, Property::topic_alias, packet.topic_alias, 0);
    for (const std::uint32_t id : packet.subscription_identifiers) {
      put_id(sink, Property::subscription_identifier);
      put_variable(sink, id);
    }
    put_message_properties(sink, packet.properties);
  });
  out.octets(packet.payload);
}

/// Section 3.4.2.1: without properties a successful PUBACK is the packet id alone.
template <class Sink>
void put_body(Sink& out, const Puback& packet) {
  put_packet_id(out, packet.packet_id);
  const bool plain = packet.reason_string.empty() && packet.user_properties.empty();
  if (plain && packet.reason == ReasonCode::success) {
    return;
  }
  put_reason(out, packet.reason);
  if (plain) {
    return;
  }
  put_properties(out, [&](auto& sink) {
    put_text(sink, Property::reason_string, packet.reason_string);
    put_users(sink, packet.user_properties);
  });
}

std::uint8_t options_of(const Subscription& subscription) {
  unsigned options = static_cast<unsigned>(subscription.maximum_qos);
  options |= subscription.no_local ? subscription_option::no_local : 0U;
  options |= subscription.retain_as_published ? subscription_option::retain_as_published : 0U;
  options |= static_cast<unsigned>(subscription.retain_handling) << subscription_option::retain_handling_shift;
  return static_cast<std::uint8_t>(options);
}

template <class Sink>
void put_body(Sink& out, const Subscribe& packet) {
  if (packet.subscriptions.empty()) {
    throw std::invalid_argument("a SUBSCRIBE without subscriptions");
  }
  put_packet_id(out, packet.packet_id);
  put_properties(out, [&](auto& sink) {
    if (packet.subscription_identifier != 0) {
      put_id(sink, Property::subscription_identifier);
      put_variable(sink, packet.subscription_identifier);
    }
    put_users(sink, packet.user_properties);
  });
  for (const Subscription& subscription : packet.subscriptions) {
    put_string(out, subscription.filter);
    out.octet(options_of(subscription));
  }
}

template <class Sink>
void put_body(Sink& out, const Unsubscribe& packet) {
  if (packet.filters.empty()) {
    throw std::invalid_argument("an UNSUBSCRIBE without filters");
  }
  put_packet_id(out, packet.packet_id);
  put_properties(out, [&](auto& sink) { put_users(sink, packet.user_properties); });
  for (const std::string& filter : packet.filters) {
    put_string(out, filter);
  }
}

/// SUBACK and UNSUBACK are laid out alike.
template <class Sink, class Answer>
void put_answer(Sink& out, const Answer& packet) {
  put_packet_id(out, packet.packet_id);
  put_properties(out, [&](auto& sink) {
    put_text(sink, Property::reason_string, packet.reason_string);
    put_users(sink, packet.user_properties);
  });
  for (const ReasonCode reason : packet.reasons) {
    put_reason(out, reason);
  }
}

template <class Sink>
void put_body(Sink& out, const Suback& packet) {
  put_answer(out, packet);
}

template <class Sink>
void put_body(Sink& out, const Unsuback& packet) {
  put_answer(out, packet);
}

template <class Sink>
void put_body(Sink&, const Pingreq&) {}

template <class Sink>
void put_body(Sink&, const Pingresp&) {}

/// Section 3.14.2.1: a normal disconnection without properties has no body at all.
template <class Sink>
void put_body(Sink& out, const Disconnect& packet) {
  const bool plain = !packet.session_expiry_s && packet.reason_string.empty() && packet.server_reference.empty() &&
                     packet.user_properties.empty();
  if (plain && packet.reason == ReasonCode::success) {
    return;
  }
  put_reason(out, packet.reason);
  if (plain) {
    return;
  }
  put_properties(out, [&](auto& sink) {
    put_optional_u32(sink, Property::session_expiry_interval, packet.session_expiry_s);
    put_text(sink, Property::reason_string, packet.reason_string);
    put_text(sink, Property::server_reference, packet.server_reference);
    put_users(sink, packet.user_properties);
  });
}

/// Grows by doubling: to reserve exactly would copy everything at each of many appended packets.
void make_room(Bytes& out, std::size_t more) {
  const std::size_t needed = out.size() + more;
  if (needed > out.capacity()) {
    out.reserve(std::max(needed, 2 * out.capacity()));
  }
}

template <class Body>
void put_packet(Bytes& out, PacketType type, std::uint8_t flags, const Body& packet) {
  CountingSink count;
  put_body(count, packet);
  if (count.size() > variable_integer_max) {
    throw std::length_error("an MQTT packet over 268,435,455 octets");
  }
  // The length is known and every check was made while counting: from here on nothing fails halfway.
  make_room(out, 1 + variable_integer_octets_max + count.size());
  VectorSink sink(out);
  sink.octet(static_cast<std::uint8_t>((static_cast<unsigned>(type) << 4) | flags));
  put_variable(sink, count.size());
  put_body(sink, packet);
}

std::uint8_t flags_of(const Publish& packet) {
  unsigned flags = packet.retain ? publish_flag::retain : 0U;
  flags |= static_cast<unsigned>(qos_bits(packet.qos)) << publish_flag::qos_shift;
  flags |= packet.dup ? publish_flag::dup : 0U;
  return static_cast<std::uint8_t>(flags);
}

}  // namespace

void encode(const Connect& packet, Bytes& out) {
  put_packet(out, PacketType::connect, 0, packet);
}
void encode(const Connack& packet, Bytes& out) {
  put_packet(out, PacketType::connack, 0, packet);
}
void encode(const Publish& packet, Bytes& out) {
  put_packet(out, PacketType::publish, flags_of(packet), packet);
}
void encode(const Puback& packet, Bytes& out) {
  put_packet(out, PacketType::puback, 0, packet);
}
void encode(const Subscribe& packet, Bytes& out) {
  put_packet(out, PacketType::subscribe, request_flags, packet);
}
void encode(const Suback& packet, Bytes& out) {
  put_packet(out, PacketType::suback, 0, packet);
}
void encode(const Unsubscribe& packet, Bytes& out) {
  put_packet(out, PacketType::unsubscribe, request_flags, packet);
}
void encode(const Unsuback& packet, Bytes& out) {
  put_packet(out, PacketType::unsuback, 0, packet);
}
void encode(Pingreq packet, Bytes& out) {
  put_packet(out, PacketType::pingreq, 0, packet);
}
void encode(Pingresp packet, Bytes& out) {
  put_packet(out, PacketType::pingresp, 0, packet);
}
void encode(const Disconnect& packet, Bytes& out) {
  put_packet(out, PacketType::disconnect, 0, packet);
}

void encode(const Packet& packet, Bytes& out) {
  std::visit([&](const auto& one) { encode(one, out); }, packet);
}

}  // namespace tuanyuan::mqtt5
