// What else time does: notices are renewed, recalls cleared from the topics, and a clock that was set does no
// harm.
#include <gmock/gmock.h>
#include "engine/clock_fixture.hpp"

namespace tuanyuan::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::IsEmpty;

TEST_F(ClockTest, WhatWasQueuedByAClockThatRanAheadGoesOutWhenItIsSetBack) {
  channel.up = false;
  clock.step_wall(hours(1));
  alert_out();
  clock.step_wall(-hours(1));
  channel.up = true;
  run_for(seconds(3));
  EXPECT_FALSE(channel.sent.empty());
}

TEST_F(ClockTest, NoticesAreRenewedBeforeTheyRunOutAndThenLeftToRunOut) {
  settings.display.shown = hours(4);
  settings.display.renewed_for = hours(8);
  restart();
  alert_out();
  to_minute(185);
  EXPECT_EQ(now().version, (core::Version{1, 3})) << "three rings, which renew it too";
  run_for(hours(4));
  EXPECT_EQ(now().version, (core::Version{1, 4}));
  run_for(hours(12));
  EXPECT_EQ(now().version, (core::Version{1, 4}));
  EXPECT_EQ(now().state, core::AlertState::active) << "the display ended, the case did not";
}

TEST_F(ClockTest, NothingCanBeSignedAnyMoreThenWhoIsSilentIsChasedAllTheSame) {
  settings.rings.stages.front().until = minutes(40) + seconds(30);
  restart();
  alert_out();
  notary.expired = true;
  to_minute(61);  // the circle would have widened before anybody was late
  EXPECT_EQ(now().version, (core::Version{1, 0}));
  EXPECT_FALSE(chased().empty());
  notary.expired = false;
  run_for(minutes(1));
  EXPECT_EQ(now().version, (core::Version{1, 1}));
}

TEST_F(ClockTest, RecallIsClearedFromTheTopicsWhenItsRetentionIsOver) {
  settings.recall_retention = hours(5);
  settings.chase.recall_again = hours(24);  // not within the retention
  restart();
  alert_out();
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  run_for(hours(1));
  channel.sent.clear();
  run_for(settings.recall_retention);
  const auto cleared = channel.of(core::Parcel::notice_clear);
  EXPECT_FALSE(cleared.empty());
  EXPECT_THAT(channel.of(core::Parcel::notice), IsEmpty());
  channel.sent.clear();
  run_for(hours(5));
  EXPECT_THAT(channel.sent, IsEmpty());
}

TEST_F(ClockTest, ClearedWhileTheRecallStillWaitsThenTheRecallIsNotRetainedAfterIt) {
  settings.recall_retention = hours(5);
  restart();
  alert_out();
  run_for(seconds(2));
  channel.up = false;
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  clock.step_wall(hours(6));  // and back: for the rows that wait it never was so late
  run_for(seconds(10));
  clock.step_wall(-hours(6));
  channel.sent.clear();
  channel.up = true;
  engine->wake();
  run_for(minutes(10));
  EXPECT_THAT(channel.of(core::Parcel::notice), IsEmpty());
}

TEST_F(ClockTest, DirectTopicIsPutRightWithTheRecipientsOwnCopy) {
  alert_out();
  run_for(seconds(2));
  ports::RetainedSeen seen;
  seen.alert_id = id;
  seen.target = core::RecipientId("province");
  seen.version = core::Version{1, 7};
  EXPECT_EQ(engine->retained().judge(seen), ports::RetainedVerdict::behind);
  const auto right = run(engine->retained().in_force_at(seen));
  ASSERT_TRUE(right && *right);
  EXPECT_EQ((*right)->delivery.audience, core::Audience::partner);
}

}  // namespace
}  // namespace tuanyuan::engine
