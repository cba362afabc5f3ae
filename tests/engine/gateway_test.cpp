#include "engine/gateway.hpp"

#include <gmock/gmock.h>

#include "engine/clock_fixture.hpp"
#include "engine/slow_wire.hpp"

namespace tuanyuan::engine {
namespace {

using core::ChannelKind;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// "near" is reached by its webhook; "next" has one for when it keeps silent.
class GatewayTest : public ClockTest {
 protected:
  GatewayTest() {
    begin_again();
    near = place("near", 41.80);
    near.endpoints = {{ChannelKind::webhook, "https://near.example/hook", "whsec_secret"}};
    next = place("next", 41.79);
    next.division = core::Division{210103};
    next.endpoints = {{ChannelKind::mqtt, "", ""}, {ChannelKind::webhook, "https://next.example/hook", ""}};
    put(near);
    put(next);
  }

  void begin_again() {
    restart();
    engine->add_gateway(webhooks, GatewayLimits());
  }
  void put(const core::Recipient& recipient) {
    const core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
    ASSERT_TRUE(run(engine->recipients().put(keeper, recipient, {})));
  }
  static core::Recipient place(std::string name, double latitude) {
    core::Recipient recipient;
    recipient.id = core::RecipientId(std::move(name));
    recipient.name = "某站";
    recipient.category = core::Category::railway_station;
    recipient.division = core::Division{210102};
    recipient.position = core::Position{latitude, 123.43};
    return recipient;
  }
  /// Of the link that came with what "near" was told.
  using Standing = ports::LinkStanding;
  Standing standing(std::uint32_t revision, bool is_recall) {
    ports::Told told;
    told.alert_id = id;
    told.recipient = near.id;
    told.revision = revision;
    told.is_recall = is_recall;
    return engine->replies().standing(told);
  }
  /// "near r1s0 ALERT": what went out, in order.
  std::vector<std::string> heard() {
    std::vector<std::string> all;
    for (const ports::Dispatch& dispatch : webhooks.sent) {
      const core::Delivery& row = dispatch.delivery;
      const bool clears = row.parcel == core::Parcel::notice_clear;
      all.push_back(std::get<core::RecipientId>(row.target).value + " r" + std::to_string(row.version.revision) +
                    "s" + std::to_string(row.version.step) + " " +
                    (clears ? "clear" : std::string(core::to_string(row.kind))));
    }
    webhooks.sent.clear();
    return all;
  }

