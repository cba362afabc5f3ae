#include "core/send_meter.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Instant noon = from_epoch_ms(1'795'000'000'000);

TEST(SendMeter, NothingSentThenNothingIsKnown) {
  const SendMeter meter;
  EXPECT_EQ(meter.per_second(noon), 0);
  EXPECT_EQ(meter.each(), Duration(0));
}

TEST(SendMeter, RateIsThatOfTheLastMinute) {
  SendMeter meter;
  for (int send = 0; send < 120; ++send) {
    meter.sent(noon + milliseconds(500) * send, milliseconds(200));
  }
  EXPECT_EQ(meter.per_second(noon + seconds(59)), 2);
  EXPECT_EQ(meter.per_second(noon + seconds(89)), 1);
  EXPECT_EQ(meter.per_second(noon + seconds(180)), 0);
}

TEST(SendMeter, TimeOfEachFollowsTheLastOnes) {
  SendMeter meter;
  meter.sent(noon, milliseconds(100));
  EXPECT_EQ(meter.each(), milliseconds(100));
  meter.sent(noon, milliseconds(1'700));
  EXPECT_EQ(meter.each(), milliseconds(200));
  for (int send = 0; send < 200; ++send) {
    meter.sent(noon, milliseconds(0));
  }
  EXPECT_EQ(meter.each(), milliseconds(1));
}

}  // namespace
}  // namespace tuanyuan::core
