#include "adapters/mqtt5/client_session.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/mqtt5/encode.hpp"
#include "adapters/mqtt5/octets.hpp"

namespace tuanyuan::mqtt5 {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// The broker's end of the wire, by hand: reads what the session wrote, writes what the test says.
class Wire {
 public:
  explicit Wire(ClientSession& session) : session_(session) {}

  /// What the session has written since the last call.
  std::vector<Packet> written() {
    Decoder decoder(1'000'000);
    decoder.feed(session_.take_output());
    std::vector<Packet> packets;
    while (auto packet = decoder.next()) {
      packets.push_back(std::move(*packet));
    }
    EXPECT_EQ(decoder.error(), DecodeError::none);
    EXPECT_EQ(decoder.buffered(), 0U);
    return packets;
  }

  template <class P>
  P only() {
    const auto packets = written();
    EXPECT_EQ(packets.size(), 1U);
    const P* packet = packets.empty() ? nullptr : std::get_if<P>(&packets[0]);
    EXPECT_NE(packet, nullptr);
    return packet == nullptr ? P{} : *packet;
  }

  void say(const Packet& packet, SteadyTime now) {
    Bytes octets;
    encode(packet, octets);
    session_.receive(octets, now);
  }

 private:
  ClientSession& session_;
};

class Session : public testing::Test {
 protected:
  void connect(bool session_present = false, std::uint16_t receive_maximum = receive_maximum_default) {
    Connect request;
    request.client_id = "s";
    request.clean_start = !session_present;
    request.session_expiry_s = 600;
    request.keep_alive_s = 60;
    session.open(request, now);
    Connack connack;
    connack.session_present = session_present;
    connack.receive_maximum = receive_maximum;
    wire.say(connack, now);
  }

  void connected() {
    connect();
    wire.written();
    session.take_events();
  }

  static Publish message(std::string topic, std::string payload = "x") {
    Publish publish;
    publish.topic = std::move(topic);
    publish.payload = std::move(payload);
    publish.qos = Qos::at_least_once;
    return publish;
  }

  Puback puback(std::uint16_t id, ReasonCode reason = ReasonCode::success) {
    Puback packet;
    packet.packet_id = id;
    packet.reason = reason;
    return packet;
  }

  void expect_failed(SessionError error, ReasonCode reason) {
    const auto events = session.take_events();
    ASSERT_FALSE(events.empty());
    const auto* failed = std::get_if<Failed>(&events.back());
    ASSERT_NE(failed, nullptr);
    EXPECT_EQ(failed->error, error) << describe(failed->error);
    EXPECT_EQ(failed->reason, reason);
    EXPECT_EQ(session.state(), ClientSession::State::closing);
  }

