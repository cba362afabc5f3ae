#include "engine/gateway.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "engine/fixture.hpp"
#include "engine/slow_wire.hpp"

namespace tuanyuan::engine {
namespace {

using core::DeliveryOutcome;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::SizeIs;

/// The frame alone. Its lanes are the addresses.
class FrameTest : public EngineTest {
 protected:
  ports::Dispatch to(const std::string& address) {
    ports::Dispatch dispatch;
    dispatch.endpoint.address = address;
    dispatch.delivery.target = core::RecipientId("r" + std::to_string(++recipients));
    return dispatch;
  }
  ports::SendResult send(const std::string& address) { return run(frame.send(to(address))); }

  /// One that is under way beside others.
  struct Started {
    std::optional<ports::SendResult> result;
    bool is_over() const { return result.has_value(); }
  };
  std::shared_ptr<Started> start(Gateway& gateway, const std::string& address) {
    return start(gateway, to(address));
  }
  std::shared_ptr<Started> start(Gateway& gateway, ports::Dispatch dispatch) {
    auto started = std::make_shared<Started>();
    boost::asio::co_spawn(context, test::send_kept(gateway, std::move(dispatch)),
                          [started](std::exception_ptr failure, ports::SendResult result) {
                            ASSERT_FALSE(failure);
                            started->result = result;
                          });
    clock.settle();
    return started;
  }
  static GatewayLimits limits() {
    GatewayLimits limits;
    limits.breaker.failures_max = 2;
    limits.breaker.pause =
        core::BackoffPolicy{core::Duration(10'000), core::Duration(60'000), core::Jitter::equal};
    limits.rate.sends = 60;
    limits.rate.burst = 10;
    return limits;
  }

