// What some audiences have and others have not: the lookout before the release, a suspension and its end.
#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include "engine/clock_fixture.hpp"

namespace tuanyuan::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::UnorderedElementsAre;

TEST_F(ClockTest, SuspensionTakesItFromThePartnersAndLeavesThePolice) {
  alert_out();
  everybody_confirms();
  channel.sent.clear();
  ports::SuspendOptions options;
  options.audiences = {core::Audience::partner};
  options.reason = core::SuspendReason::child_at_risk;
  const auto suspended = run(engine->cases().suspend(releaser, id, options, {}));
  ASSERT_TRUE(suspended);
  EXPECT_EQ(suspended->state, core::AlertState::suspended);
  EXPECT_EQ(suspended->suspended, options.audiences);
  EXPECT_TRUE(suspended->audiences.contains_all({core::Audience::police, core::Audience::partner}));
  EXPECT_EQ(suspended->circle_held, false);
  run_for(seconds(2));
  for (const ports::Dispatch& dispatch : channel.sent) {
    EXPECT_EQ(dispatch.delivery.audience, core::Audience::partner);
    EXPECT_EQ(dispatch.delivery.version, (core::Version{2, 0}));
    EXPECT_TRUE(core::is_recall(dispatch.delivery.kind));
  }
  EXPECT_EQ(board(id).silent_total, 4U) << "the partners, until they have removed it";
  core::Caller partner;
  partner.recipient = core::RecipientId("near");
  partner.roles = {core::Role::recipient};
  EXPECT_EQ(run(engine->cases().photo(partner, id)).error().code, core::Errc::not_found);
  EXPECT_TRUE(run(engine->cases().photo(releaser, id)));
  channel.sent.clear();
  const auto resumed = run(engine->cases().resume(releaser, id, options, {}));
  ASSERT_TRUE(resumed);
  EXPECT_EQ(resumed->state, core::AlertState::active);
  EXPECT_TRUE(resumed->suspended.empty());
  run_for(seconds(2));
  std::set<core::NoticeKind> kinds;
  for (const core::Delivery& delivery : channel.of(core::Parcel::notice)) {
    EXPECT_EQ(delivery.audience, core::Audience::partner);
    kinds.insert(delivery.kind);
  }
  EXPECT_THAT(kinds, UnorderedElementsAre(core::NoticeKind::update));
}

TEST_F(ClockTest, SuspendedCircleWidensForThePoliceAloneAndIsRightWhenResumed) {
  alert_out();
  ports::SuspendOptions options;
  options.audiences = {core::Audience::partner};
  options.reason = core::SuspendReason::leads_held;
  ASSERT_TRUE(run(engine->cases().suspend(releaser, id, options, {})));
  channel.sent.clear();
  to_minute(125);
  for (const core::Delivery& delivery : channel.of(core::Parcel::notice)) {
    EXPECT_TRUE(delivery.audience == core::Audience::police || !delivery.concerns.empty());
  }
  EXPECT_EQ(board(id).total.expected, 5U);
  ASSERT_TRUE(run(engine->cases().resume(releaser, id, options, {})));
  EXPECT_EQ(board(id).total.expected, 6U);
}

TEST_F(ClockTest, OutsideTheCircleAndThenSuspendedThenTheRecallStaysOnItsOwnTopic) {
  core::Recipient own = near();
  own.id = core::RecipientId("own");
  own.position = core::Position{42.9, 124.4};  // 140 km away
  own.delivery = core::DeliveryMode::direct;
  enter(own);
  alert_out();
  to_minute(121);
  ports::CircleOptions smaller;
  smaller.radius_km = 50;
  smaller.reason = "已排除外地";
  ASSERT_TRUE(run(engine->cases().circle(releaser, id, smaller, {})));
  ports::RetainedSeen seen;
  seen.alert_id = id;
  seen.audience = core::Audience::partner;
  seen.target = own.id;
  EXPECT_EQ(engine->retained().judge(seen), ports::RetainedVerdict::in_order) << "emptied";
  ports::SuspendOptions options;
  options.audiences = {core::Audience::partner};
  options.reason = core::SuspendReason::child_at_risk;
  ASSERT_TRUE(run(engine->cases().suspend(releaser, id, options, {})));
  EXPECT_EQ(engine->retained().judge(seen), ports::RetainedVerdict::behind)
      << "whoever was away has to hear of it";
  seen.version = core::Version{2, 0};
  EXPECT_EQ(engine->retained().judge(seen), ports::RetainedVerdict::in_order);
  const auto right = run(engine->retained().in_force_at(seen));
  ASSERT_TRUE(right && *right);
  EXPECT_TRUE(core::is_recall((*right)->delivery.kind));
}

TEST_F(ClockTest, LookoutGoesToThePoliceOfTheDivisionAndIsTakenBackByARejection) {
  settings.lookout = true;
  restart();
  const auto report = submit();
  ASSERT_TRUE(report);
  run_for(seconds(2));
  ASSERT_FALSE(channel.sent.empty());
  for (const ports::Dispatch& dispatch : channel.sent) {
    EXPECT_EQ(dispatch.delivery.audience, core::Audience::police);
    EXPECT_EQ(dispatch.delivery.version, (core::Version{0, 0}));
  }
  EXPECT_EQ(answer(report->alert_id, 0, "police", core::AnswerKind::confirmed).result,
            core::ReceiptResult::recorded);
  EXPECT_EQ(run(engine->cases().alert(releaser, report->alert_id))->state, core::AlertState::lookout);
  channel.sent.clear();
  ASSERT_TRUE(run(engine->cases().reject(releaser, report->id, "重复报案", {})));
  run_for(seconds(2));
  ASSERT_FALSE(channel.sent.empty());
  for (const ports::Dispatch& dispatch : channel.sent) {
    EXPECT_EQ(dispatch.delivery.kind, core::NoticeKind::retract);
    EXPECT_EQ(dispatch.delivery.audience, core::Audience::police);
  }
}

TEST_F(ClockTest, ReleasedForASmallerCircleThenWhoHadTheLookoutHasItsTimeToTakeItDown) {
  settings.lookout = true;
  restart();
  lost = clock.wall_now() - minutes(40);
  const auto report = submit();
  id = report->alert_id;
  run_for(minutes(30));
  ports::ReleaseOptions options;
  options.radius_km = 1;
  ASSERT_TRUE(run(engine->cases().release(releaser, report->id, options, {})));
  const auto for_removal = [this] {
    const std::vector<core::SilentChased> all = chased();
    return std::count_if(all.begin(), all.end(),
                         [](const core::SilentChased& step) { return step.awaited == "REMOVED"; });
  };
  run_for(seconds(30));
  EXPECT_EQ(for_removal(), 0) << "they have heard of it just now";
  run_for(hours(2));
  EXPECT_GT(for_removal(), 0);
}

TEST_F(ClockTest, LookoutBecomesTheAlertAndItsPoliceAreExpectedAnew) {
  settings.lookout = true;
  restart();
  const auto report = submit();
  run_for(seconds(2));
  answer(report->alert_id, 0, "police", core::AnswerKind::confirmed);
  const auto alert = release(report->id);
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->version, (core::Version{1, 0}));
  const core::Board made = board(report->alert_id);
  EXPECT_EQ(made.total.expected, 5U);
  EXPECT_EQ(made.total.count(core::AnswerKind::confirmed), 0U);
  EXPECT_EQ(made.by_revision.at("0").count(core::AnswerKind::confirmed), 1U);
}

}  // namespace
}  // namespace tuanyuan::engine
