#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "adapters/mqtt5/packet.hpp"

namespace tuanyuan::mqtt5 {

/// What was wrong with the octets received. The statement or section of MQTT 5 that forbids it stands beside it.
enum class DecodeError : std::uint8_t {
  none,
  reserved_packet_type,           ///< 2.1.2: type 0
  reserved_flags,                 ///< [MQTT-2.1.3-1]
  overlong_variable_integer,      ///< [MQTT-1.5.5-1]: not the fewest octets
  variable_integer_too_long,      ///< 1.5.5: a fifth octet
  packet_too_large,               ///< 3.1.2.11.4: over the limit given to the decoder
  truncated,                      ///< a field reaches beyond its packet or its property list
  trailing_octets,                ///< more in the packet than its fields
  string_not_valid,               ///< [MQTT-1.5.4-1], [MQTT-1.5.4-2]
  property_unknown,               ///< 2.2.2.2
  property_not_allowed_here,      ///< 2.2.2.2, table 2-4
  property_twice,                 ///< 3.x.2: "to include … more than once"
  property_value_out_of_range,    ///< 3.x.2: zero where it is forbidden, a switch that is neither 0 nor 1
  packet_id_zero,                 ///< [MQTT-2.2.1-3], [MQTT-2.2.1-4]
  protocol_name_unknown,          ///< [MQTT-3.1.2-1]
  protocol_version_unsupported,   ///< [MQTT-3.1.2-2]
  connect_flags_inconsistent,     ///< [MQTT-3.1.2-3], 3.1.2.5 to 3.1.2.7
  connack_flags_reserved,         ///< 3.2.2.1
  reason_code_unknown,            ///< 2.4: not a code of this packet
  qos_reserved,                   ///< [MQTT-3.3.1-4], [MQTT-3.8.3-5]: both bits set
  dup_without_qos,                ///< [MQTT-3.3.1-2]
  topic_name_not_valid,           ///< [MQTT-3.3.2-2], [MQTT-4.7.3-1]
  topic_missing,                  ///< 3.3.2.1: neither a name nor an alias
  topic_filter_not_valid,         ///< [MQTT-4.7.1-1], [MQTT-4.7.1-2], [MQTT-4.8.2-1]
  subscription_options_reserved,  ///< [MQTT-3.8.3-5]
  no_local_on_shared,             ///< [MQTT-3.8.3-4]
  no_subscriptions,               ///< [MQTT-3.8.3-2], [MQTT-3.10.3-2]
  no_reason_codes,                ///< 3.9.3, 3.11.3: there is one for each subscription
  qos2_not_spoken,                ///< ours: see packet.hpp
  auth_not_spoken,                ///< ours: see packet.hpp
};

/// The code to say it with in CONNACK or DISCONNECT (section 4.13).
ReasonCode reason_of(DecodeError error);

/// A name for logs, without anything of what was received.
std::string_view describe(DecodeError error);

/// Finds the packets in a stream of octets, however it is cut.
///
/// After an error the stream is lost: nothing more comes, and the connection has to be closed. An idle decoder
/// holds next to no memory. Not thread-safe; one for each connection and direction.
class Decoder {
 public:
  /// `packet_bytes_max`: a whole packet, its header included; it is refused as soon as its length is known.
  explicit Decoder(std::size_t packet_bytes_max) : packet_bytes_max_(packet_bytes_max) {}

  /// Takes octets as they came. What is held is bounded by one packet and one chunk as long as next() is called
  /// until it has no more.
  void feed(std::span<const std::uint8_t> chunk);

  /// The next whole packet, or nothing: then either more has to be fed, or error() says why not.
  std::optional<Packet> next();

  DecodeError error() const { return error_; }

  /// Octets of a packet begun and not ended.
  std::size_t buffered() const { return buffer_.size() - consumed_; }

 private:
  struct Header {
    std::size_t header_bytes = 0;
    std::size_t body_bytes = 0;
  };

  std::optional<Header> header();
  void release();

  Bytes buffer_;
  std::size_t consumed_ = 0;
  std::size_t packet_bytes_max_;
  DecodeError error_ = DecodeError::none;
};

/// One packet whose extent is known: the first octet, and everything behind the remaining length.
/// On failure nothing is returned and `error` is set. Thread-safe.
std::optional<Packet> decode_body(std::uint8_t first_octet, std::span<const std::uint8_t> body,
                                  DecodeError& error);

}  // namespace tuanyuan::mqtt5
