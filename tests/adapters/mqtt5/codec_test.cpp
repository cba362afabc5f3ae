#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/mqtt5/decode.hpp"
#include "adapters/mqtt5/encode.hpp"
#include "adapters/mqtt5/octets.hpp"

namespace tuanyuan::mqtt5 {
namespace {

constexpr std::size_t packet_bytes_max = 1'000'000;

struct Row {
  std::string name;
  Packet packet;
  std::string wire;
};

template <class P, class Fill>
Packet made(Fill fill) {
  P packet;
  fill(packet);
  return packet;
}

std::vector<Row> connection_rows() {
  return {
      {"CONNECT, as short as it gets", made<Connect>([](Connect& c) { c.keep_alive_s = 0; }),
       "10 0d 0004 'MQTT' 05 02 0000 00 0000"},
      {"CONNECT with a will and everything else", made<Connect>([](Connect& c) {
         c.client_id = "s1";
         c.clean_start = false;
         c.keep_alive_s = 60;
         c.user_name = "u";
         c.password = std::string("\x00\x01", 2);
         c.session_expiry_s = 3600;
         c.receive_maximum = 100;
         c.packet_bytes_max = 262144;
         c.topic_alias_maximum = 5;
         c.request_response_information = true;
         c.request_problem_information = false;
         c.user_properties = {{"a", "b"}};
         c.will = Will{};
         c.will->topic = "p";
         c.will->payload = "offline";
         c.will->qos = Qos::at_least_once;
         c.will->retain = true;
         c.will->delay_s = 5;
         c.will->properties.message_expiry_s = 9;
         c.will->properties.content_type = "t";
       }),
       "10 4c 0004 'MQTT' 05 ec 003c"
       " 1b 11 00000e10 21 0064 27 00040000 22 0005 19 01 17 00 26 0001 'a' 0001 'b'"
       " 0002 's1'"
       " 0e 18 00000005 02 00000009 03 0001 't' 0001 'p' 0007 'offline'"
       " 0001 'u' 0002 00 01"},
      {"CONNACK", Connack{}, "20 03 00 00 00"},
      {"CONNACK, session present, with what the server cannot", made<Connack>([](Connack& c) {
         c.session_present = true;
         c.session_expiry_s = 0;
         c.receive_maximum = 20;
         c.maximum_qos = Qos::at_least_once;
         c.retain_available = false;
         c.packet_bytes_max = 65536;
         c.assigned_client_id = "x";
         c.topic_alias_maximum = 10;
         c.reason_string = "r";
         c.user_properties = {{"k", "v"}};
         c.wildcard_subscriptions_available = false;
         c.subscription_identifiers_available = false;
         c.shared_subscriptions_available = false;
         c.server_keep_alive_s = 30;
         c.response_information = "i";
         c.server_reference = "s";
       }),
       "20 37 01 00 34 11 00000000 21 0014 24 01 25 00 27 00010000 12 0001 'x' 22 000a 1f 0001 'r'"
       " 26 0001 'k' 0001 'v' 28 00 29 00 2a 00 13 001e 1a 0001 'i' 1c 0001 's'"},
      {"CONNACK, not authorised", made<Connack>([](Connack& c) { c.reason = ReasonCode::not_authorized; }),
       "20 03 00 87 00"},
      {"PINGREQ", Pingreq{}, "c0 00"},
      {"PINGRESP", Pingresp{}, "d0 00"},
      {"DISCONNECT, normal", Disconnect{}, "e0 00"},
      {"DISCONNECT, reason alone",
       made<Disconnect>([](Disconnect& d) { d.reason = ReasonCode::session_taken_over; }), "e0 01 8e"},
      {"DISCONNECT with properties", made<Disconnect>([](Disconnect& d) {
         d.reason = ReasonCode::server_moved;
         d.session_expiry_s = 1;
         d.reason_string = "r";
         d.server_reference = "s";
         d.user_properties = {{"k", "v"}};
       }),
       "e0 16 9d 14 11 00000001 1f 0001 'r' 1c 0001 's' 26 0001 'k' 0001 'v'"},
  };
}

std::vector<Row> message_rows() {
  return {
      {"PUBLISH, QoS 0, retained, empty: a recall", made<Publish>([](Publish& p) {
         p.topic = "n/a";
         p.retain = true;
       }),
       "31 06 0003 'n/a' 00"},
      {"PUBLISH, QoS 1, sent again", made<Publish>([](Publish& p) {
         p.topic = "t";
         p.payload = "hello";
         p.qos = Qos::at_least_once;
         p.dup = true;
         p.packet_id = 0x1234;
       }),
       "3a 0b 0001 't' 1234 00 'hello'"},
      {"PUBLISH with every property", made<Publish>([](Publish& p) {
         p.topic = "t";
         p.payload = std::string("\x00\xff", 2);
         p.qos = Qos::at_least_once;
         p.packet_id = 1;
         p.topic_alias = 3;
         p.subscription_identifiers = {1, 300};
         p.properties.payload_is_utf8 = true;
         p.properties.message_expiry_s = 0;
         p.properties.content_type = "c";
         p.properties.response_topic = "r/1";
         p.properties.correlation_data = std::string("\x00", 1);
         p.properties.user_properties = {{"receipts", "batch"}, {"receipts", "batch"}};
       }),
       "32 49 0001 't' 0001 41 23 0003 0b 01 0b ac02 01 01 02 00000000 03 0001 'c' 08 0003 'r/1' 09 0001 00"
       " 26 0008 'receipts' 0005 'batch' 26 0008 'receipts' 0005 'batch' 00 ff"},
      {"PUBLISH by alias alone", made<Publish>([](Publish& p) {
         p.topic_alias = 7;
         p.payload = "x";
       }),
       "30 07 0000 03 23 0007 'x'"},
      {"PUBACK", made<Puback>([](Puback& p) { p.packet_id = 7; }), "40 02 0007"},
      {"PUBACK, nobody listens", made<Puback>([](Puback& p) {
         p.packet_id = 7;
         p.reason = ReasonCode::no_matching_subscribers;
       }),
       "40 03 0007 10"},
      {"PUBACK with properties", made<Puback>([](Puback& p) {
         p.packet_id = 7;
         p.reason_string = "r";
         p.user_properties = {{"k", "v"}};
       }),
       "40 0f 0007 00 0b 1f 0001 'r' 26 0001 'k' 0001 'v'"},
  };
}

std::vector<Row> subscription_rows() {
  return {
      {"SUBSCRIBE", made<Subscribe>([](Subscribe& s) {
         s.packet_id = 1;
         s.subscriptions = {Subscription("a/+")};
       }),
       "82 09 0001 00 0003 'a/+' 01"},
      {"SUBSCRIBE with options", made<Subscribe>([](Subscribe& s) {
         s.packet_id = 2;
         s.subscription_identifier = 128;
         s.user_properties = {{"k", "v"}};
         s.subscriptions = {Subscription("#", Qos::exactly_once), Subscription("$share/g/a", Qos::at_most_once)};
         s.subscriptions[0].no_local = true;
         s.subscriptions[0].retain_as_published = true;
         s.subscriptions[0].retain_handling = RetainHandling::do_not_send;
         s.subscriptions[1].retain_handling = RetainHandling::send_if_new;
       }),
       "82 1e 0002 0a 0b 8001 26 0001 'k' 0001 'v' 0001 '#' 2e 000a '$share/g/a' 10"},
      {"SUBACK", made<Suback>([](Suback& s) {
         s.packet_id = 2;
         s.reasons = {ReasonCode::granted_qos_1, ReasonCode::not_authorized};
         s.reason_string = "r";
       }),
       "90 09 0002 04 1f 0001 'r' 01 87"},
      {"UNSUBSCRIBE", made<Unsubscribe>([](Unsubscribe& u) {
         u.packet_id = 3;
         u.filters = {"a", "b/#"};
       }),
       "a2 0b 0003 00 0001 'a' 0003 'b/#'"},
      {"UNSUBACK", made<Unsuback>([](Unsuback& u) {
         u.packet_id = 3;
         u.reasons = {ReasonCode::success, ReasonCode::no_subscription_existed};
       }),
       "b0 05 0003 00 00 11"},
  };
}

std::vector<Row> all_rows() {
  std::vector<Row> rows = connection_rows();
  for (const auto& more : {message_rows(), subscription_rows()}) {
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

TEST(Encode, PacketThenTheOctetsOfTheStandard) {
  for (const Row& row : all_rows()) {
    Bytes wire;
    encode(row.packet, wire);
    EXPECT_EQ(wire, octets(row.wire)) << row.name;
  }
}

TEST(Encode, SeveralPacketsThenAppended) {
  Bytes wire = octets("ff");
  encode(Pingreq{}, wire);
  encode(Disconnect{}, wire);
  EXPECT_EQ(wire, octets("ff c0 00 e0 00"));
}

TEST(Decode, OctetsOfTheStandardThenThePacket) {
  for (const Row& row : all_rows()) {
    Decoder decoder(packet_bytes_max);
    decoder.feed(octets(row.wire));
    const auto packet = decoder.next();
    EXPECT_EQ(decoder.error(), DecodeError::none) << row.name << ": " << describe(decoder.error());
    ASSERT_TRUE(packet) << row.name;
    EXPECT_TRUE(*packet == row.packet) << row.name;
    EXPECT_FALSE(decoder.next()) << row.name;
    EXPECT_EQ(decoder.buffered(), 0U) << row.name;
  }
}

TEST(Decode, CutAtAnyPointThenTheSamePacket) {
  for (const Row& row : all_rows()) {
    const auto wire = octets(row.wire);
    for (std::size_t cut = 0; cut <= wire.size(); ++cut) {
      Decoder decoder(packet_bytes_max);
      decoder.feed(std::span(wire).first(cut));
      if (cut < wire.size()) {
        ASSERT_FALSE(decoder.next()) << row.name << " cut at " << cut;
      }
      decoder.feed(std::span(wire).subspan(cut));
      const auto packet = decoder.next();
      ASSERT_TRUE(packet) << row.name << " cut at " << cut;
      EXPECT_TRUE(*packet == row.packet) << row.name << " cut at " << cut;
    }
  }
}

TEST(Decode, OctetByOctetThenEveryPacketOfTheStreamInOrder) {
  const auto rows = all_rows();
  Bytes stream;
  for (const Row& row : rows) {
    encode(row.packet, stream);
  }
  Decoder decoder(packet_bytes_max);
  std::size_t found = 0;
  for (const std::uint8_t one : stream) {
    decoder.feed(std::span(&one, 1));
    while (const auto packet = decoder.next()) {
      ASSERT_LT(found, rows.size());
      EXPECT_TRUE(*packet == rows[found].packet) << rows[found].name;
      found += 1;
    }
  }
  EXPECT_EQ(found, rows.size());
}

TEST(Decode, BodyOfEveryLengthThenTheRemainingLengthIsRead) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{127}, std::size_t{128}, std::size_t{16'383},
                                 std::size_t{16'384}, std::size_t{300'000}}) {
    Publish publish;
    publish.topic = "t";
    publish.payload.assign(size, 'x');
    Bytes wire;
    encode(publish, wire);
    Decoder decoder(packet_bytes_max);
    decoder.feed(wire);
    const auto packet = decoder.next();
    ASSERT_TRUE(packet) << size;
    EXPECT_EQ(std::get<Publish>(*packet).payload.size(), size);
  }
}

TEST(Decode, ExplicitDefaultsThenTheSameAsLeftOut) {
  Decoder decoder(packet_bytes_max);
  decoder.feed(octets("40 04 0007 00 00 e0 02 00 00 20 08 00 00 05 25 01 22 0000"));
  EXPECT_EQ(std::get<Puback>(*decoder.next()).packet_id, 7);
  EXPECT_TRUE(std::get<Disconnect>(*decoder.next()) == Disconnect{});
  EXPECT_TRUE(std::get<Connack>(*decoder.next()) == Connack{});
}

TEST(Encode, WhatCannotBeWrittenThenThrowsAndLeavesTheBufferAlone) {
  Bytes out = octets("01 02");
  const Bytes before = out;

  Publish long_topic;
  long_topic.topic.assign(65'536, 't');
  EXPECT_THROW(encode(long_topic, out), std::length_error);

  Publish without_id;
  without_id.topic = "t";
  without_id.qos = Qos::at_least_once;
  EXPECT_THROW(encode(without_id, out), std::invalid_argument);

  Publish exactly_once = without_id;
  exactly_once.packet_id = 1;
  exactly_once.qos = Qos::exactly_once;
  EXPECT_THROW(encode(exactly_once, out), std::invalid_argument);

  Subscribe nothing;
  nothing.packet_id = 1;
  EXPECT_THROW(encode(nothing, out), std::invalid_argument);

  Unsubscribe nothing_either;
  nothing_either.packet_id = 1;
  EXPECT_THROW(encode(nothing_either, out), std::invalid_argument);

  EXPECT_THROW(encode(Puback{}, out), std::invalid_argument);
  EXPECT_EQ(out, before);
}

}  // namespace
}  // namespace tuanyuan::mqtt5
