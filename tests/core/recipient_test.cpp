#include "core/recipient.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tuanyuan::core {
namespace {

TEST(Category, AllThenNamesAreDistinctAndParseBack) {
  std::set<std::string_view> names;
  for (std::size_t index = 0; index < category_count; ++index) {
    const auto category = static_cast<Category>(index);
    names.insert(to_string(category));
    EXPECT_EQ(parse_category(to_string(category)), category);
    EXPECT_GE(urgency_rank(category), 0);
    EXPECT_LE(urgency_rank(category), urgency_rank_max);
  }
  EXPECT_EQ(names.size(), category_count);
  EXPECT_EQ(to_string(Category::police_station), "police_station");
  EXPECT_EQ(to_string(Category::toll_gate), "toll_gate");
  EXPECT_EQ(to_string(Category::child_welfare), "child_welfare");
  EXPECT_EQ(to_string(Category::regulator), "regulator");
}

TEST(Category, UnknownNameThenNone) {
  for (const char* name : {"", "POLICE_STATION", "station", "police_station "}) {
    EXPECT_FALSE(parse_category(name)) << name;
  }
}

TEST(UrgencyRank, HubsBeforeStreetsBeforeSchoolsAndScreens) {
  EXPECT_LT(urgency_rank(Category::airport), urgency_rank(Category::police_station));
  EXPECT_LT(urgency_rank(Category::border_checkpoint), urgency_rank(Category::urban_management));
  EXPECT_LT(urgency_rank(Category::taxi_platform), urgency_rank(Category::school));
  EXPECT_LT(urgency_rank(Category::police_station), urgency_rank(Category::outdoor_screen));
}

TEST(Channel, AllThenNamesParseBack) {
  for (std::size_t index = 0; index < channel_count; ++index) {
    const auto channel = static_cast<ChannelKind>(index);
    EXPECT_EQ(parse_channel(to_string(channel)), channel);
  }
  EXPECT_EQ(to_string(ChannelKind::mqtt), "mqtt");
  EXPECT_EQ(to_string(ChannelKind::unified_push), "unified_push");
  EXPECT_EQ(to_string(ChannelKind::ntfy), "ntfy");
  EXPECT_FALSE(parse_channel("carrier_pigeon"));
}

TEST(Audience, AllThenNamedInMessagesAndTopics) {
  EXPECT_EQ(to_string(Audience::police), "POLICE");
  EXPECT_EQ(to_string(Audience::public_), "PUBLIC");
  EXPECT_EQ(topic_name(Audience::partner), "partner");
  EXPECT_EQ(topic_name(Audience::public_), "public");
  EXPECT_EQ(parse_audience("PARTNER"), Audience::partner);
  EXPECT_FALSE(parse_audience("partner"));
}

TEST(AudienceSet, InsertAndEraseThenContains) {
  AudienceSet set{Audience::police, Audience::public_};
  EXPECT_TRUE(set.contains(Audience::police));
  EXPECT_FALSE(set.contains(Audience::partner));
  set.erase(Audience::police);
  set.erase(Audience::public_);
  EXPECT_TRUE(set.empty());
}

TEST(DeliveryMode, NamesThenParseBack) {
  EXPECT_EQ(parse_delivery("area"), DeliveryMode::area);
  EXPECT_EQ(parse_delivery("direct"), DeliveryMode::direct);
  EXPECT_FALSE(parse_delivery("DIRECT"));
}

}  // namespace
}  // namespace tuanyuan::core
