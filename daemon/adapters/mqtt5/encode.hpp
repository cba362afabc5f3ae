#pragma once

#include "adapters/mqtt5/packet.hpp"

namespace tuanyuan::mqtt5 {

/// Appends the packet as it travels. Properties that hold their default are left out.
///
/// What cannot be written is a programmer's error and throws std::length_error (a string over 65,535 octets, a
/// packet over 268,435,455) or std::invalid_argument (a packet id of 0 where one is needed, QoS 2, a SUBSCRIBE
/// or UNSUBSCRIBE without filters); `append_to` is then unchanged. Thread-safe: there is no shared state.
void encode(const Packet& packet, Bytes& append_to);

void encode(const Connect& packet, Bytes& append_to);
void encode(const Connack& packet, Bytes& append_to);
void encode(const Publish& packet, Bytes& append_to);
void encode(const Puback& packet, Bytes& append_to);
void encode(const Subscribe& packet, Bytes& append_to);
void encode(const Suback& packet, Bytes& append_to);
void encode(const Unsubscribe& packet, Bytes& append_to);
void encode(const Unsuback& packet, Bytes& append_to);
void encode(Pingreq packet, Bytes& append_to);
void encode(Pingresp packet, Bytes& append_to);
void encode(const Disconnect& packet, Bytes& append_to);

}  // namespace tuanyuan::mqtt5