  SessionLimits limits;
  ClientSession session{limits};
  Wire wire{session};
  SteadyTime now{1'000};
};

TEST_F(Session, OpenedThenConnectIsWrittenAndConnackIsAnEvent) {
  Connect request;
  request.client_id = "s";
  session.open(request, now);
  EXPECT_TRUE(wire.only<Connect>() == request);
  EXPECT_EQ(session.deadline(), now + limits.connack_ms_max);
  wire.say(Connack{}, now);
  const auto events = session.take_events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<Connected>(events[0]));
  EXPECT_EQ(session.state(), ClientSession::State::connected);
}

TEST_F(Session, ConnackRefusesThenFailedWithItsReason) {
  session.open(Connect{}, now);
  Connack connack;
  connack.reason = ReasonCode::not_authorized;
  wire.say(connack, now);
  expect_failed(SessionError::refused, ReasonCode::not_authorized);
}

TEST_F(Session, NoConnackInTimeThenFailed) {
  session.open(Connect{}, now);
  session.tick(now + limits.connack_ms_max - milliseconds(1));
  EXPECT_TRUE(session.take_events().empty());
  session.tick(now + limits.connack_ms_max);
  expect_failed(SessionError::connack_timeout, ReasonCode::success);
}

TEST_F(Session, OtherPacketBeforeConnackThenProtocolError) {
  session.open(Connect{}, now);
  wire.say(Pingresp{}, now);
  expect_failed(SessionError::protocol_violation, ReasonCode::protocol_error);
}

TEST_F(Session, SecondConnackThenProtocolErrorIsSaidToThePeer) {
  connected();
  wire.say(Connack{}, now);
  expect_failed(SessionError::protocol_violation, ReasonCode::protocol_error);
  EXPECT_EQ(wire.only<Disconnect>().reason, ReasonCode::protocol_error);
}

TEST_F(Session, PeerClaimsASessionWeNeverHadThenProtocolError) {
  Connect request;
  request.clean_start = false;
  session.open(request, now);
  Connack connack;
  connack.session_present = true;
  wire.say(connack, now);
  expect_failed(SessionError::protocol_violation, ReasonCode::protocol_error);
}

TEST_F(Session, WhatOnlyClientsSendThenProtocolError) {
  connected();
  wire.say(Pingreq{}, now);
  expect_failed(SessionError::protocol_violation, ReasonCode::protocol_error);
}

TEST_F(Session, MalformedOctetsThenPeerIsToldWhy) {
  connected();
  session.receive(octets("34 06 0001 't' 0001 00"), now);
  expect_failed(SessionError::malformed, ReasonCode::qos_not_supported);
  EXPECT_EQ(session.decode_error(), DecodeError::qos2_not_spoken);
  EXPECT_EQ(wire.only<Disconnect>().reason, ReasonCode::qos_not_supported);
}

TEST_F(Session, DisconnectFromPeerThenFailedWithoutAnAnswer) {
  connected();
  Disconnect disconnect;
  disconnect.reason = ReasonCode::session_taken_over;
  wire.say(disconnect, now);
  expect_failed(SessionError::disconnected_by_peer, ReasonCode::session_taken_over);
  EXPECT_FALSE(session.has_output());
}

TEST_F(Session, NothingSentForThreeQuartersOfTheIntervalThenPing) {
  connected();
  EXPECT_EQ(session.deadline(), now + seconds(45));
  session.tick(now + seconds(44));
  EXPECT_FALSE(session.has_output());
  now += seconds(45);
  session.tick(now);
  wire.only<Pingreq>();
  EXPECT_EQ(session.deadline(), now + limits.pingresp_ms_max);
  wire.say(Pingresp{}, now + seconds(1));
  EXPECT_EQ(session.deadline(), now + seconds(45));
}

TEST_F(Session, PingUnansweredThenFailed) {
  connected();
  now += seconds(45);
  session.tick(now);
  session.tick(now + limits.pingresp_ms_max);
  expect_failed(SessionError::pingresp_timeout, ReasonCode::keep_alive_timeout);
}

TEST_F(Session, ServerSetsTheKeepAliveThenItHolds) {
  session.open(Connect{}, now);
  Connack connack;
  connack.server_keep_alive_s = 8;
  wire.say(connack, now);
  EXPECT_EQ(session.deadline(), now + seconds(6));
}

TEST_F(Session, KeepAliveOffThenNoDeadline) {
  Connect request;
  request.keep_alive_s = 0;
  session.open(request, now);
  wire.say(Connack{}, now);
  EXPECT_EQ(session.deadline(), std::nullopt);
}

TEST_F(Session, PublishThenSentWithIdAndAnsweredByToken) {
  connected();
  const Token token = session.publish(message("a"), now).value();
  const Publish sent = wire.only<Publish>();
  EXPECT_EQ(sent.packet_id, 1);
  EXPECT_FALSE(sent.dup);
  wire.say(puback(1, ReasonCode::no_matching_subscribers), now);
  const auto events = session.take_events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<Published>(events[0]).token, token);
  EXPECT_EQ(std::get<Published>(events[0]).reason, ReasonCode::no_matching_subscribers);
  EXPECT_EQ(session.in_flight(), 0U);
}