  test::RecordingChannel webhooks{ChannelKind::webhook};
  core::Recipient near;
  core::Recipient next;
};

TEST_F(GatewayTest, ItsUsualWayIsAGatewayThenItHearsThereAndHasReceived) {
  alert_out();
  run_for(seconds(2));
  ASSERT_THAT(webhooks.sent, SizeIs(1));
  EXPECT_EQ(webhooks.sent[0].endpoint, near.endpoints[0]);
  ASSERT_NE(webhooks.sent[0].copy, nullptr);
  EXPECT_THAT(heard(), ElementsAre("near r1s0 ALERT"));
  const core::Board shown = board(id);
  EXPECT_EQ(shown.total.count(core::AnswerKind::received), 1U);
  EXPECT_EQ(shown.by_channel.at("webhook").count(core::AnswerKind::received), 1U);
}

TEST_F(GatewayTest, SeveralAreClaimedAtOnceThenEachAtItsOwnAddressTheNearestFirst) {
  for (int number = 1; number <= 5; ++number) {
    core::Recipient other = place("other" + std::to_string(number), 41.80 + 0.01 * (6 - number));
    other.endpoints = {{ChannelKind::webhook, "https://" + other.id.value + ".example/hook", ""}};
    put(other);
  }
  alert_out();
  run_for(seconds(2));
  ASSERT_THAT(webhooks.sent, SizeIs(6));
  std::vector<std::string> asked;
  for (const ports::Dispatch& dispatch : webhooks.sent) {
    const std::string& recipient = std::get<core::RecipientId>(dispatch.delivery.target).value;
    EXPECT_EQ(dispatch.endpoint.address, "https://" + recipient + ".example/hook");
    asked.push_back(recipient);
  }
  EXPECT_THAT(asked, ElementsAre("near", "other5", "other4", "other3", "other2", "other1"));
}

TEST_F(GatewayTest, WhatItAcceptsIsStillOnItsWayThenNothingIsReceivedYet) {
  webhooks.has_received = false;
  near.languages = {"en", "zh-CN"};
  put(near);
  alert_out();
  run_for(seconds(2));
  ASSERT_THAT(webhooks.sent, SizeIs(1));
  EXPECT_THAT(webhooks.sent[0].languages, ElementsAre("en", "zh-CN"));
  EXPECT_EQ(board(id).total.count(core::AnswerKind::received), 0U);
}

TEST_F(GatewayTest, ReplyFromANumberThenWhatWasToldThereByThatGateway) {
  test::RecordingChannel phones{ChannelKind::sms};
  engine->add_gateway(phones, GatewayLimits());
  near.endpoints = {{ChannelKind::sms, "+86 138-0000-0001", ""}};
  put(near);
  alert_out();
  run_for(seconds(2));
  ASSERT_THAT(phones.sent, SizeIs(1));
  const auto told = [&](ChannelKind gateway, const std::string& number) {
    return run(engine->replies().told(gateway, number)).value();
  };
  ASSERT_THAT(told(ChannelKind::sms, "13800000001"), SizeIs(1));
  EXPECT_EQ(told(ChannelKind::sms, "8613800000001")[0].recipient, near.id);
  EXPECT_EQ(told(ChannelKind::sms, "13800000001")[0].alert_id, id);
  EXPECT_EQ(told(ChannelKind::sms, "13800000001")[0].revision, 1U);
  EXPECT_FALSE(told(ChannelKind::sms, "13800000001")[0].is_recall);
  EXPECT_THAT(told(ChannelKind::voice, "13800000001"), IsEmpty());
  EXPECT_THAT(told(ChannelKind::sms, "13800000002"), IsEmpty());
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  run_for(seconds(2));
  ASSERT_THAT(told(ChannelKind::sms, "13800000001"), SizeIs(1));
  EXPECT_EQ(told(ChannelKind::sms, "13800000001")[0].revision, 2U);
  EXPECT_TRUE(told(ChannelKind::sms, "13800000001")[0].is_recall);
  begin_again();
}

TEST_F(GatewayTest, LinkIsOpenUntilItsAnswerHasComeOrTheAlertIsTakenDown) {
  alert_out();
  answer(id, 1, "near", core::AnswerKind::received);
  EXPECT_EQ(standing(1, false), Standing::open) << "it asks for CONFIRMED";
  answer(id, 1, "near", core::AnswerKind::acting);
  EXPECT_EQ(standing(1, false), Standing::answered) << "who acts has read it";
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  EXPECT_EQ(standing(1, false), Standing::over);
  EXPECT_EQ(standing(2, true), Standing::open);
  answer(id, 2, "near", core::AnswerKind::removed);
  EXPECT_EQ(standing(2, true), Standing::answered);
  near.id = core::RecipientId("nobody");
  EXPECT_EQ(standing(2, true), Standing::open) << "pressing it says what is wrong";
  id = core::AlertId("none");
  EXPECT_EQ(standing(1, false), Standing::over);
}

TEST_F(GatewayTest, AlertComesBackThenTheLinkOfItsRecallAsksForNothing) {
  alert_out();
  ports::SuspendOptions options;
  options.audiences = {near.audience};
  options.reason = core::SuspendReason::child_at_risk;
  ASSERT_TRUE(run(engine->cases().suspend(releaser, id, options, {})));
  EXPECT_EQ(standing(1, false), Standing::over);
  EXPECT_EQ(standing(2, true), Standing::open);
  ASSERT_TRUE(run(engine->cases().resume(releaser, id, options, {})));
  EXPECT_EQ(standing(2, true), Standing::outdated);
  EXPECT_EQ(standing(3, false), Standing::open);
}

TEST_F(GatewayTest, LeftOutsideOfASmallerCircleThenItsLinkIsOver) {
  alert_out();
  ports::CircleOptions smaller;
  smaller.radius_km = 20;
  smaller.centre = core::Position{43.0, 125.0};
  smaller.reason = "在别处看到";
  ASSERT_TRUE(run(engine->cases().circle(releaser, id, smaller, {})));
  EXPECT_EQ(standing(1, false), Standing::over);
  EXPECT_EQ(standing(1, true), Standing::open) << "it is to take down";
}

TEST_F(GatewayTest, WiderCircleDoesNotRingAgainAndANewRevisionDoes) {
  alert_out();
  run_for(seconds(2));
  heard();
  core::Recipient far = place("far", 43.9);
  far.position = core::Position{43.9, 125.3};
  far.division = core::Division{220102};
  far.endpoints = {{ChannelKind::webhook, "https://far.example/hook", ""}};
  put(far);
  everybody_confirms();
  to_minute(120);
  EXPECT_THAT(heard(), IsEmpty());
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("far r1s2 ALERT")) << "whom the step newly covers, and nobody else";
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("near r2s0 CLOSE", "far r2s0 CLOSE"));
}

TEST_F(GatewayTest, StillOnItsWayWhenTheCircleWidensThenItGoesOutWithTheStep) {
  settings.chase_grace = std::chrono::hours(5);
  begin_again();
  webhooks.up = false;
  alert_out();
  to_minute(61);
  webhooks.up = true;
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("near r1s1 ALERT"));
}

