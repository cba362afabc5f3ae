#include "tools/station/recipients_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace tuanyuan::station {
namespace {

std::string sample() {
  std::ifstream in(TUANYUAN_SOURCE_DIR "/config/recipients.sample.csv");
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(RecipientsFile, SampleThenAStationForEachWithItsMembers) {
  const auto rows = read_recipients(sample());
  ASSERT_TRUE(rows.has_value());
  const auto plans = plan_stations(*rows);
  std::size_t members = 0;
  for (const StationPlan& plan : plans) {
    members += plan.members.size();
    EXPECT_TRUE(plan.self.place || !plan.self.coverage.empty()) << plan.self.id;
  }
  EXPECT_GE(plans.size(), 300U);
  EXPECT_EQ(plans.size() + members, rows->size());
  EXPECT_GT(members, 0U);
}

TEST(RecipientsFile, ColumnsInAnyOrderQuotesAndLineEndsThenRead) {
  const auto rows = read_recipients(
      "\xEF\xBB\xBF"
      "name,division,id,audience,latitude,longitude,crs,coverage,via,endpoints\r\n"
      "\"a, \"\"quoted\"\"\nname\",210102,s1,POLICE,41.79,123.40,WGS84,[],,\r\n"
      "\r\n"
      "x,210103,s2,PARTNER,,,,\"[\"\"21\"\",\"\"*\"\"]\",s1,\"[{\"\"channel\"\":\"\"sms\"\"}]\"");
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->size(), 2U);
  const RecipientRow& first = rows->at(0);
  EXPECT_EQ(first.member.id.value, "s1");
  EXPECT_EQ(first.member.audience, core::Audience::police);
  EXPECT_EQ(first.member.place, (core::Position{41.79, 123.40}));
  EXPECT_TRUE(first.has_mqtt);
  const RecipientRow& second = rows->at(1);
  EXPECT_EQ(second.member.division, core::Division{210103});
  EXPECT_EQ(second.member.coverage.size(), 2U);
  EXPECT_EQ(second.via.value, "s1");
  EXPECT_FALSE(second.has_mqtt);
}

TEST(RecipientsFile, ShiftedPositionThenInWgs84) {
  const auto rows =
      read_recipients("id,audience,division,latitude,longitude,crs\ns,PARTNER,210102,41.80,123.40,GCJ02\n");
  ASSERT_TRUE(rows.has_value());
  EXPECT_LT(core::distance_km(*rows->at(0).member.place, core::to_wgs84({41.80, 123.40}, core::Crs::gcj02)),
            0.001);
}

TEST(RecipientsFile, SomethingWrongThenRefusedWithLineAndColumn) {
  const struct {
    const char* csv;
    const char* path;
  } rows[] = {
      {"", "header: id"},
      {"id,division\n", "header: audience"},
      {"id,audience,division\n,PARTNER,210102\n", "line 2: id"},
      {"id,audience,division\n\ns,CHILDREN,210102\n", "line 3: audience"},
      {"id,audience,division\ns,PARTNER,2101\n", "line 2: division"},
      {"id,audience,division,latitude,longitude,crs\ns,PARTNER,210102,91,0,WGS84\n", "line 2: latitude"},
      {"id,audience,division,latitude,longitude,crs\ns,PARTNER,210102,41,x,WGS84\n", "line 2: longitude"},
      {"id,audience,division,latitude,longitude,crs\ns,PARTNER,210102,41,123,\n", "line 2: crs"},
      {"id,audience,division,coverage\ns,PARTNER,210102,21\n", "line 2: coverage"},
      {"id,audience,division,coverage\ns,PARTNER,210102,\"[\"\"2\"\"]\"\n", "line 2: coverage"},
      {"id,audience,division,endpoints\ns,PARTNER,210102,mqtt\n", "line 2: endpoints"},
      {"id,audience,division\ns,\"PARTNER,210102\n", "line 2"},
  };
  for (const auto& row : rows) {
    const auto read = read_recipients(row.csv);
    ASSERT_FALSE(read.has_value()) << row.path;
    EXPECT_EQ(read.error().fields.at(0).path, row.path);
  }
}

}  // namespace
}  // namespace tuanyuan::station