TEST_F(Session, PublishOfQos0ThenSentAtOnceAndNeverAnswered) {
  connected();
  Publish publish = message("a");
  publish.qos = Qos::at_most_once;
  ASSERT_TRUE(session.publish(publish, now).has_value());
  EXPECT_TRUE(wire.only<Publish>() == publish);
  EXPECT_EQ(session.in_flight(), 0U);
  session.lost();
  EXPECT_EQ(session.publish(publish, now).error().code, core::Errc::unavailable);
}

TEST_F(Session, PeerTakesTwoAtOnceThenTheThirdWaitsForAnAcknowledgement) {
  connect(false, 2);
  wire.written();
  for (const char* topic : {"a", "b", "c"}) {
    ASSERT_TRUE(session.publish(message(topic), now).has_value());
  }
  EXPECT_EQ(wire.written().size(), 2U);
  EXPECT_EQ(session.waiting(), 1U);
  wire.say(puback(2), now);
  EXPECT_EQ(wire.only<Publish>().topic, "c");
  EXPECT_EQ(session.waiting(), 0U);
}

TEST_F(Session, OurOwnWindowIsSmallerThenItHolds) {
  limits.in_flight_max = 1;
  connected();
  session.publish(message("a"), now);
  session.publish(message("b"), now);
  EXPECT_EQ(wire.only<Publish>().topic, "a");
}

TEST_F(Session, QueueFullThenOverloaded) {
  limits.waiting_max = 2;
  EXPECT_TRUE(session.publish(message("a"), now).has_value());
  EXPECT_TRUE(session.publish(message("b"), now).has_value());
  EXPECT_EQ(session.publish(message("c"), now).error().code, core::Errc::overloaded);
  connect();
  EXPECT_EQ(wire.written().size(), 3U);
}

TEST_F(Session, TopicNobodyMayPublishToThenInvalid) {
  connected();
  for (const char* topic : {"", "a/#", "\xff"}) {
    EXPECT_EQ(session.publish(message(topic), now).error().code, core::Errc::invalid);
  }
  EXPECT_FALSE(session.has_output());
}

TEST_F(Session, ConnackForbidsThenAnsweredLocallyAndNotSent) {
  Connack connack;
  connack.packet_bytes_max = 20;
  connack.retain_available = false;
  session.open(Connect{}, now);
  wire.say(connack, now);
  wire.written();
  session.take_events();

  session.publish(message("a", std::string(20, 'x')), now);
  Publish retained = message("a");
  retained.retain = true;
  session.publish(retained, now);
  EXPECT_FALSE(session.has_output());
  const auto events = session.take_events();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(std::get<Published>(events[0]).reason, ReasonCode::packet_too_large);
  EXPECT_EQ(std::get<Published>(events[1]).reason, ReasonCode::retain_not_supported);
}

TEST_F(Session, SessionPresentThenUnacknowledgedAreSentAgainInOrderBeforeWhatWaited) {
  connected();
  session.publish(message("a"), now);
  session.publish(message("b"), now);
  session.publish(message("c"), now);
  wire.written();
  wire.say(puback(2), now);
  session.lost();
  session.publish(message("d"), now);

  connect(true);
  const auto packets = wire.written();
  ASSERT_EQ(packets.size(), 4U);
  const std::vector<std::tuple<std::string, std::uint16_t, bool>> expected{
      {"a", 1, true}, {"c", 3, true}, {"d", 4, false}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Publish& sent = std::get<Publish>(packets[i + 1]);
    EXPECT_EQ(std::tuple(sent.topic, sent.packet_id, sent.dup), expected[i]);
  }
}

