#include <gtest/gtest.h>

#include <random>
#include <string>

#include "adapters/mqtt5/decode.hpp"
#include "adapters/mqtt5/encode.hpp"

namespace tuanyuan::mqtt5 {
namespace {

constexpr std::uint32_t seed = 20260301;
constexpr int packets = 20'000;

/// Draws packets of every kind with every property present or absent.
class Draw {
 public:
  explicit Draw(std::uint32_t from) : random_(from) {}

  bool coin() { return number(0, 1) == 1; }
  std::uint32_t number(std::uint32_t low, std::uint32_t high) {
    return std::uniform_int_distribution<std::uint32_t>(low, high)(random_);
  }
  std::uint16_t id() { return static_cast<std::uint16_t>(number(1, 65'535)); }

  std::string octets() {
    std::string drawn(number(0, 3) == 0 ? number(0, 300) : number(0, 8), '\0');
    for (char& one : drawn) {
      one = static_cast<char>(number(0, 255));
    }
    return drawn;
  }

  std::string text() {
    static const char* const pieces[] = {"a", "Z", " ", "é", "团", "圆", "😀", "\x01"};
    std::string drawn;
    for (std::uint32_t left = number(0, 3) == 0 ? number(0, 100) : number(0, 5); left > 0; --left) {
      drawn += pieces[number(0, 7)];
    }
    return drawn;
  }

  std::string topic() { return "t/" + text(); }
  Qos qos() { return coin() ? Qos::at_least_once : Qos::at_most_once; }

  std::vector<UserProperty> users() {
    std::vector<UserProperty> drawn;
    for (std::uint32_t left = number(0, 2); left > 0; --left) {
      drawn.emplace_back(text(), text());
    }
    return drawn;
  }

  MessageProperties properties() {
    MessageProperties drawn;
    drawn.payload_is_utf8 = coin();
    if (coin()) {
      drawn.message_expiry_s = number(0, 0xFFFFFFFF);
    }
    drawn.content_type = text();
    drawn.response_topic = coin() ? topic() : "";
    drawn.correlation_data = octets();
    drawn.user_properties = users();
    return drawn;
  }

  Connect connect() {
    Connect drawn;
    drawn.client_id = text();
    drawn.clean_start = coin();
    drawn.keep_alive_s = static_cast<std::uint16_t>(number(0, 65'535));
    if (coin()) {
      drawn.user_name = text();
    }
    if (coin()) {
      drawn.password = octets();
    }
    drawn.session_expiry_s = coin() ? number(0, 0xFFFFFFFF) : 0;
    drawn.receive_maximum = id();
    drawn.packet_bytes_max = number(0, 1'000);
    drawn.topic_alias_maximum = static_cast<std::uint16_t>(number(0, 3));
    drawn.request_response_information = coin();
    drawn.request_problem_information = coin();
    drawn.user_properties = users();
    if (coin()) {
      drawn.will.emplace();
      drawn.will->topic = topic();
      drawn.will->payload = octets();
      drawn.will->qos = qos();
      drawn.will->retain = coin();
      drawn.will->delay_s = number(0, 2);
      drawn.will->properties = properties();
    }
    return drawn;
  }

  Connack connack() {
    Connack drawn;
    drawn.session_present = coin();
    drawn.reason = coin() ? ReasonCode::success : ReasonCode::server_busy;
    if (coin()) {
      drawn.session_expiry_s = number(0, 0xFFFFFFFF);
    }
    drawn.receive_maximum = id();
    drawn.maximum_qos = static_cast<Qos>(number(0, 2));
    drawn.retain_available = coin();
    drawn.packet_bytes_max = number(0, 2);
    drawn.assigned_client_id = text();
    drawn.topic_alias_maximum = static_cast<std::uint16_t>(number(0, 2));
    drawn.reason_string = text();
    drawn.user_properties = users();
    drawn.wildcard_subscriptions_available = coin();
    drawn.subscription_identifiers_available = coin();
    drawn.shared_subscriptions_available = coin();
    if (coin()) {
      drawn.server_keep_alive_s = id();
    }
    drawn.response_information = text();
    drawn.server_reference = text();
    return drawn;
  }

  Publish publish() {
    Publish drawn;
    drawn.topic_alias = static_cast<std::uint16_t>(number(0, 2));
    drawn.topic = drawn.topic_alias != 0 && coin() ? "" : topic();
    drawn.payload = octets();
    drawn.qos = qos();
    drawn.retain = coin();
    drawn.dup = drawn.qos == Qos::at_least_once && coin();
    drawn.packet_id = drawn.qos == Qos::at_least_once ? id() : std::uint16_t{0};
    for (std::uint32_t left = number(0, 2); left > 0; --left) {
      drawn.subscription_identifiers.push_back(number(1, 268'435'455));
    }
    drawn.properties = properties();
    return drawn;
  }

  Subscribe subscribe() {
    Subscribe drawn;
    drawn.packet_id = id();
    drawn.subscription_identifier = number(0, 200);
    drawn.user_properties = users();
    for (std::uint32_t left = number(1, 3); left > 0; --left) {
      Subscription one(topic() + "/+", static_cast<Qos>(number(0, 2)));
      one.no_local = coin();
      one.retain_as_published = coin();
      one.retain_handling = static_cast<RetainHandling>(number(0, 2));
      drawn.subscriptions.push_back(one);
    }
    return drawn;
  }

  template <class Answer>
  Answer answer(ReasonCode good, ReasonCode bad) {
    Answer drawn;
    drawn.packet_id = id();
    for (std::uint32_t left = number(1, 3); left > 0; --left) {
      drawn.reasons.push_back(coin() ? good : bad);
    }
    drawn.reason_string = text();
    drawn.user_properties = users();
    return drawn;
  }

  Puback puback() {
    Puback drawn;
    drawn.packet_id = id();
    drawn.reason = coin() ? ReasonCode::success : ReasonCode::quota_exceeded;
    drawn.reason_string = coin() ? text() : "";
    drawn.user_properties = users();
    return drawn;
  }

  Unsubscribe unsubscribe() {
    Unsubscribe drawn;
    drawn.packet_id = id();
    drawn.filters = {topic(), "#"};
    drawn.user_properties = users();
    return drawn;
  }

  Disconnect disconnect() {
    Disconnect drawn;
    drawn.reason = coin() ? ReasonCode::success : ReasonCode::administrative_action;
    if (coin()) {
      drawn.session_expiry_s = number(0, 5);
    }
    drawn.reason_string = coin() ? text() : "";
    drawn.server_reference = coin() ? text() : "";
    drawn.user_properties = users();
    return drawn;
  }

  Packet packet() {
    switch (number(0, 10)) {
      case 0:
        return connect();
      case 1:
        return connack();
      case 2:
        return publish();
      case 3:
        return puback();
      case 4:
        return subscribe();
      case 5:
        return answer<Suback>(ReasonCode::granted_qos_1, ReasonCode::not_authorized);
      case 6:
        return unsubscribe();
      case 7:
        return answer<Unsuback>(ReasonCode::success, ReasonCode::no_subscription_existed);
      case 8:
        return Pingreq{};
      case 9:
        return Pingresp{};
      default:
        return disconnect();
    }
  }

 private:
  std::mt19937 random_;
};

TEST(RoundTrip, AnyPacketInAnyPiecesThenTheSamePacket) {
  Draw draw(seed);
  Decoder decoder(1'000'000);
  Bytes wire;
  for (int i = 0; i < packets; ++i) {
    const Packet packet = draw.packet();
    wire.clear();
    encode(packet, wire);
    std::optional<Packet> read;
    for (std::size_t at = 0; at < wire.size();) {
      const std::size_t piece = std::min<std::size_t>(draw.number(1, 200), wire.size() - at);
      decoder.feed(std::span(wire).subspan(at, piece));
      at += piece;
      read = decoder.next();
      ASSERT_EQ(read.has_value(), at == wire.size()) << name_of(packet) << ": " << describe(decoder.error());
    }
    ASSERT_TRUE(*read == packet) << name_of(packet) << ", number " << i;
  }
}

TEST(RoundTrip, AnyPacketWithAnOctetChangedThenReadOrRefusedAndNeverBeyondItsBounds) {
  Draw draw(seed + 1);
  for (int i = 0; i < packets; ++i) {
    Bytes wire;
    encode(draw.packet(), wire);
    wire[draw.number(0, static_cast<std::uint32_t>(wire.size() - 1))] =
        static_cast<std::uint8_t>(draw.number(0, 255));
    Decoder decoder(100'000);
    decoder.feed(wire);
    while (const auto packet = decoder.next()) {
      Bytes again;
      encode(*packet, again);
      EXPECT_FALSE(again.empty());
    }
  }
}

}  // namespace
}  // namespace tuanyuan::mqtt5