  int recipients = 0;
  SlowWire wire{clock};
  Gateway frame{wire, limits(), clock, entropy, metrics};
};

TEST_F(FrameTest, OneLaneIsDeadThenOnlyItIsLeftAlone) {
  wire.answers = DeliveryOutcome::unknown;
  send("dead");
  send("dead");
  const ports::SendResult held = send("dead");
  EXPECT_EQ(held.outcome, DeliveryOutcome::held);
  EXPECT_GT(held.retry_after, core::Duration(0));
  EXPECT_THAT(wire.sent, SizeIs(2));
  EXPECT_EQ(frame.trouble().open, 1U);
  wire.answers = DeliveryOutcome::accepted;
  EXPECT_EQ(send("alive").outcome, DeliveryOutcome::accepted);
  run_for(held.retry_after);
  EXPECT_EQ(send("dead").outcome, DeliveryOutcome::accepted);
  EXPECT_EQ(send("dead").outcome, DeliveryOutcome::accepted);
}

TEST_F(FrameTest, AskedToWaitThenItWaitsAtTheFirstTime) {
  wire.answers = DeliveryOutcome::retry;
  wire.retry_after = seconds(30);
  send("full");
  EXPECT_EQ(send("full").retry_after, seconds(30));
  EXPECT_THAT(wire.sent, SizeIs(1));
  EXPECT_EQ(frame.trouble().lanes, 1U);
  EXPECT_EQ(frame.trouble().open, 0U) << "it is not broken";
}

TEST_F(FrameTest, LanesQuotaIsUsedUpThenItsNextComesBackLaterAndOthersPass) {
  GatewayLimits by_lane = limits();
  by_lane.rate = {};
  by_lane.lane_rate.sends = 20;
  by_lane.lane_rate.burst = 2;
  Gateway bots(wire, by_lane, clock, entropy, metrics);
  const auto send_to = [&](const std::string& bot) { return run(bots.send(to(bot))); };
  EXPECT_EQ(send_to("a").outcome, DeliveryOutcome::accepted);
  EXPECT_EQ(send_to("a").outcome, DeliveryOutcome::accepted);
  const core::Instant begun = clock.wall_now();
  for (int again = 0; again < 3; ++again) {
    const ports::SendResult held = send_to("a");
    EXPECT_EQ(held.outcome, DeliveryOutcome::held);
    EXPECT_EQ(held.retry_after, seconds(3)) << "asking takes no place";
  }
  EXPECT_EQ(send_to("b").outcome, DeliveryOutcome::accepted);
  EXPECT_EQ(clock.wall_now(), begun) << "and nobody waits here";
  run_for(seconds(3));
  EXPECT_EQ(send_to("a").outcome, DeliveryOutcome::accepted);
  EXPECT_THAT(wire.sent, SizeIs(4));
}

TEST_F(FrameTest, QuotaIsSpreadAndNeverExceeded) {
  const core::Instant begun = clock.wall_now();
  for (int sends = 0; sends < 10; ++sends) {
    send("a");
  }
  EXPECT_EQ(clock.wall_now(), begun);
  send("a");
  EXPECT_EQ(clock.wall_now() - begun, seconds(1));
}

/// The lane's quota lets one through in a minute, its breaker's first pause is ten seconds.
TEST_F(FrameTest, QuotaKeepsTheProbeWaitingThenTheLaneIsTriedAllTheSame) {
  GatewayLimits narrow = limits();
  narrow.rate = {};
  narrow.lane_rate.sends = 1;
  narrow.lane_rate.burst = 2;
  Gateway bots(wire, narrow, clock, entropy, metrics);
  wire.answers = DeliveryOutcome::unknown;
  run(bots.send(to("a")));
  run(bots.send(to("a")));
  run_for(seconds(20));
  EXPECT_GT(run(bots.send(to("a"))).retry_after, seconds(30)) << "the breaker would let it try";
  wire.answers = DeliveryOutcome::accepted;
  run_for(minutes(1));
  EXPECT_EQ(run(bots.send(to("a"))).outcome, DeliveryOutcome::accepted);
}

TEST_F(FrameTest, ProbeIsOvertakenBeforeItsTurnThenTheNextOneProbes) {
  wire.answers = DeliveryOutcome::unknown;
  send("a");
  send("a");
  run_for(seconds(20));
  wire.answers = DeliveryOutcome::accepted;
  bool is_due = true;
  for (int other = 0; other < 10; ++other) {
    send("b");
  }
  ports::Dispatch overtaken = to("a");
  overtaken.still_due = [&is_due](const core::Delivery&) { return is_due; };
  const auto probe = start(frame, std::move(overtaken));
  EXPECT_FALSE(probe->is_over()) << "it waits for the quota";
  is_due = false;
  run_for(seconds(2));
  EXPECT_TRUE(probe->is_over());
  is_due = true;
  EXPECT_EQ(send("a").outcome, DeliveryOutcome::accepted);
}

TEST_F(FrameTest, OneAddressIsAskedToWaitThenAllOthersGoOn) {
  wire.script.emplace_back(DeliveryOutcome::retry, core::Duration(0), minutes(1));
  wire.script.back().result.of_address = true;
  const ports::SendResult asked = send("a");
  EXPECT_EQ(asked.outcome, DeliveryOutcome::retry);
  EXPECT_EQ(asked.retry_after, minutes(1));
  EXPECT_EQ(send("a").outcome, DeliveryOutcome::accepted);
}

TEST_F(FrameTest, OneRefusesUsThenThatIsSaidOfItUntilItAcceptsSomething) {
  wire.script.emplace_back(DeliveryOutcome::retry, core::Duration(0));
  wire.script.back().result.needs_people = true;
  wire.script.emplace_back(DeliveryOutcome::unknown, core::Duration(0));
  send("a");
  EXPECT_THAT(frame.refused(), ElementsAre(Key("a")));
  EXPECT_EQ(frame.refused().at("a").whose.value, "r1");
  send("b");
  EXPECT_THAT(frame.refused(), ElementsAre(Key("a")));
  send("b");
  EXPECT_THAT(frame.refused(), ElementsAre(Key("a"))) << "another's success says nothing of its settings";
  send("a");
  EXPECT_THAT(frame.refused(), IsEmpty());
}

TEST_F(FrameTest, WhatAllShareIsAcceptedThenNobodyRefusesUs) {
  wire.script.emplace_back(DeliveryOutcome::retry, core::Duration(0));
  wire.script.back().result.needs_people = true;
  send("a");
  send("");
  EXPECT_THAT(frame.refused(), IsEmpty());
}

TEST_F(FrameTest, TestOfItIsAcceptedThenItRefusesUsNoMore) {
  ports::SendResult result;
  const core::Endpoint endpoint{wire.kind(), "a", "", {}};
  result.outcome = DeliveryOutcome::retry;
  result.needs_people = true;
  frame.tested(core::RecipientId("r"), endpoint, result);
  EXPECT_THAT(frame.refused(), ElementsAre(Key("a")));
  result.needs_people = false;
  frame.tested(core::RecipientId("r"), endpoint, result);
  EXPECT_THAT(frame.refused(), SizeIs(1));
  result.outcome = DeliveryOutcome::accepted;
  frame.tested(core::RecipientId("r"), endpoint, result);
  EXPECT_THAT(frame.refused(), IsEmpty());
}

TEST_F(FrameTest, EverythingFailsThenRepetitionsAreFewAndFirstTriesGoOn) {
  GatewayLimits patient = limits();
  patient.rate = {};
  patient.breaker.failures_max = 1'000;
  Gateway hooks(wire, patient, clock, entropy, metrics);
  wire.answers = DeliveryOutcome::unknown;
  int went = 0;
  for (int each = 0; each < 100; ++each) {
    ports::Dispatch again = to("a");
    again.delivery.attempts = 2;
    went += run(hooks.send(again)).outcome == DeliveryOutcome::held ? 0 : 1;
  }
  EXPECT_EQ(went, static_cast<int>(core::RetryPolicy().at_once) + 1);
  EXPECT_EQ(run(hooks.send(to("a"))).outcome, DeliveryOutcome::unknown);
}

TEST_F(FrameTest, RefusedHereThenItIsNoProbeAndNoSignOfLife) {
  wire.answers = DeliveryOutcome::unknown;
  send("a");
  send("a");
  run_for(seconds(20));
  wire.script.emplace_back(DeliveryOutcome::rejected, core::Duration(0));
  wire.script.back().result.unsent = true;
  EXPECT_EQ(send("a").outcome, DeliveryOutcome::rejected);
  EXPECT_EQ(frame.trouble().lanes, 1U) << "nothing has shown that it works again";
  wire.answers = DeliveryOutcome::accepted;
  EXPECT_EQ(send("a").outcome, DeliveryOutcome::accepted);
  EXPECT_EQ(frame.trouble().lanes, 0U);
}

TEST_F(FrameTest, AskedToWaitThenAnOlderSuccessDoesNotEndThePause) {
  wire.script.emplace_back(DeliveryOutcome::accepted, seconds(2));
  wire.script.emplace_back(DeliveryOutcome::retry, seconds(1), minutes(1));
  const auto older = start(frame, "a");
  const auto refused = start(frame, "a");
  run_for(seconds(3));
  ASSERT_TRUE(older->is_over() && refused->is_over());
  EXPECT_EQ(send("a").retry_after, seconds(58));
  EXPECT_THAT(wire.sent, SizeIs(2));
  run_for(minutes(1));
  EXPECT_EQ(send("a").outcome, DeliveryOutcome::accepted);
  EXPECT_EQ(frame.trouble().lanes, 0U);
}

TEST_F(FrameTest, RefusesConnectionsThenItIsNotTakenForAQuickOne) {
  wire.takes = seconds(2);
  send("a");
  wire.takes = core::Duration(0);
  wire.answers = DeliveryOutcome::retry;
  for (const std::string lane : {"b", "c", "d"}) {
    send(lane);
  }
  EXPECT_THAT(wire.sent, SizeIs(4));
  EXPECT_EQ(frame.meter().each(), seconds(2));
}

TEST_F(FrameTest, QuotasTurnIsFarAwayThenNobodyWaitsHere) {
  std::vector<std::shared_ptr<Started>> all;
  for (int sends = 0; sends < 15; ++sends) {
    all.push_back(start(frame, "a"));
  }
  EXPECT_THAT(wire.sent, SizeIs(10));
  EXPECT_FALSE(all[11]->is_over()) << "its turn is in two seconds";
  ASSERT_TRUE(all[12]->is_over() && all[14]->is_over());
  EXPECT_EQ(all[14]->result->outcome, DeliveryOutcome::held);
  EXPECT_EQ(all[14]->result->retry_after, seconds(1)) << "and it has taken no place";
  EXPECT_EQ(frame.room(), 0U);
  run_for(seconds(1));
  EXPECT_EQ(frame.room(), 1U);
}

TEST_F(FrameTest, OneReceiverIsSlowThenItHasItsShareAndOthersPass) {
  Gateway hooks(wire, GatewayLimits(), clock, entropy, metrics);
  wire.takes = seconds(10);
  std::vector<std::shared_ptr<Started>> all;
  for (int sends = 0; sends < 40; ++sends) {
    all.push_back(start(hooks, "slow"));
  }
  EXPECT_THAT(wire.sent, SizeIs(wire.in_flight_max() / lane_share));
  run_for(core::quick_send_max);
  const auto came_back = std::count_if(all.begin(), all.end(), [](const auto& each) {
    return each->is_over() && each->result->outcome == DeliveryOutcome::held;
  });
  EXPECT_EQ(came_back, 24) << "nobody holds another's place any longer";
  const core::Instant now = clock.wall_now();
  EXPECT_EQ(run(hooks.send(to("slow"))).outcome, DeliveryOutcome::held);
  EXPECT_EQ(clock.wall_now(), now) << "by now that is known";
  wire.takes = core::Duration(0);
  EXPECT_EQ(run(hooks.send(to("other"))).outcome, DeliveryOutcome::accepted);
  run_for(seconds(10));
  EXPECT_EQ(run(hooks.send(to("slow"))).outcome, DeliveryOutcome::accepted);
}

TEST_F(FrameTest, ManyAreSilentThenWhoAnswersForThemIsToldOnceAndAgainIfThatFails) {
  wire.takes = seconds(1);
  wire.script.emplace_back(DeliveryOutcome::unknown, seconds(1));
  ports::Dispatch first = to("unit");
  std::vector<std::optional<ports::SendResult>> results(5);
  for (std::size_t silent = 0; silent < results.size(); ++silent) {
    ports::Dispatch dispatch = first;
    dispatch.delivery.version = core::Version{silent < 4 ? 1U : 2U, 0};
    dispatch.delivery.concerns = core::RecipientId("school-" + std::to_string(silent));
    boost::asio::co_spawn(context, test::send_kept(frame, std::move(dispatch)),
                          [&results, silent](std::exception_ptr failure, ports::SendResult result) {
                            ASSERT_FALSE(failure);
                            results[silent] = result;
                          });
    clock.settle();
  }
  run_for(seconds(10));
  std::vector<DeliveryOutcome> outcomes;
  for (const auto& result : results) {
    ASSERT_TRUE(result);
    outcomes.push_back(result->outcome);
  }
  EXPECT_EQ(outcomes, (std::vector<DeliveryOutcome>{DeliveryOutcome::unknown, DeliveryOutcome::accepted,
                                                    DeliveryOutcome::accepted, DeliveryOutcome::accepted,
                                                    DeliveryOutcome::accepted}));
  EXPECT_THAT(wire.sent, SizeIs(3)) << "the one that failed, one for the other three, and the next revision";
}

TEST_F(FrameTest, OneReceiverIsQuickThenItHasAllThereIs) {
  Gateway hooks(wire, GatewayLimits(), clock, entropy, metrics);
  wire.takes = milliseconds(100);
  std::vector<std::shared_ptr<Started>> all;
  for (int sends = 0; sends < 60; ++sends) {
    all.push_back(start(hooks, "quick"));
  }
  EXPECT_THAT(wire.sent, SizeIs(wire.in_flight_max() / lane_share));
  run_for(milliseconds(200));
  EXPECT_TRUE(std::all_of(all.begin(), all.end(), [](const auto& each) { return each->is_over(); }));
  EXPECT_THAT(wire.sent, SizeIs(60));
}

TEST_F(FrameTest, AllOfItIsLeftAloneThenThereIsRoomForOneThatTries) {
  EXPECT_EQ(frame.room(), 12U);
  wire.answers = DeliveryOutcome::unknown;
  send("");
  send("");
  EXPECT_EQ(frame.room(), 0U);
  run_for(seconds(10));
  EXPECT_EQ(frame.room(), 1U);
  wire.takes = seconds(3);
  wire.answers = DeliveryOutcome::accepted;
  const auto probe = start(frame, "");
  EXPECT_EQ(frame.room(), 0U) << "it is being tried";
  run_for(seconds(3));
  EXPECT_EQ(frame.room(), 12U);
}

TEST_F(FrameTest, AskedToWaitThenWhoIsNextInTheQuotaWaitsToo) {
  for (int sends = 0; sends < 9; ++sends) {
    send("b");
  }
  wire.script.emplace_back(DeliveryOutcome::retry, milliseconds(500), minutes(1));
  const auto refused = start(frame, "a");
  const auto next = start(frame, "a");
  EXPECT_FALSE(next->is_over());
  run_for(seconds(2));
  ASSERT_TRUE(next->is_over());
  EXPECT_GT(next->result->retry_after, seconds(50));
  EXPECT_THAT(wire.sent, SizeIs(10));
}

}  // namespace
}  // namespace tuanyuan::engine
