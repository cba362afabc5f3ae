#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/mqtt5/decode.hpp"
#include "adapters/mqtt5/octets.hpp"

namespace tuanyuan::mqtt5 {
namespace {

struct Row {
  std::string name;
  std::string wire;
  DecodeError error;
  ReasonCode reason;
};

using enum DecodeError;
constexpr ReasonCode malformed = ReasonCode::malformed_packet;
constexpr ReasonCode protocol = ReasonCode::protocol_error;

const std::vector<Row>& framing_rows() {
  static const std::vector<Row> rows = {
      {"type 0", "00 00", reserved_packet_type, malformed},
      {"CONNECT with flags", "11 00", reserved_flags, malformed},
      {"SUBSCRIBE without its flags", "80 00", reserved_flags, malformed},
      {"SUBSCRIBE with other flags", "83 00", reserved_flags, malformed},
      {"UNSUBSCRIBE without its flags", "a0 00", reserved_flags, malformed},
      {"PINGRESP with flags", "d8 00", reserved_flags, malformed},
      {"remaining length 0 in two octets", "c0 80 00", overlong_variable_integer, malformed},
      {"remaining length 127 in two octets", "c0 ff 00", overlong_variable_integer, malformed},
      {"remaining length 128 in three octets", "c0 80 81 00", overlong_variable_integer, malformed},
      {"remaining length with a fifth octet", "c0 80 80 80 80", variable_integer_too_long, malformed},
      {"more than the limit", "30 ff 07", packet_too_large, ReasonCode::packet_too_large},
      {"PINGREQ with a body", "c0 01 00", trailing_octets, malformed},
      {"PUBACK of one octet", "40 01 00", truncated, malformed},
      {"CONNACK without properties", "20 02 00 00", truncated, malformed},
      {"CONNACK and one octet more", "20 04 00 00 00 00", trailing_octets, malformed},
      {"PUBREC", "50 02 0001", qos2_not_spoken, ReasonCode::qos_not_supported},
      {"PUBREL", "62 02 0001", qos2_not_spoken, ReasonCode::qos_not_supported},
      {"PUBCOMP", "70 02 0001", qos2_not_spoken, ReasonCode::qos_not_supported},
      {"AUTH", "f0 00", auth_not_spoken, ReasonCode::bad_authentication_method},
  };
  return rows;
}

const std::vector<Row>& property_rows() {
  static const std::vector<Row> rows = {
      {"unknown number", "30 06 0001 't' 02 04 00", property_unknown, malformed},
      {"number of two octets", "30 06 0001 't' 02 8101", property_unknown, malformed},
      {"over-long number", "30 06 0001 't' 02 8100", overlong_variable_integer, malformed},
      {"of another packet", "30 06 0001 't' 02 24 00", property_not_allowed_here, malformed},
      {"twice", "30 08 0001 't' 04 01 01 01 01", property_twice, protocol},
      {"switch that is 2", "30 06 0001 't' 02 01 02", property_value_out_of_range, protocol},
      {"topic alias 0", "30 07 0001 't' 03 23 0000", property_value_out_of_range, protocol},
      {"subscription identifier 0", "30 06 0001 't' 02 0b 00", property_value_out_of_range, protocol},
      {"receive maximum 0", "20 06 00 00 03 21 0000", property_value_out_of_range, protocol},
      {"maximum packet size 0", "20 08 00 00 05 27 00000000", property_value_out_of_range, protocol},
      {"maximum QoS 2", "20 05 00 00 02 24 02", property_value_out_of_range, protocol},
      {"value beyond the list", "30 08 0001 't' 02 02 00000000", truncated, malformed},
      {"list beyond the packet", "30 05 0001 't' 05 01", truncated, malformed},
      {"user property without a value", "30 08 0001 't' 04 26 0001 'k'", truncated, malformed},
      {"subscription identifier twice in SUBSCRIBE", "82 0b 0001 04 0b 01 0b 02 0001 'a' 00", property_twice,
       protocol},
      {"authentication method in CONNACK", "20 07 00 00 04 15 0001 'm'", auth_not_spoken,
       ReasonCode::bad_authentication_method},
  };
  return rows;
}

const std::vector<Row>& connect_rows() {
  static const std::vector<Row> rows = {
      {"MQTT 3.1's name", "10 0f 0006 'MQIsdp' 03 02 003c 00 0000", protocol_name_unknown,
       ReasonCode::unsupported_protocol_version},
      {"MQTT 3.1.1", "10 0c 0004 'MQTT' 04 02 003c 0000", protocol_version_unsupported,
       ReasonCode::unsupported_protocol_version},
      {"reserved flag", "10 0d 0004 'MQTT' 05 03 003c 00 0000", connect_flags_inconsistent, malformed},
      {"will QoS without a will", "10 0d 0004 'MQTT' 05 0a 003c 00 0000", connect_flags_inconsistent, malformed},
      {"will retain without a will", "10 0d 0004 'MQTT' 05 22 003c 00 0000", connect_flags_inconsistent,
       malformed},
      {"will of QoS 3", "10 13 0004 'MQTT' 05 1e 003c 00 0000 00 0001 'w' 0000", qos_reserved, malformed},
      {"will of QoS 2", "10 13 0004 'MQTT' 05 16 003c 00 0000 00 0001 'w' 0000", qos2_not_spoken,
       ReasonCode::qos_not_supported},
      {"will to a wildcard", "10 13 0004 'MQTT' 05 06 003c 00 0000 00 0001 '#' 0000", topic_name_not_valid,
       ReasonCode::topic_name_invalid},
      {"will without its topic", "10 0e 0004 'MQTT' 05 06 003c 00 0000 00", truncated, malformed},
      {"client id with U+0000", "10 0e 0004 'MQTT' 05 02 003c 00 0001 00", string_not_valid, malformed},
      {"authentication method", "10 11 0004 'MQTT' 05 02 003c 04 15 0001 'm' 0000", auth_not_spoken,
       ReasonCode::bad_authentication_method},
      {"user name announced and missing", "10 0d 0004 'MQTT' 05 82 003c 00 0000", truncated, malformed},
      {"password nobody announced", "10 10 0004 'MQTT' 05 02 003c 00 0000 0001 'p'", trailing_octets, malformed},
  };
  return rows;
}

const std::vector<Row>& other_rows() {
  static const std::vector<Row> rows = {
      {"CONNACK with reserved flags", "20 03 02 00 00", connack_flags_reserved, malformed},
      {"CONNACK with another's reason", "20 03 00 10 00", reason_code_unknown, malformed},
      {"PUBLISH with both QoS bits", "36 06 0001 't' 0001 00", qos_reserved, malformed},
      {"PUBLISH with QoS 2", "34 06 0001 't' 0001 00", qos2_not_spoken, ReasonCode::qos_not_supported},
      {"PUBLISH, DUP with QoS 0", "38 04 0001 't' 00", dup_without_qos, malformed},
      {"PUBLISH to a wildcard", "30 06 0003 'a/+' 00", topic_name_not_valid, ReasonCode::topic_name_invalid},
      {"PUBLISH without topic and alias", "30 03 0000 00", topic_missing, protocol},
      {"PUBLISH with packet id 0", "32 06 0001 't' 0000 00", packet_id_zero, protocol},
      {"PUBLISH without its packet id", "32 03 0001 't'", truncated, malformed},
      {"PUBLISH, topic beyond the packet", "30 03 0005 't'", truncated, malformed},
      {"PUBLISH, response topic with a wildcard", "30 08 0001 't' 04 08 0001 '#'", topic_name_not_valid,
       ReasonCode::topic_name_invalid},
      {"PUBACK with packet id 0", "40 02 0000", packet_id_zero, protocol},
      {"PUBACK with another's reason", "40 03 0001 01", reason_code_unknown, malformed},
      {"SUBSCRIBE to nothing", "82 03 0001 00", no_subscriptions, protocol},
      {"SUBSCRIBE with packet id 0", "82 07 0000 00 0001 'a' 00", packet_id_zero, protocol},
      {"SUBSCRIBE with QoS 3", "82 07 0001 00 0001 'a' 03", qos_reserved, malformed},
      {"SUBSCRIBE with reserved options", "82 07 0001 00 0001 'a' 40", subscription_options_reserved, malformed},
      {"SUBSCRIBE with retain handling 3", "82 07 0001 00 0001 'a' 30", subscription_options_reserved, malformed},
      {"SUBSCRIBE without options", "82 06 0001 00 0001 'a'", truncated, malformed},
      {"SUBSCRIBE to a wrong filter", "82 08 0001 00 0002 'a#' 00", topic_filter_not_valid,
       ReasonCode::topic_filter_invalid},
      {"SUBSCRIBE, no-local on a share", "82 10 0001 00 000a '$share/g/a' 04", no_local_on_shared, protocol},
      {"SUBACK without reasons", "90 03 0001 00", no_reason_codes, protocol},
      {"SUBACK with another's reason", "90 04 0001 00 11", reason_code_unknown, malformed},
      {"UNSUBSCRIBE from nothing", "a2 03 0001 00", no_subscriptions, protocol},
      {"UNSUBSCRIBE from a wrong filter", "a2 07 0001 00 0002 '++'", topic_filter_not_valid,
       ReasonCode::topic_filter_invalid},
      {"UNSUBACK with another's reason", "b0 04 0001 00 01", reason_code_unknown, malformed},
      {"DISCONNECT with another's reason", "e0 01 01", reason_code_unknown, malformed},
  };
  return rows;
}

constexpr std::size_t packet_bytes_max = 1'000;

void expect_refused(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    Decoder decoder(packet_bytes_max);
    decoder.feed(octets(row.wire));
    EXPECT_FALSE(decoder.next()) << row.name;
    EXPECT_EQ(decoder.error(), row.error) << row.name << ": " << describe(decoder.error());
    EXPECT_EQ(reason_of(decoder.error()), row.reason) << row.name;
  }
}

TEST(Decode, WrongFramingThenRefused) {
  expect_refused(framing_rows());
}
TEST(Decode, WrongPropertyThenRefused) {
  expect_refused(property_rows());
}
TEST(Decode, WrongConnectThenRefused) {
  expect_refused(connect_rows());
}
TEST(Decode, WrongPacketOfAnotherKindThenRefused) {
  expect_refused(other_rows());
}

TEST(Decode, TopicNotUtf8ThenRefused) {
  for (const char* text : {"80", "c080", "c1bf", "c3", "e08080", "eda080", "edbfbf", "e282", "f0808080",
                           "f4908080", "f5808080", "f09f92", "00", "ff", "41c3"}) {
    Bytes wire = octets("30 00 00 00");
    const Bytes topic = octets(text);
    wire.insert(wire.end(), topic.begin(), topic.end());
    wire.push_back(0);
    wire[1] = static_cast<std::uint8_t>(wire.size() - 2);
    wire[3] = static_cast<std::uint8_t>(topic.size());
    Decoder decoder(packet_bytes_max);
    decoder.feed(wire);
    EXPECT_FALSE(decoder.next()) << text;
    EXPECT_EQ(decoder.error(), string_not_valid) << text;
  }
}

TEST(Decode, TooLargeThenRefusedBeforeItsBodyComes) {
  Decoder decoder(100);
  decoder.feed(octets("30 62"));
  EXPECT_FALSE(decoder.next());
  EXPECT_EQ(decoder.error(), none);
  Decoder smaller(99);
  smaller.feed(octets("30 62"));
  EXPECT_FALSE(smaller.next());
  EXPECT_EQ(smaller.error(), packet_too_large);
}

TEST(Decode, AfterAnErrorThenNothingMoreComes) {
  Decoder decoder(packet_bytes_max);
  decoder.feed(octets("c0 00 c1 00 c0 00"));
  EXPECT_TRUE(decoder.next());
  EXPECT_FALSE(decoder.next());
  decoder.feed(octets("c0 00"));
  EXPECT_FALSE(decoder.next());
  EXPECT_EQ(decoder.error(), reserved_flags);
  EXPECT_EQ(decoder.buffered(), 0U);
}

}  // namespace
}  // namespace tuanyuan::mqtt5