TEST_F(Session, SessionPresentAndPeerTakesFewerNowThenTheRestFollowsAsItAcknowledges) {
  connected();
  for (const char* topic : {"a", "b", "c"}) {
    session.publish(message(topic), now);
  }
  session.lost();
  connect(true, 1);
  EXPECT_EQ(wire.written().size(), 2U);
  session.publish(message("d"), now);
  EXPECT_FALSE(session.has_output());
  for (const std::uint16_t id : {std::uint16_t{1}, std::uint16_t{2}, std::uint16_t{3}}) {
    wire.say(puback(id), now);
    EXPECT_EQ(wire.only<Publish>().packet_id, id + 1);
  }
  EXPECT_EQ(session.in_flight(), 1U);
}

TEST_F(Session, AcknowledgementOfOneNotYetSentAgainThenItIsNotSent) {
  connected();
  for (const char* topic : {"a", "b", "c"}) {
    session.publish(message(topic), now);
  }
  session.lost();
  connect(true, 1);
  wire.written();
  wire.say(puback(2), now);
  EXPECT_FALSE(session.has_output());
  wire.say(puback(1), now);
  EXPECT_EQ(wire.only<Publish>().topic, "c");
}

TEST_F(Session, PeerForgotTheSessionThenOutcomesAreUnknown) {
  connected();
  const Token token = session.publish(message("a"), now).value();
  session.lost();
  connect();
  EXPECT_EQ(wire.written().size(), 1U);
  const auto events = session.take_events();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(std::get<Unacknowledged>(events[1]).token, token);
  wire.say(puback(1), now);
  EXPECT_TRUE(session.take_events().empty());
}

TEST_F(Session, NoPubackInTimeThenFailed) {
  connected();
  session.publish(message("a"), now);
  EXPECT_EQ(session.deadline(), now + limits.acknowledgement_ms_max);
  session.tick(now + limits.acknowledgement_ms_max);
  expect_failed(SessionError::acknowledgement_timeout, ReasonCode::unspecified_error);
}

TEST_F(Session, PacketIdsRunOutThenThoseInUseAreSkipped) {
  connected();
  session.publish(message("stays"), now);
  wire.written();
  for (int i = 0; i < 65'534; ++i) {
    session.publish(message("a"), now);
    const std::uint16_t id = wire.only<Publish>().packet_id;
    ASSERT_NE(id, 1);
    wire.say(puback(id), now);
  }
  session.publish(message("a"), now);
  EXPECT_EQ(wire.only<Publish>().packet_id, 2);
}

TEST_F(Session, SubscribeThenAnsweredWithAReasonForEachFilter) {
  connected();
  Subscribe request;
  request.subscriptions = {Subscription("a/+"), Subscription("b")};
  const Token token = session.subscribe(request, now).value();
  const Subscribe sent = wire.only<Subscribe>();
  Suback suback;
  suback.packet_id = sent.packet_id;
  suback.reasons = {ReasonCode::granted_qos_1, ReasonCode::not_authorized};
  wire.say(suback, now);
  const auto events = session.take_events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<Subscribed>(events[0]).token, token);
  EXPECT_EQ(std::get<Subscribed>(events[0]).reasons, suback.reasons);
}

TEST_F(Session, UnsubscribeThenAnswered) {
  connected();
  Unsubscribe request;
  request.filters = {"a"};
  const Token token = session.unsubscribe(request, now).value();
  Unsuback unsuback;
  unsuback.packet_id = wire.only<Unsubscribe>().packet_id;
  unsuback.reasons = {ReasonCode::success};
  wire.say(unsuback, now);
  EXPECT_EQ(std::get<Unsubscribed>(session.take_events().at(0)).token, token);
}

TEST_F(Session, SubackOfTheWrongSizeThenProtocolError) {
  connected();
  Subscribe request;
  request.subscriptions = {Subscription("a"), Subscription("b")};
  session.subscribe(request, now);
  Suback suback;
  suback.packet_id = wire.only<Subscribe>().packet_id;
  suback.reasons = {ReasonCode::granted_qos_1};
  wire.say(suback, now);
  expect_failed(SessionError::protocol_violation, ReasonCode::protocol_error);
}

