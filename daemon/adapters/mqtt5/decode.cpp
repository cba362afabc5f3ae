#include "adapters/mqtt5/decode.hpp"

#include <algorithm>

#include "adapters/mqtt5/wire_format.hpp"

namespace tuanyuan::mqtt5 {
namespace {

/// An emptied buffer keeps this much, so that a talkative connection does not allocate for every read while
/// ten thousand quiet ones hold next to nothing.
constexpr std::size_t kept_bytes_max = 512;

}  // namespace

void Decoder::feed(std::span<const std::uint8_t> chunk) {
  if (error_ != DecodeError::none) {
    return;
  }
  if (consumed_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(consumed_));
    consumed_ = 0;
  }
  buffer_.insert(buffer_.end(), chunk.begin(), chunk.end());
}

std::optional<Decoder::Header> Decoder::header() {
  Header found;
  const std::size_t available = buffered();
  for (std::size_t i = 0; i < variable_integer_octets_max; ++i) {
    if (available < 2 + i) {
      return std::nullopt;
    }
    const std::uint8_t next = buffer_[consumed_ + 1 + i];
    found.body_bytes |= static_cast<std::size_t>(next & 0x7F) << (7 * i);
    if ((next & 0x80) == 0) {
      found.header_bytes = 2 + i;
      if (i > 0 && next == 0) {
        error_ = DecodeError::overlong_variable_integer;
      } else if (found.header_bytes + found.body_bytes > packet_bytes_max_) {
        error_ = DecodeError::packet_too_large;
      }
      return error_ == DecodeError::none ? std::optional(found) : std::nullopt;
    }
  }
  error_ = DecodeError::variable_integer_too_long;
  return std::nullopt;
}

std::optional<Packet> Decoder::next() {
  if (error_ != DecodeError::none) {
    return std::nullopt;
  }
  const std::optional<Header> extent = header();
  if (!extent || buffered() < extent->header_bytes + extent->body_bytes) {
    if (error_ != DecodeError::none || buffered() == 0) {
      release();
    }
    return std::nullopt;
  }
  const std::span<const std::uint8_t> packet =
      std::span<const std::uint8_t>(buffer_).subspan(consumed_, extent->header_bytes + extent->body_bytes);
  std::optional<Packet> read = decode_body(packet[0], packet.subspan(extent->header_bytes), error_);
  consumed_ += packet.size();
  if (error_ != DecodeError::none) {
    release();
  }
  return read;
}

void Decoder::release() {
  consumed_ = 0;
  buffer_.clear();
  if (buffer_.capacity() > kept_bytes_max) {
    Bytes().swap(buffer_);
  }
}

ReasonCode reason_of(DecodeError error) {
  switch (error) {
    case DecodeError::none:
      return ReasonCode::success;
    case DecodeError::packet_too_large:
      return ReasonCode::packet_too_large;
    case DecodeError::protocol_name_unknown:
    case DecodeError::protocol_version_unsupported:
      return ReasonCode::unsupported_protocol_version;
    case DecodeError::qos2_not_spoken:
      return ReasonCode::qos_not_supported;
    case DecodeError::auth_not_spoken:
      return ReasonCode::bad_authentication_method;
    case DecodeError::topic_name_not_valid:
      return ReasonCode::topic_name_invalid;
    case DecodeError::topic_filter_not_valid:
      return ReasonCode::topic_filter_invalid;
    // What is well formed and yet forbidden; everything else is malformed (section 4.13).
    case DecodeError::property_twice:
    case DecodeError::property_value_out_of_range:
    case DecodeError::packet_id_zero:
    case DecodeError::topic_missing:
    case DecodeError::no_local_on_shared:
    case DecodeError::no_subscriptions:
    case DecodeError::no_reason_codes:
      return ReasonCode::protocol_error;
    default:
      return ReasonCode::malformed_packet;
  }
}

std::string_view describe(DecodeError error) {
  switch (error) {
    case DecodeError::none:
      return "none";
    case DecodeError::reserved_packet_type:
      return "reserved packet type";
    case DecodeError::reserved_flags:
      return "reserved flags";
    case DecodeError::overlong_variable_integer:
      return "over-long variable integer";
    case DecodeError::variable_integer_too_long:
      return "variable integer of more than four octets";
    case DecodeError::packet_too_large:
      return "packet too large";
    case DecodeError::truncated:
      return "field beyond its bounds";
    case DecodeError::trailing_octets:
      return "octets behind the last field";
    case DecodeError::string_not_valid:
      return "string is not valid UTF-8";
    case DecodeError::property_unknown:
      return "unknown property";
    case DecodeError::property_not_allowed_here:
      return "property not allowed in this packet";
    case DecodeError::property_twice:
      return "property given twice";
    case DecodeError::property_value_out_of_range:
      return "property value out of range";
    case DecodeError::packet_id_zero:
      return "packet id 0";
    case DecodeError::protocol_name_unknown:
      return "unknown protocol name";
    case DecodeError::protocol_version_unsupported:
      return "unsupported protocol version";
    case DecodeError::connect_flags_inconsistent:
      return "inconsistent connect flags";
    case DecodeError::connack_flags_reserved:
      return "reserved acknowledge flags";
    case DecodeError::reason_code_unknown:
      return "reason code not of this packet";
    case DecodeError::qos_reserved:
      return "reserved QoS";
    case DecodeError::dup_without_qos:
      return "DUP with QoS 0";
    case DecodeError::topic_name_not_valid:
      return "topic name not valid";
    case DecodeError::topic_missing:
      return "neither topic nor alias";
    case DecodeError::topic_filter_not_valid:
      return "topic filter not valid";
    case DecodeError::subscription_options_reserved:
      return "reserved subscription options";
    case DecodeError::no_local_on_shared:
      return "no-local on a shared subscription";
    case DecodeError::no_subscriptions:
      return "no subscriptions";
    case DecodeError::no_reason_codes:
      return "no reason codes";
    case DecodeError::qos2_not_spoken:
      return "QoS 2 is not spoken";
    case DecodeError::auth_not_spoken:
      return "enhanced authentication is not spoken";
  }
  return "unknown";
}

const char* name_of(const Packet& packet) {
  struct Names {
    const char* operator()(const Connect&) const { return "CONNECT"; }
    const char* operator()(const Connack&) const { return "CONNACK"; }
    const char* operator()(const Publish&) const { return "PUBLISH"; }
    const char* operator()(const Puback&) const { return "PUBACK"; }
    const char* operator()(const Subscribe&) const { return "SUBSCRIBE"; }
    const char* operator()(const Suback&) const { return "SUBACK"; }
    const char* operator()(const Unsubscribe&) const { return "UNSUBSCRIBE"; }
    const char* operator()(const Unsuback&) const { return "UNSUBACK"; }
    const char* operator()(const Pingreq&) const { return "PINGREQ"; }
    const char* operator()(const Pingresp&) const { return "PINGRESP"; }
    const char* operator()(const Disconnect&) const { return "DISCONNECT"; }
  };
  return std::visit(Names{}, packet);
}

}  // namespace tuanyuan::mqtt5
