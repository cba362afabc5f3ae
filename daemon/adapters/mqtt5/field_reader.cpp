#include "adapters/mqtt5/field_reader.hpp"

#include <algorithm>

#include "adapters/mqtt5/topic.hpp"

namespace tuanyuan::mqtt5 {

void FieldReader::fail(DecodeError error) {
  if (ok()) {
    error_ = error;
    octets_ = {};
  }
}

std::span<const std::uint8_t> FieldReader::take(std::size_t size) {
  if (size > octets_.size()) {
    fail(DecodeError::truncated);
    return {};
  }
  const auto taken = octets_.first(size);
  octets_ = octets_.subspan(size);
  return taken;
}

std::uint8_t FieldReader::octet() {
  const auto taken = take(1);
  return taken.empty() ? std::uint8_t{0} : taken[0];
}

std::uint16_t FieldReader::u16() {
  const auto taken = take(2);
  return taken.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>((taken[0] << 8) | taken[1]);
}

std::uint32_t FieldReader::u32() {
  const std::uint32_t high = u16();
  return (high << 16) | u16();
}

std::uint32_t FieldReader::variable() {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < variable_integer_octets_max; ++i) {
    const std::uint8_t next = octet();
    value |= static_cast<std::uint32_t>(next & 0x7F) << (7 * i);
    if ((next & 0x80) == 0) {
      require(i == 0 || next != 0, DecodeError::overlong_variable_integer);
      return ok() ? value : 0;
    }
  }
  fail(DecodeError::variable_integer_too_long);
  return 0;
}

std::string FieldReader::binary() {
  const auto taken = take(u16());
  return {taken.begin(), taken.end()};
}

std::string FieldReader::string() {
  std::string text = binary();
  require(is_valid_string(text), DecodeError::string_not_valid);
  return text;
}

std::string FieldReader::rest() {
  const auto taken = take(octets_.size());
  return {taken.begin(), taken.end()};
}

std::uint16_t FieldReader::packet_id() {
  const std::uint16_t id = u16();
  require(id != 0, DecodeError::packet_id_zero);
  return id;
}

FieldReader FieldReader::part(std::size_t size) {
  return FieldReader(take(size));
}

bool FieldReader::boolean() {
  const std::uint8_t value = octet();
  require(value <= 1, DecodeError::property_value_out_of_range);
  return value == 1;
}

std::uint16_t FieldReader::u16_not_zero() {
  const std::uint16_t value = u16();
  require(value != 0, DecodeError::property_value_out_of_range);
  return value;
}

std::uint32_t FieldReader::u32_not_zero() {
  const std::uint32_t value = u32();
  require(value != 0, DecodeError::property_value_out_of_range);
  return value;
}

std::uint32_t FieldReader::variable_not_zero() {
  const std::uint32_t value = variable();
  require(value != 0, DecodeError::property_value_out_of_range);
  return value;
}

bool is_property(std::uint32_t id) {
  switch (static_cast<Property>(id)) {
    case Property::payload_format_indicator:
    case Property::message_expiry_interval:
    case Property::content_type:
    case Property::response_topic:
    case Property::correlation_data:
    case Property::subscription_identifier:
    case Property::session_expiry_interval:
    case Property::assigned_client_identifier:
    case Property::server_keep_alive:
    case Property::authentication_method:
    case Property::authentication_data:
    case Property::request_problem_information:
    case Property::will_delay_interval:
    case Property::request_response_information:
    case Property::response_information:
    case Property::server_reference:
    case Property::reason_string:
    case Property::receive_maximum:
    case Property::topic_alias_maximum:
    case Property::topic_alias:
    case Property::maximum_qos:
    case Property::retain_available:
    case Property::user_property:
    case Property::maximum_packet_size:
    case Property::wildcard_subscription_available:
    case Property::subscription_identifier_available:
    case Property::shared_subscription_available:
      return id <= 0xFF;
  }
  return false;
}

}  // namespace tuanyuan::mqtt5
