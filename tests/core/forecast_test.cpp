#include "core/forecast.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const Instant noon = from_epoch_ms(1'795'000'000'000);

ChannelFlow flow(std::size_t at_once, Duration each, std::uint32_t sends_per_minute = 0) {
  ChannelFlow made;
  made.at_once = at_once;
  made.each = each;
  made.quota.sends = sends_per_minute;
  return made;
}

TEST(Forecast, WhatIsSentWhen) {
  struct {
    const char* which;
    ChannelFlow flow;
    std::uint64_t place;
    Duration after;
  } const rows[] = {
      {"one at a time", flow(1, seconds(2)), 10, seconds(20)},
      {"ten at once", flow(10, seconds(2)), 100, seconds(20)},
      {"nothing measured: a guess", flow(10, Duration(0)), 100, seconds(5)},
      {"the quota is what holds it up", flow(10, milliseconds(100), 600), 600, seconds(60)},
      {"the gateway is what holds it up", flow(1, seconds(1), 600), 30, seconds(30)},
      {"nothing before it", flow(16, milliseconds(16)), 1, milliseconds(1)},
      {"nobody plans beyond a month", flow(1, seconds(30)), 1'000'000'000, hours(24 * 30)},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(sent_by(row.flow, row.place, noon), noon + row.after) << row.which;
    EXPECT_EQ(places_sent_by(row.flow, noon + row.after, noon) >= std::min<std::uint64_t>(row.place, 86'400), true)
        << row.which;
  }
}

TEST(Forecast, HeldBackThenItBeginsAfterwards) {
  ChannelFlow held = flow(10, seconds(1));
  held.not_before = noon + minutes(5);
  EXPECT_EQ(sent_by(held, 20, noon), noon + minutes(5) + seconds(2));
  EXPECT_EQ(sent_by(held, 20, noon + minutes(6)), noon + minutes(6) + seconds(2));
  EXPECT_EQ(places_sent_by(held, noon + minutes(5), noon), 0U);
  EXPECT_EQ(places_sent_by(held, noon + minutes(5) + seconds(1), noon), 10U);
}

TEST(Forecast, ReceiversOwnQuotaThenItsQueueIsWhatCounts) {
  LaneFlow lane;
  lane.quota.sends = 12;
  EXPECT_EQ(lane_sent_by(lane, 1, noon), noon);
  EXPECT_EQ(lane_sent_by(lane, 2, noon), noon + seconds(5));
  lane.free_at_once = 50;
  EXPECT_EQ(lane_sent_by(lane, 50, noon), noon);
  EXPECT_EQ(lane_sent_by(lane, 200, noon), noon + seconds(150 * 5));
  lane.free_at_once = 0;
  lane.free_from = noon + seconds(3);
  EXPECT_EQ(lane_sent_by(lane, 1, noon), noon + seconds(3));
  EXPECT_EQ(lane_sent_by(lane, 13, noon), noon + seconds(63));
  lane.quota = RatePolicy();
  EXPECT_EQ(lane_sent_by(lane, 13, noon), noon + seconds(3)) << "it is only left alone until then";
}

TEST(Forecast, ShutThenNobodyCanSay) {
  ChannelFlow shut = flow(10, seconds(1));
  shut.open = false;
  EXPECT_EQ(sent_by(shut, 1, noon), std::nullopt);
  EXPECT_EQ(places_sent_by(shut, noon + hours(1), noon), 0U);
}

TEST(Forecast, OfAllIsTheLatestAndNoneWhereOneIsShut) {
  EXPECT_EQ(forecast_of({}).waiting, 0U);
  EXPECT_EQ(forecast_of({}).sent_by, std::nullopt);
  const Forecast::Line sms{ChannelKind::sms, 30, 5, noon + minutes(3)};
  const Forecast::Line mqtt{ChannelKind::mqtt, 2, 0, noon + seconds(1)};
  const Forecast::Line voice{ChannelKind::voice, 1, 0, std::nullopt};
  EXPECT_EQ(forecast_of({mqtt, sms}).waiting, 32U);
  EXPECT_EQ(forecast_of({mqtt, sms}).sent_by, noon + minutes(3));
  EXPECT_EQ(forecast_of({sms, mqtt}).sent_by, noon + minutes(3));
  EXPECT_EQ(forecast_of({mqtt, voice, sms}).sent_by, std::nullopt);
  EXPECT_EQ(forecast_of({mqtt, voice, sms}).channels.size(), 3U);
}

}  // namespace
}  // namespace tuanyuan::core
