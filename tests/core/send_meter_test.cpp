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
    meter.ended(noon + milliseconds(500) * send, milliseconds(200), DeliveryOutcome::accepted);
  }
  EXPECT_EQ(meter.per_second(noon + seconds(59)), 2);
  EXPECT_EQ(meter.per_second(noon + seconds(89)), 1);
  EXPECT_EQ(meter.per_second(noon + seconds(180)), 0);
}

TEST(SendMeter, TimeOfEachFollowsTheLastOnes) {
  SendMeter meter;
  meter.ended(noon, milliseconds(100), DeliveryOutcome::accepted);
  EXPECT_EQ(meter.each(), milliseconds(100));
  meter.ended(noon, milliseconds(1'700), DeliveryOutcome::accepted);
  EXPECT_EQ(meter.each(), milliseconds(200));
  for (int send = 0; send < 200; ++send) {
    meter.ended(noon, milliseconds(0), DeliveryOutcome::accepted);
  }
  EXPECT_EQ(meter.each(), milliseconds(1));
}

TEST(SendMeter, CameToNothingThenNoSendAndNeverQuicker) {
  SendMeter meter;
  meter.ended(noon, milliseconds(2'000), DeliveryOutcome::rejected);
  for (const DeliveryOutcome outcome : {DeliveryOutcome::retry, DeliveryOutcome::unknown, DeliveryOutcome::held}) {
    meter.ended(noon, milliseconds(1), outcome);
    EXPECT_EQ(meter.each(), milliseconds(2'000)) << to_string(outcome);
  }
  EXPECT_EQ(meter.per_second(noon), 1.0 / 60);
}

TEST(SendMeter, HangsThenSlower) {
  SendMeter meter;
  meter.ended(noon, milliseconds(2'000), DeliveryOutcome::accepted);
  meter.ended(noon, milliseconds(34'000), DeliveryOutcome::unknown);
  EXPECT_EQ(meter.each(), milliseconds(4'000));
  meter.ended(noon, milliseconds(34'000), DeliveryOutcome::held);
  EXPECT_EQ(meter.each(), milliseconds(4'000));
}

TEST(SendMeter, FirstOneIsRefusedAtOnceThenNothingIsKnown) {
  SendMeter meter;
  meter.ended(noon, milliseconds(1), DeliveryOutcome::retry);
  EXPECT_EQ(meter.each(), Duration(0));
}

}  // namespace
}  // namespace tuanyuan::core
