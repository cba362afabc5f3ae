#include "adapters/wire/json_time.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace tuanyuan::wire {
namespace {

std::string written(TimestampParts time) {
  std::string out;
  append_timestamp(time, out);
  return out;
}

constexpr std::int64_t first_second = -62'135'596'800;
constexpr std::int64_t last_second = 253'402'300'799;

TEST(JsonTime, IsWrittenInUtcWithAsManyDecimalsAsAreNeeded) {
  EXPECT_EQ(written({0, 0}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(written({1'706'641'200, 0}), "2024-01-30T19:00:00Z");
  EXPECT_EQ(written({1'709'164'799, 120'000'000}), "2024-02-28T23:59:59.120Z");
  EXPECT_EQ(written({1'709'164'800, 1'000}), "2024-02-29T00:00:00.000001Z");
  EXPECT_EQ(written({-1, 999'999'999}), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(written({first_second, 0}), "0001-01-01T00:00:00Z");
  EXPECT_EQ(written({last_second, 0}), "9999-12-31T23:59:59Z");
}

TEST(JsonTime, OutsideOfWhatRfc3339CanWriteBecomesTheNearest) {
  EXPECT_EQ(written({std::numeric_limits<std::int64_t>::min(), -5}), "0001-01-01T00:00:00Z");
  EXPECT_EQ(written({std::numeric_limits<std::int64_t>::max(), 0}), "9999-12-31T23:59:59Z");
  EXPECT_EQ(written({0, std::numeric_limits<std::int32_t>::max()}), "1970-01-01T00:00:00.999999999Z");
}

TEST(JsonTime, IsReadWithAnyOffset) {
  const std::pair<const char*, TimestampParts> table[] = {
      {"1970-01-01T00:00:00Z", {0, 0}},
      {"2024-01-31T03:00:00+08:00", {1'706'641'200, 0}},
      {"2024-01-30T13:30:00-05:30", {1'706'641'200, 0}},
      {"2024-01-30T19:00:00-00:00", {1'706'641'200, 0}},
      {"2024-02-29T00:00:00.5Z", {1'709'164'800, 500'000'000}},
      {"2024-02-29T00:00:00.123456789Z", {1'709'164'800, 123'456'789}},
      {"1969-12-31T23:59:59.999Z", {-1, 999'000'000}},
      {"0001-01-01T08:00:00+08:00", {first_second, 0}},
      {"9999-12-31T23:59:59.999999999Z", {last_second, 999'999'999}},
  };
  for (const auto& [text, time] : table) {
    EXPECT_EQ(parse_timestamp(text), time) << text;
  }
}

TEST(JsonTime, EverythingElseIsRefused) {
  for (const char* text : {
           "",
           "2024",
           "2024-01-31",
           "2024-01-31T03:00Z",
           "2024-01-31T03:00:00",
           "2024-01-31 03:00:00Z",
           "2024-01-31t03:00:00Z",
           "2024-01-31T03:00:00z",
           "2024-01-31T03:00:00Z ",
           " 2024-01-31T03:00:00Z",
           "2023-02-29T00:00:00Z",
           "2024-00-01T00:00:00Z",
           "2024-13-01T00:00:00Z",
           "2024-01-00T00:00:00Z",
           "2024-01-32T00:00:00Z",
           "2024-01-31T24:00:00Z",
           "2024-01-31T23:60:00Z",
           "2016-12-31T23:59:60Z",  // a leap second
           "2024-01-31T03:00:00.Z",
           "2024-01-31T03:00:00.1234567890Z",
           "2024-01-31T03:00:00,5Z",
           "2024-01-31T03:00:00+0800",
           "2024-01-31T03:00:00+8:00",
           "2024-01-31T03:00:00+24:00",
           "2024-01-31T03:00:00+08:60",
           "2024-01-31T03:00:00+08:00Z",
           "24-01-31T03:00:00Z",
           "+2024-01-31T03:00:00Z",
           "2024-1-31T03:00:00Z",
           "2024-01-31T0a:00:00Z",
           "0000-12-31T23:59:59Z",
           "0001-01-01T00:00:00+00:01",
           "9999-12-31T23:59:59-00:01",
       }) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace tuanyuan::wire