TEST_F(Session, SubscribeWrongOrWithoutConnectionOrTooOftenThenRefused) {
  Subscribe request;
  request.subscriptions = {Subscription("a")};
  EXPECT_EQ(session.subscribe(request, now).error().code, core::Errc::unavailable);
  connected();
  Subscribe wrong;
  wrong.subscriptions = {Subscription("a#")};
  EXPECT_EQ(session.subscribe(wrong, now).error().code, core::Errc::invalid);
  EXPECT_EQ(session.subscribe(Subscribe{}, now).error().code, core::Errc::invalid);
  for (std::size_t i = 0; i < requests_in_flight_max; ++i) {
    ASSERT_TRUE(session.subscribe(request, now).has_value());
  }
  EXPECT_EQ(session.subscribe(request, now).error().code, core::Errc::overloaded);
}

TEST_F(Session, MessageThenDeliveredAndAcknowledged) {
  connected();
  Publish incoming = message("n", "notice");
  incoming.packet_id = 9;
  wire.say(incoming, now);
  const auto events = session.take_events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_TRUE(std::get<Message>(events[0]).publish == incoming);
  EXPECT_EQ(wire.only<Puback>().packet_id, 9);
}

TEST_F(Session, MessageWithATopicAliasThenRefusedBecauseNoneWasOffered) {
  connected();
  Publish incoming = message("n");
  incoming.packet_id = 9;
  incoming.topic_alias = 1;
  wire.say(incoming, now);
  expect_failed(SessionError::protocol_violation, ReasonCode::topic_alias_invalid);
}

TEST_F(Session, AcknowledgingByHandThenNothingIsSaidBeforeAndThePeerIsHeldToTheWindow) {
  limits.acknowledge_by_hand = true;
  Connect request;
  request.receive_maximum = 2;
  session.open(request, now);
  wire.say(Connack{}, now);
  wire.written();
  session.take_events();
  Publish incoming = message("n");
  for (const std::uint16_t id : {std::uint16_t{1}, std::uint16_t{2}}) {
    incoming.packet_id = id;
    wire.say(incoming, now);
  }
  EXPECT_FALSE(session.has_output());
  const std::uint32_t connection = std::get<Message>(session.take_events().at(0)).connection;
  session.acknowledge(connection, 1, ReasonCode::success, now);
  EXPECT_EQ(wire.only<Puback>().packet_id, 1);
  incoming.packet_id = 3;
  wire.say(incoming, now);
  EXPECT_EQ(session.take_events().size(), 1U);
  incoming.packet_id = 4;
  wire.say(incoming, now);
  expect_failed(SessionError::protocol_violation, ReasonCode::receive_maximum_exceeded);
}

TEST_F(Session, AcknowledgingAMessageOfAnEarlierConnectionThenIgnored) {
  limits.acknowledge_by_hand = true;
  connected();
  Publish incoming = message("n");
  incoming.packet_id = 1;
  wire.say(incoming, now);
  const std::uint32_t connection = std::get<Message>(session.take_events().at(0)).connection;
  session.lost();
  connect(true);
  wire.written();
  session.acknowledge(connection, 1, ReasonCode::success, now);
  EXPECT_FALSE(session.has_output());
}

TEST_F(Session, ClosedThenSaysGoodByeAndListensNoMore) {
  connected();
  session.close(ReasonCode::disconnect_with_will, now);
  EXPECT_EQ(wire.only<Disconnect>().reason, ReasonCode::disconnect_with_will);
  wire.say(Pingreq{}, now);
  EXPECT_TRUE(session.take_events().empty());
  EXPECT_EQ(session.deadline(), std::nullopt);
}

TEST_F(Session, TopicAliasesOfferedThenProgrammersError) {
  Connect request;
  request.topic_alias_maximum = 1;
  EXPECT_THROW(session.open(request, now), std::invalid_argument);
}

}  // namespace
}  // namespace tuanyuan::mqtt5
