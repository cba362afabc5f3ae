#include "adapters/mqtt/topics.hpp"

#include <gtest/gtest.h>

#include "adapters/mqtt/fakes.hpp"

namespace tuanyuan::mqtt {
namespace {

using test::alert_a;
using test::shenyang;

struct Case {
  Topic topic;
  Encoding encoding;
  std::string text;
};

std::vector<Case> contract_topics() {
  const core::AlertId alert(alert_a);
  const core::RecipientId station("station-1");
  const std::string id = alert_a;
  using core::Audience;
  return {
      {NoticeTopic{Audience::police, shenyang, alert}, Encoding::protobuf,
       "tuanyuan/v1/notices/police/210102/" + id},
      {NoticeTopic{Audience::public_, shenyang, alert}, Encoding::json,
       "tuanyuan/v1/json/notices/public/210102/" + id},
      {PhotoTopic{Audience::partner, shenyang, alert}, Encoding::protobuf,
       "tuanyuan/v1/photos/partner/210102/" + id},
      {DirectTopic{station, alert}, Encoding::protobuf, "tuanyuan/v1/direct/station-1/" + id},
      {DirectTopic{station, alert}, Encoding::json, "tuanyuan/v1/json/direct/station-1/" + id},
      {DirectSightingTopic{station, core::SightingId("s-1")}, Encoding::json,
       "tuanyuan/v1/json/direct/station-1/sightings/s-1"},
      {AcknowledgementTopic{station}, Encoding::protobuf, "tuanyuan/v1/acknowledgements/station-1"},
      {SightingTopic{station}, Encoding::protobuf, "tuanyuan/v1/sightings/station-1"},
      {ReceiptTopic{station}, Encoding::protobuf, "tuanyuan/v1/receipts/station-1"},
      {PresenceTopic{station}, Encoding::protobuf, "tuanyuan/v1/presence/station-1"},
      {KeysTopic{}, Encoding::protobuf, "tuanyuan/v1/keys"},
      {KeysTopic{}, Encoding::json, "tuanyuan/v1/json/keys"},
      {AcknowledgementTopic{station}, Encoding::json, "tuanyuan/v1/json/acknowledgements/station-1"},
      {SightingTopic{station}, Encoding::json, "tuanyuan/v1/json/sightings/station-1"},
      {PresenceTopic{station}, Encoding::json, "tuanyuan/v1/json/presence/station-1"},
  };
}

TEST(Topics, AreWrittenAndReadAsTheContractHasThem) {
  const Topics topics("tuanyuan/v1");
  for (const Case& item : contract_topics()) {
    EXPECT_EQ(topics.of(item.topic, item.encoding), item.text);
    const auto parsed = topics.parse(item.text);
    ASSERT_TRUE(parsed) << item.text;
    EXPECT_EQ(*parsed, (ParsedTopic{item.topic, item.encoding})) << item.text;
  }
}

TEST(Topics, OutsideTheContractThenNothing) {
  const Topics topics("tuanyuan/v1");
  const std::string id = alert_a;
  const std::string others[] = {std::string(),
                                std::string("tuanyuan/v1"),
                                std::string("tuanyuan/v1/"),
                                std::string("tuanyuan/v1/json/"),
                                std::string("tuanyuan/v2/keys"),
                                std::string("tuanyuan/v1/keys/"),
                                std::string("tuanyuan/v1/keys/x"),
                                "tuanyuan/v1/notices/partner/210102",
                                "tuanyuan/v1/notices/partner/210102/" + id + "/x",
                                "tuanyuan/v1/notices/PARTNER/210102/" + id,
                                "tuanyuan/v1/notices/everybody/210102/" + id,
                                "tuanyuan/v1/notices/partner/21010/" + id,
                                "tuanyuan/v1/notices/partner/21010x/" + id,
                                std::string("tuanyuan/v1/notices/partner/210102/"),
                                std::string("tuanyuan/v1/notices/partner/210102/a b"),
                                std::string("tuanyuan/v1/acknowledgements/"),
                                std::string("tuanyuan/v1/acknowledgements/a/b"),
                                std::string("tuanyuan/v1/acknowledgements/+"),
                                "tuanyuan/v1/acknowledgements/" + std::string(65, 'a'),
                                std::string("tuanyuan/v1/json/receipts/a"),
                                "tuanyuan/v1/json/photos/partner/210102/" + id,
                                std::string("tuanyuan/v1/direct/a"),
                                std::string("tuanyuan/v1/direct/a/sightings/"),
                                std::string("tuanyuan/v1/direct/a/photos/s"),
                                std::string("tuanyuan/v1/a/b/c/d/e/f/g")};
  for (const std::string& text : others) {
    EXPECT_FALSE(topics.parse(text)) << text;
  }
}

TEST(Topics, PrefixThatIsNoneThenRefused) {
  for (const char* prefix : {"", "/a", "a/", "a/+", "#", "$SYS"}) {
    EXPECT_THROW(Topics{prefix}, std::invalid_argument) << prefix;
  }
  EXPECT_EQ(Topics("a/b/c").of(KeysTopic{}), "a/b/c/keys");
}

TEST(ResponseTopic, EqualToTheReceiptsTopicOrBelowItThenTaken) {
  const Topics topics("tuanyuan/v1");
  const core::RecipientId station("station-1");
  const std::pair<const char*, bool> cases[] = {
      {"tuanyuan/v1/receipts/station-1", true},
      {"tuanyuan/v1/receipts/station-1/x/y", true},
      {"tuanyuan/v1/receipts/station-10", false},
      {"tuanyuan/v1/receipts/station-2", false},
      {"tuanyuan/v1/receipts/station-1/+", false},
      {"tuanyuan/v1/receipts/station-1/#", false},
      {"tuanyuan/v1/notices/police/210102/x", false},
      {"elsewhere", false},
      {"", false},
  };
  for (const auto& [topic, taken] : cases) {
    EXPECT_EQ(topics.is_receipt_topic_of(topic, station), taken) << topic;
  }
}

TEST(Filters, CoverWhatComesInAndWhatIsRetained) {
  const Topics topics("tuanyuan/v1");
  std::vector<std::string> heard;
  for (const Filter& filter : topics.filters(core::RecipientId("canary"))) {
    heard.push_back(filter.filter);
    // No Local on a shared subscription is a protocol error (MQTT-3.8.3-4).
    EXPECT_FALSE(filter.no_local && filter.filter.starts_with("$share")) << filter.filter;
  }
  const std::vector<std::string> expected = {"$share/tuanyuan/tuanyuan/v1/acknowledgements/+",
                                             "$share/tuanyuan/tuanyuan/v1/sightings/+",
                                             "tuanyuan/v1/presence/+",
                                             "$share/tuanyuan/tuanyuan/v1/json/acknowledgements/+",
                                             "$share/tuanyuan/tuanyuan/v1/json/sightings/+",
                                             "tuanyuan/v1/json/presence/+",
                                             "tuanyuan/v1/notices/#",
                                             "tuanyuan/v1/direct/#",
                                             "tuanyuan/v1/photos/#",
                                             "tuanyuan/v1/json/notices/#",
                                             "tuanyuan/v1/json/direct/#",
                                             "tuanyuan/v1/direct/canary/+",
                                             "tuanyuan/v1/acknowledgements/canary",
                                             "$SYS/broker/publish/messages/dropped"};
  EXPECT_EQ(heard, expected);
  EXPECT_EQ(topics.filters(core::RecipientId{}).size(), expected.size() - 2);
}

}  // namespace
}  // namespace tuanyuan::mqtt