TEST_F(GatewayTest, WhomASmallerCircleLeavesBehindIsToldToTakeItDownUntilItIsWithinAgain) {
  core::Recipient far = place("far", 43.9);
  far.position = core::Position{43.9, 125.3};
  far.endpoints = {{ChannelKind::webhook, "https://far.example/hook", ""}};
  put(far);
  alert_out();
  everybody_confirms();
  to_minute(181);
  heard();
  ports::CircleOptions smaller;
  smaller.radius_km = 50;
  smaller.reason = "已排除外地";
  ASSERT_TRUE(run(engine->cases().circle(releaser, id, smaller, {})));
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("far r1s4 clear"));
  begin_again();
  smaller.radius_km = 40;
  ASSERT_TRUE(run(engine->cases().circle(releaser, id, smaller, {})));
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("far r1s5 clear"));
  smaller.radius_km = 500;
  ASSERT_TRUE(run(engine->cases().circle(releaser, id, smaller, {})));
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("far r1s6 ALERT")) << "it is within again";
}

TEST_F(GatewayTest, RecallGoesWhereTheAlertWentThoughTheUsualWayIsAnotherSince) {
  alert_out();
  run_for(seconds(2));
  heard();
  near.endpoints.insert(near.endpoints.begin(), core::Endpoint{ChannelKind::mqtt, "", ""});
  put(near);
  begin_again();
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("near r2s0 CLOSE"));
}

TEST_F(GatewayTest, SilentThenItIsChasedByItsNextWayAndRecalledThere) {
  alert_out();
  run_for(seconds(2));
  heard();
  run_for(minutes(1));
  EXPECT_THAT(heard(), ElementsAre("next r1s0 ALERT"));
  EXPECT_THAT(sent_to("next"), SizeIs(1)) << "its equipment too";
  EXPECT_EQ(board(id).total.count(core::AnswerKind::received), 2U);
  begin_again();
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("near r2s0 CLOSE", "next r2s0 CLOSE"));
}

TEST_F(GatewayTest, NoSuchAddressAnyMoreThenNothingIsSent) {
  webhooks.up = false;
  alert_out();
  near.endpoints.clear();
  put(near);
  webhooks.up = true;
  run_for(seconds(5));
  EXPECT_THAT(heard(), IsEmpty());
}

TEST_F(GatewayTest, AnswerCannotBeRecordedThenTheRowWaitsForIt) {
  int failures = 3;
  memory->faults.commit_fate = [&failures](const ports::Commit& commit) {
    const bool fails = !commit.answers.empty() && failures-- > 0;
    return fails ? ledger::CommitFate::not_committed : ledger::CommitFate::normal;
  };
  alert_out();
  run_for(seconds(30));
  EXPECT_LT(failures, 1);
  EXPECT_EQ(board(id).total.count(core::AnswerKind::received), 1U);
  EXPECT_THAT(heard(), SizeIs(1));
}

/// "near" is reached by a gateway that takes its time.
class SlowGatewayTest : public GatewayTest {
 protected:
  SlowGatewayTest() {
    settings.chase_grace = std::chrono::hours(5);
    begin_again();
  }
  void reach_by_it(const GatewayLimits& limits) {
    engine->add_gateway(phones, limits);
    near.endpoints = {{ChannelKind::sms, "13800000001", ""}};
    put(near);
  }

  SlowWire phones{clock, ChannelKind::sms};
};

TEST_F(SlowGatewayTest, TakesLongerThanTheLeaseThenItGoesOutOnce) {
  reach_by_it(GatewayLimits());
  phones.takes = claim_lease + minutes(1);
  alert_out();
  run_for(minutes(10));
  EXPECT_THAT(phones.sent, SizeIs(1));
}

TEST_F(SlowGatewayTest, FailsAfterItsLeaseThenItIsNotKeptForAnotherOne) {
  reach_by_it(GatewayLimits());
  phones.script.emplace_back(core::DeliveryOutcome::retry, claim_lease + seconds(10));
  alert_out();
  run_for(claim_lease + seconds(20));
  EXPECT_THAT(phones.sent, SizeIs(2));
  run_for(minutes(10));
  EXPECT_THAT(phones.sent, SizeIs(2));
}

TEST_F(SlowGatewayTest, QuotaIsFarTooSmallThenARecallQueuesBehindNothing) {
  GatewayLimits limits;
  limits.rate.sends = 1;
  reach_by_it(limits);
  for (int number = 1; number <= 100; ++number) {
    core::Recipient other = place("other" + std::to_string(number), 41.80);
    other.endpoints = {{ChannelKind::sms, std::to_string(13'900'000'000 + number), ""}};
    put(other);
  }
  alert_out();
  run_for(minutes(3));
  const std::size_t told = phones.sent.size();
  EXPECT_LT(told, 6U);
  EXPECT_LT(board(id).forecast.channels.at(0).waiting, 101U);
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  run_for(minutes(2));
  ASSERT_GT(phones.sent.size(), told);
  EXPECT_EQ(phones.sent.at(told).delivery.kind, core::NoticeKind::close);
}

}  // namespace
}  // namespace tuanyuan::engine
