#include "tools/station/topics.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tuanyuan::station {
namespace {

Topics topics(bool json = false) {
  return Topics(default_prefix, core::RecipientId("s1"), core::Audience::partner, core::Division{210102}, json);
}

TEST(StationTopics, FiltersThenWhatTheBrokerLetsARecipientRead) {
  EXPECT_EQ(topics().filters(),
            (std::vector<std::string>{"tuanyuan/v1/keys", "tuanyuan/v1/receipts/s1", "tuanyuan/v1/direct/s1/#",
                                      "tuanyuan/v1/notices/partner/210102/+"}));
  EXPECT_EQ(topics(true).filters(), (std::vector<std::string>{"tuanyuan/v1/keys", "tuanyuan/v1/receipts/s1",
                                                              "tuanyuan/v1/json/direct/s1/#",
                                                              "tuanyuan/v1/json/notices/partner/210102/+"}));
}

TEST(StationTopics, OfItsOwnThenRead) {
  using Kind = Incoming::Kind;
  const struct {
    bool json;
    std::string topic;
    Kind kind;
    std::string alert_id;
  } rows[] = {
      {false, "tuanyuan/v1/keys", Kind::keys, ""},
      {true, "tuanyuan/v1/keys", Kind::keys, ""},
      {false, "tuanyuan/v1/receipts/s1", Kind::receipt, ""},
      {false, "tuanyuan/v1/notices/partner/210102/a", Kind::notice, "a"},
      {true, "tuanyuan/v1/json/notices/partner/210102/a", Kind::notice, "a"},
      {false, "tuanyuan/v1/direct/s1/a", Kind::direct, "a"},
      {true, "tuanyuan/v1/json/direct/s1/a", Kind::direct, "a"},
      {false, "tuanyuan/v1/direct/s1/sightings/x", Kind::sighting, ""},
      {false, "tuanyuan/v1/photos/partner/210102/a", Kind::photo, "a"},
      {true, "tuanyuan/v1/photos/partner/210102/a", Kind::photo, "a"},
  };
  for (const auto& row : rows) {
    const auto read = topics(row.json).read(row.topic);
    ASSERT_TRUE(read) << row.topic;
    EXPECT_EQ(read->kind, row.kind) << row.topic;
    EXPECT_EQ(read->alert_id, row.alert_id) << row.topic;
  }
}

TEST(StationTopics, OfSomebodyElseThenPassedOver) {
  for (const char* topic :
       {"tuanyuan/v1/notices/police/210102/a", "tuanyuan/v1/notices/partner/210103/a",
        "tuanyuan/v1/notices/partner/210102/", "tuanyuan/v1/notices/partner/210102/a/b", "tuanyuan/v1/direct/s2/a",
        "tuanyuan/v1/direct/s1", "tuanyuan/v1/direct/s1/", "tuanyuan/v1/direct/s1/x/y", "tuanyuan/v1/receipts/s2",
        "tuanyuan/v1/json/notices/partner/210102/a", "other/keys", "tuanyuan/v1", "tuanyuan/v12/keys", ""}) {
    EXPECT_FALSE(topics().read(topic)) << topic;
  }
  EXPECT_FALSE(topics(true).read("tuanyuan/v1/notices/partner/210102/a"));
}

}  // namespace
}  // namespace tuanyuan::station
