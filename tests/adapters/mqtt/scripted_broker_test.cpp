// The adapter on Paho against a broker that does what a test tells it.
#include "adapters/mqtt/scripted_broker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/mqtt/broker_fixture.hpp"
#include "adapters/mqtt/limits.hpp"
#include "adapters/wire/answer_codec.hpp"
#include "adapters/wire/json.hpp"

namespace tuanyuan::mqtt::test {
namespace {

using namespace std::chrono_literals;
using core::DeliveryOutcome;
using mqtt5::ReasonCode;

const std::string base = "tuanyuan/v1/";
const std::string notice_topic = base + "notices/partner/210102/" + alert_a;
const std::string json_topic = base + "json/notices/partner/210102/" + alert_a;

class Scripted : public BrokerFixture {
 protected:
  ScriptedBroker there{context};

  Settings settings() const {
    Settings made;
    made.uri = there.uri();
    made.stranger_grace = 0ms;
    return made;
  }
  void start_up() {
    there.listen();
    start(settings());
    ASSERT_TRUE(eventually([this] { return broker->is_up(); }));
  }
  ports::Dispatch notice(core::Version version) { return notice_dispatch(alert_a, version, shenyang, in(1h)); }

  static std::string acknowledgement(std::uint32_t revision) {
    core::Acknowledgement answer;
    answer.alert_id = core::AlertId(alert_a);
    answer.revision = revision;
    return wire::to_proto(answer).SerializeAsString();
  }
};

TEST_F(Scripted, ConnectsAsMqtt5WithACleanStartAndItsLimits) {
  start_up();
  ASSERT_EQ(there.connects.size(), 1U);
  const mqtt5::Connect& connect = there.connects[0];
  EXPECT_TRUE(connect.clean_start);
  EXPECT_EQ(connect.session_expiry_s, 0U);
  EXPECT_EQ(connect.receive_maximum, receive_maximum);
  EXPECT_EQ(connect.keep_alive_s, Settings().keep_alive.count());
  EXPECT_EQ(connect.client_id, "tuanyuand");
  EXPECT_FALSE(connect.will);
}

TEST_F(Scripted, SubscribesToEveryFilterAtQos1WithoutItsOwnEcho) {
  start_up();
  const auto filters = Topics("tuanyuan/v1").filters({});
  ASSERT_EQ(there.subscribes.size(), filters.size());
  for (std::size_t i = 0; i < filters.size(); ++i) {
    ASSERT_EQ(there.subscribes[i].subscriptions.size(), 1U);
    const mqtt5::Subscription& subscription = there.subscribes[i].subscriptions[0];
    EXPECT_EQ(subscription.filter, filters[i].filter);
    EXPECT_EQ(subscription.no_local, filters[i].no_local) << filters[i].filter;
    EXPECT_EQ(subscription.maximum_qos, mqtt5::Qos::at_least_once);
  }
}

TEST_F(Scripted, NoticeThenTwiceRetainedWithTypeAndExpiryAndAcceptedAfterBothPubacks) {
  start_up();
  EXPECT_EQ(send(notice({1, 0})), DeliveryOutcome::accepted);
  ASSERT_EQ(there.publishes.size(), 2U);
  EXPECT_EQ(there.publishes[0].topic, notice_topic);
  EXPECT_EQ(there.publishes[0].properties.content_type, "application/x-protobuf");
  EXPECT_EQ(there.publishes[1].topic, json_topic);
  EXPECT_EQ(there.publishes[1].properties.content_type, "application/json");
  for (const mqtt5::Publish& publish : there.publishes) {
    EXPECT_EQ(publish.qos, mqtt5::Qos::at_least_once);
    EXPECT_TRUE(publish.retain);
    EXPECT_GT(publish.properties.message_expiry_s, 3'500U);
  }
}

TEST_F(Scripted, NoticesOnTheirWayThenPhotosWaitAndLaterNoticesDoNot) {
  start_up();
  there.answers_publish = false;
  const auto publish_notices = [this](std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t i = from; i < to; ++i) {
      begin_send(notice_dispatch(alert_a, {1, 0}, core::Division{210'102 + i}, in(1h)));
    }
  };
  const auto photos = [this] { return there.published_to(base + "photos/partner/210102/" + alert_a).size(); };
  const std::uint32_t enough = notices_before_photos_max / 2 + 1;
  publish_notices(0, enough);
  ASSERT_TRUE(eventually([&] { return there.publishes.size() == 2 * enough; }));
  const auto outcome = begin_send(photo_dispatch(alert_a, {1, 0}, in(1h), "jpeg"));
  publish_notices(enough, 2 * enough);
  ASSERT_TRUE(eventually([&] { return there.publishes.size() == 4 * enough; }));
  EXPECT_EQ(photos(), 0U);
  there.answer_late();
  ASSERT_TRUE(eventually([&] { return outcome->has_value(); }));
  EXPECT_EQ(**outcome, DeliveryOutcome::accepted);
  EXPECT_EQ(photos(), 1U);
}

TEST_F(Scripted, BrokersReasonThenItsOutcome) {
  start_up();
  const std::pair<ReasonCode, DeliveryOutcome> cases[] = {
      {ReasonCode::no_matching_subscribers, DeliveryOutcome::accepted},
      {ReasonCode::not_authorized, DeliveryOutcome::retry},
      {ReasonCode::quota_exceeded, DeliveryOutcome::retry},
      {ReasonCode::packet_too_large, DeliveryOutcome::rejected},
      {ReasonCode::topic_name_invalid, DeliveryOutcome::rejected},
  };
  for (const auto& [reason, outcome] : cases) {
    there.puback_reason = reason;
    EXPECT_EQ(send(notice({1, 0})), outcome) << static_cast<int>(reason);
  }
}

TEST_F(Scripted, PubackLostWithTheConnectionThenUnknownAndTheRepeatIsAccepted) {
  start_up();
  there.answers_publish = false;
  const auto outcome = begin_send(notice({1, 0}));
  ASSERT_TRUE(eventually([this] { return there.publishes.size() == 2; }));
  EXPECT_EQ(*outcome, std::nullopt);
  there.drop();
  ASSERT_TRUE(eventually([&] { return outcome->has_value(); }));
  EXPECT_EQ(**outcome, DeliveryOutcome::unknown);
  ASSERT_TRUE(eventually([this] { return !broker->is_up(); }));
  EXPECT_EQ(send(notice({1, 0})), DeliveryOutcome::retry);

  there.answers_publish = true;
  ASSERT_TRUE(eventually([this] { return broker->is_up(); }));
  EXPECT_EQ(send(notice({1, 0})), DeliveryOutcome::accepted);
}

TEST_F(Scripted, ReconnectedThenSubscribesAndReassertsAgainAndPublishesTheKeys) {
  truth.all = {notice({2, 0})};
  ports::PublishedKeys keys;
  keys.protobuf = "keys";
  keys.json = "{}";
  there.listen();
  start(settings());
  broker->set_keys(keys);
  const auto everything_there = [this] {
    return !there.published_to(notice_topic).empty() && !there.published_to(json_topic).empty() &&
           !there.published_to(base + "keys").empty() && !there.published_to(base + "json/keys").empty();
  };
  ASSERT_TRUE(eventually(everything_there));
  EXPECT_TRUE(there.published_to(base + "keys")[0].retain);
  // Cut off, and back without a memory.
  there.publishes.clear();
  there.drop();
  ASSERT_TRUE(eventually(everything_there));
  EXPECT_EQ(there.connects.size(), 2U);
  EXPECT_EQ(there.subscribes.size(), 2 * Topics("tuanyuan/v1").filters({}).size());
}

TEST_F(Scripted, BrokerAwayAtTheStartThenTriedUntilItComes) {
  start(settings());
  ASSERT_TRUE(eventually([this] { return !log.events.empty() && log.events.back() == "broker.unreachable"; }));
  EXPECT_FALSE(broker->is_up());
  EXPECT_EQ(metrics.values["tuanyuan_broker_connected broker=main"], 0);
  there.listen();
  ASSERT_TRUE(eventually([this] { return broker->is_up(); }));
  EXPECT_EQ(metrics.values["tuanyuan_broker_connected broker=main"], 1);
}

TEST_F(Scripted, ConnectRefusedThenTriedAgain) {
  there.connack_reason = ReasonCode::not_authorized;
  there.listen();
  start(settings());
  ASSERT_TRUE(eventually([this] { return there.connects.size() == 2; }));
  EXPECT_FALSE(broker->is_up());
  there.connack_reason = ReasonCode::success;
  ASSERT_TRUE(eventually([this] { return broker->is_up(); }));
}

TEST_F(Scripted, SubscriptionRefusedThenNotUpAndTriedAgain) {
  there.suback_reason = ReasonCode::not_authorized;
  there.listen();
  start(settings());
  ASSERT_TRUE(eventually([this] { return there.connects.size() == 2; }));
  EXPECT_FALSE(broker->is_up());
  there.suback_reason = ReasonCode::granted_qos_1;
  ASSERT_TRUE(eventually([this] { return broker->is_up(); }));
}

TEST_F(Scripted, AcknowledgementsThenAtTheDeskInTheirOrderAndEachReceipted) {
  start_up();
  constexpr std::uint32_t count = 3'000;
  for (std::uint32_t i = 0; i < count; ++i) {
    there.publish(base + "acknowledgements/station-1", acknowledgement(i));
  }
  ASSERT_TRUE(eventually([this] { return there.published_to(base + "receipts/station-1").size() == count; }));
  ASSERT_EQ(desk.committed.size(), count);
  for (std::uint32_t i = 0; i < count; ++i) {
    ASSERT_EQ(desk.committed[i].answer.revision, i);
    EXPECT_EQ(desk.committed[i].answer.recipient_id.value, "station-1");
  }
  EXPECT_LT(desk.batches.size(), count) << "gathered";
  EXPECT_EQ(there.published_to(base + "receipts/station-1")[0].retain, false);
}

TEST_F(Scripted, ReceiptThenInTheEncodingAndAtThePlaceThatWereAskedFor) {
  start_up();
  mqtt5::Publish message;
  message.topic = base + "acknowledgements/station-1";
  message.payload = std::string(R"({"alertId":")") + alert_a + R"(","revision":4,"kind":"DISPLAYED"})";
  message.properties.response_topic = base + "receipts/station-1/answers/9";
  message.properties.correlation_data = std::string("\x00\x01", 2);
  there.publish(message);
  ASSERT_TRUE(eventually([&] { return !there.published_to(message.properties.response_topic).empty(); }));
  const mqtt5::Publish receipt = there.published_to(message.properties.response_topic)[0];
  EXPECT_EQ(receipt.properties.correlation_data, message.properties.correlation_data);
  v1::Receipt read;
  ASSERT_TRUE(wire::decode_json(receipt.payload, read));
  EXPECT_EQ(read.kind(), v1::Acknowledgement::DISPLAYED);
}

TEST_F(Scripted, BatchAskedForThenReceiptsInOneMessage) {
  start_up();
  desk.open.reset();
  mqtt5::Publish message;
  message.topic = base + "acknowledgements/station-1";
  message.properties.user_properties = {mqtt5::UserProperty("receipts", "batch")};
  for (std::uint32_t i = 0; i < 10; ++i) {
    message.payload = acknowledgement(i);
    there.publish(message);
  }
  ASSERT_TRUE(eventually([this] { return there.pubacks == 10; }));
  desk.open.set();
  ASSERT_TRUE(eventually([this] { return desk.committed.size() == 10; }));
  int receipts = 0;
  ASSERT_TRUE(eventually([&] {
    receipts = 0;
    for (const mqtt5::Publish& published : there.publishes) {
      v1::Receipts batch;
      EXPECT_TRUE(batch.ParseFromString(published.payload));
      receipts += batch.receipts_size();
    }
    return receipts == 10;
  }));
  EXPECT_LT(there.publishes.size(), 10U);
}

TEST_F(Scripted, PresenceAndSightingThenAtTheDesk) {
  start_up();
  there.publish(base + "presence/station-1", "online");
  there.publish(base + "presence/station-2", "offline");
  there.publish(base + "presence/station-3", "perhaps");
  v1::Sighting sighting;
  sighting.set_sighting_id("s-1");
  sighting.set_alert_id(alert_a);
  sighting.mutable_seen_at()->set_seconds(1'700'000'000);
  there.publish(base + "sightings/station-1", sighting.SerializeAsString());
  ASSERT_TRUE(eventually([this] { return !there.published_to(base + "receipts/station-1").empty(); }));
  EXPECT_EQ(desk.present, (std::map<std::string, bool>{{"station-1", true}, {"station-2", false}}));
  ASSERT_EQ(desk.sightings_seen.size(), 1U);
  EXPECT_EQ(desk.sightings_seen[0].recipient_id.value, "station-1");
}

TEST_F(Scripted, SightingOfTheCaseThenToEachOfTheUnitInBothEncodings) {
  start_up();
  core::Sighting sighting;
  sighting.sighting_id = core::SightingId("s-1");
  sighting.alert_id = core::AlertId(alert_a);
  auto publishing = broker->publish_sighting({core::RecipientId("p-1"), core::RecipientId("p-2")}, sighting);
  EXPECT_EQ(await(std::move(publishing)), DeliveryOutcome::accepted);
  std::vector<std::string> topics;
  for (const mqtt5::Publish& publish : there.publishes) {
    topics.push_back(publish.topic);
    EXPECT_FALSE(publish.retain);
  }
  EXPECT_THAT(topics,
              testing::ElementsAre(base + "direct/p-1/sightings/s-1", base + "json/direct/p-1/sightings/s-1",
                                   base + "direct/p-2/sightings/s-1", base + "json/direct/p-2/sightings/s-1"));
}

TEST_F(Scripted, DeskStandsStillThenPahoAndTheBrokerAreHeldBackAndNothingIsLost) {
  start_up();
  desk.open.reset();
  const std::size_t held_by_us =
      inbox_messages_max + answers_batch_max + answer_batches_in_flight_max * answers_batch_max;
  const std::size_t count = held_by_us + 10'000;
  mqtt5::Publish message;
  message.topic = base + "acknowledgements/station-1";
  message.properties.user_properties = {mqtt5::UserProperty("receipts", "batch")};
  for (std::uint32_t i = 0; i < count; ++i) {
    message.payload = acknowledgement(i);
    there.publish(message);
  }
  const auto full = [this] {
    return metrics.values["tuanyuan_broker_inbox_messages"] == static_cast<double>(inbox_messages_max);
  };
  ASSERT_TRUE(eventually(full));
  EXPECT_LT(there.pubacks, count) << "not acknowledged, so the broker keeps it";
  desk.open.set();
  ASSERT_TRUE(eventually([&] { return there.pubacks == count; }));
  ASSERT_TRUE(eventually([&] {
    return desk.committed.size() +
               static_cast<std::size_t>(metrics.values["tuanyuan_broker_inbox_dropped_total"]) ==
           count;
  }));
  // A machine so slow that one message was held longer than hold_back_max may have dropped that one.
  EXPECT_GT(desk.committed.size(), count - 10);
}

TEST_F(Scripted, ForeignWriterPutsSomethingOlderThereThenPutRight) {
  truth.all = {notice({2, 0})};
  start_up();
  ASSERT_TRUE(eventually([this] { return there.publishes.size() == 2; }));
  there.publishes.clear();
  there.publish(notice_topic, copy_of(alert_a, {1, 0})->protobuf);
  ASSERT_TRUE(eventually([this] { return there.publishes.size() == 2; }));
  EXPECT_EQ(there.publishes[0].payload, truth.all[0].copy->protobuf);
}

TEST_F(Scripted, StrangerRetainedThenEmptied) {
  start_up();
  there.publish(notice_topic, copy_of(alert_a, {1, 0})->protobuf);
  ASSERT_TRUE(eventually([this] { return there.publishes.size() == 2; }));
  EXPECT_EQ(there.publishes[0].topic, notice_topic);
  EXPECT_EQ(there.publishes[0].payload, "");
  EXPECT_TRUE(there.publishes[0].retain);
}

TEST_F(Scripted, StoppedThenFinishesAndSaysGoodBye) {
  start_up();
  stop();
  ASSERT_TRUE(eventually([this] { return there.disconnects.size() == 1; }));
  EXPECT_EQ(there.disconnects[0].reason, ReasonCode::success);
}

TEST_F(Scripted, StoppedWhileTheBrokerIsAwayThenEndsAtOnce) {
  start(settings());
  ASSERT_TRUE(eventually([this] { return !log.events.empty(); }));
  stop();
}

TEST_F(Scripted, BrokerTellsOfDroppedMessagesThenAGauge) {
  start_up();
  there.publish(std::string(dropped_messages_topic), "42");
  ASSERT_TRUE(eventually([this] { return metrics.values["tuanyuan_broker_messages_dropped broker=main"] == 42; }));
}

}  // namespace
}  // namespace tuanyuan::mqtt::test
