#include <gmock/gmock.h>

#include <algorithm>

#include "engine/channel_fixture.hpp"

namespace tuanyuan::engine {
namespace {

using core::ChannelKind;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// The webhook of "near" is called dead.
class RetirementTest : public ChannelDeskTest {
 protected:
  /// That is weighed; what goes to another the gateway accepts.
  void near_is_called_dead() {
    webhooks.dead_addresses = {"https://near.example"};
    put("other", {{ChannelKind::webhook, "https://other.example", ""}});
    alert_out();
    run_for(seconds(5));
  }
  void near_is_retired() {
    near_is_called_dead();
    run_for(minutes(1));
    ASSERT_EQ(retired(), 1U);
  }
  std::uint32_t retired() { return of(ChannelKind::webhook).retired; }
  /// As the directory has it.
  static core::Recipient same() {
    core::Recipient same = near();
    same.endpoints = {{ChannelKind::webhook, "https://near.example", ""}, {ChannelKind::sms, "13800138000", ""}};
    return same;
  }
  void put_again() { ASSERT_TRUE(run(engine->recipients().put(keeper, same(), {}))); }
  void remove_near() { ASSERT_TRUE(run(engine->recipients().remove(keeper, core::RecipientId("near"), {}))); }
  void import_again() { ASSERT_TRUE(run(engine->recipients().import(keeper, {same()}, {}))); }
  /// While nothing is written.
  template <class T>
  void begin(boost::asio::awaitable<T> call) {
    boost::asio::co_spawn(context, std::move(call), [](std::exception_ptr, const T&) {});
    run_for(seconds(1));
  }
  void begin_to_put_again() { begin(engine->recipients().put(keeper, same(), {})); }
  void write_at_last() {
    memory->release_commits();
    run_for(seconds(2));
  }
};

TEST_F(RetirementTest, AddressIsDeadThenTheNextWayIsTriedAtOnceAndItIsRetired) {
  near_is_called_dead();
  EXPECT_THAT(to(messages), ElementsAre("near"));
  EXPECT_EQ(retired(), 0U) << "its word is weighed first";
  run_for(minutes(1));
  EXPECT_EQ(retired(), 1U);
  EXPECT_THAT(types(), ElementsAre("endpoint.retired"));
  EXPECT_NE(run(engine->recipients().get(keeper, core::RecipientId("near")))->endpoints[0].retired_at,
            core::Instant{});

  const auto next_alert_goes_to = [this](const test::RecordingChannel& gateway) {
    webhooks.sent.clear();
    messages.sent.clear();
    webhooks.dead_addresses.clear();
    const core::Result<ports::ReportView> report = submit();
    ports::ReleaseOptions again;
    again.duplicates_reviewed = report->duplicates;
    EXPECT_TRUE(run(engine->cases().release(releaser, report->id, again, {})));
    run_for(seconds(2));
    const std::vector<std::string> reached = to(gateway);
    return std::count(reached.begin(), reached.end(), "near");
  };
  EXPECT_EQ(next_alert_goes_to(messages), 1);
  EXPECT_THAT(to(webhooks), ElementsAre("other"));
  begin_again();
  EXPECT_EQ(next_alert_goes_to(messages), 1) << "a restart forgets nothing";
  ASSERT_TRUE(run(desk().test(keeper, "webhook", to_test("near"), {})));
  EXPECT_EQ(retired(), 0U) << "somebody is there";
  EXPECT_THAT(types(), ElementsAre("endpoint.retired", "endpoint.revived"));
  EXPECT_EQ(next_alert_goes_to(webhooks), 1);
  begin_again();
  EXPECT_EQ(next_alert_goes_to(webhooks), 1);
  put("near", {{ChannelKind::webhook, "https://new.example", ""}});
  EXPECT_EQ(retired(), 0U);
  EXPECT_EQ(next_alert_goes_to(webhooks), 1);
}

TEST_F(RetirementTest, OutcomeOfARevivalIsLostThenItIsLearnt) {
  near_is_retired();
  memory->faults.commit_fate = [](const ports::Commit& commit) {
    return commit.retired.empty() ? ledger::CommitFate::normal : ledger::CommitFate::unknown_committed;
  };
  EXPECT_FALSE(run(engine->recipients().put(keeper, same(), ports::Idempotency("key", "body"))));
  memory->faults = {};
  EXPECT_TRUE(run(engine->recipients().put(keeper, same(), ports::Idempotency("key", "body"))));
  EXPECT_EQ(retired(), 0U);
}

TEST_F(RetirementTest, RetiredAddressIsPutAgainThenItIsUsedAgainAndAnImportLeavesItAsItIs) {
  near_is_retired();
  import_again();
  EXPECT_EQ(retired(), 1U);
  put_again();
  EXPECT_EQ(retired(), 0U);
  begin_again();
  EXPECT_EQ(retired(), 0U);
  import_again();
  EXPECT_EQ(retired(), 0U);
}

TEST_F(RetirementTest, ItsRecipientIsDeletedThenItIsNotCountedAnyMore) {
  near_is_retired();
  remove_near();
  EXPECT_EQ(retired(), 0U);
  begin_again();
  EXPECT_EQ(retired(), 0U);
}

TEST_F(RetirementTest, ItsRecipientIsDeletedWhileItsRetirementIsWrittenThenItIsNotCounted) {
  near_is_called_dead();
  memory->hold_commits();
  run_for(minutes(1));
  begin(engine->recipients().remove(keeper, core::RecipientId("near"), {}));
  write_at_last();
  EXPECT_THAT(types(), ElementsAre("endpoint.retired"));
  EXPECT_EQ(retired(), 0U);
}

TEST_F(RetirementTest, PutAgainWhileItsDeathIsWeighedThenItIsNotRetired) {
  near_is_called_dead();
  put_again();
  run_for(minutes(1));
  EXPECT_EQ(retired(), 0U);
}

TEST_F(RetirementTest, ImportedAgainWhileItsDeathIsWeighedThenItIsRetiredAllTheSame) {
  near_is_called_dead();
  import_again();
  run_for(minutes(1));
  EXPECT_EQ(retired(), 1U);
}

TEST_F(RetirementTest, DeadSinceBeforeItWasPutThenItIsNotRetired) {
  webhooks.dead_since = clock.wall_now() - minutes(1);
  near_is_called_dead();
  run_for(minutes(1));
  EXPECT_EQ(retired(), 0U) << "somebody is there since";
  EXPECT_THAT(types(), IsEmpty());
  EXPECT_THAT(to(messages), ElementsAre("near")) << "it hears all the same";
}

TEST_F(RetirementTest, DeadSinceItWasPutThenItIsRetired) {
  run_for(minutes(2));
  webhooks.dead_since = clock.wall_now() - minutes(1);
  near_is_retired();
}

TEST_F(RetirementTest, PutMoreThanADayAgoThenTheGatewayIsBelievedThatItIsDeadForLonger) {
  webhooks.dead_since = clock.wall_now() - minutes(1);
  clock.step_wall(put_stands_for + minutes(1));
  near_is_retired();
}

TEST_F(RetirementTest, PutBeforeTheStartThenTheGatewayIsBelieved) {
  webhooks.dead_since = clock.wall_now() - minutes(1);
  begin_again();
  near_is_retired();
}

TEST_F(RetirementTest, PutAgainWhileItsRetirementIsWrittenThenItIsInUse) {
  near_is_called_dead();
  memory->hold_commits();
  run_for(minutes(1));
  begin_to_put_again();
  write_at_last();
  EXPECT_THAT(types(), ElementsAre("endpoint.retired"));
  EXPECT_EQ(retired(), 0U);
  begin_again();
  EXPECT_EQ(retired(), 0U);
}

TEST_F(RetirementTest, TestIsAcceptedWhileItsRetirementIsWrittenThenItIsUsedAgain) {
  near_is_called_dead();
  memory->hold_commits();
  run_for(minutes(1));
  webhooks.dead_addresses.clear();
  begin(desk().test(keeper, "webhook", to_test("near"), {}));
  write_at_last();
  EXPECT_THAT(types(), ElementsAre("endpoint.retired", "endpoint.revived"));
  EXPECT_EQ(retired(), 0U);
}

TEST_F(RetirementTest, OutcomeOfARetirementIsLostThenItIsNotRetiredTwice) {
  memory->faults.commit_fate = [](const ports::Commit& commit) {
    return commit.retired.empty() ? ledger::CommitFate::normal : ledger::CommitFate::unknown_committed;
  };
  near_is_called_dead();
  run_for(minutes(1));
  memory->faults = {};
  run_for(minutes(1));
  EXPECT_EQ(retired(), 1U);
  EXPECT_THAT(types(), ElementsAre("endpoint.retired"));
}

TEST_F(RetirementTest, TestIsAcceptedWhileItsRetirementIsWrittenWhoseOutcomeIsLostThenItIsUsedAgain) {
  near_is_called_dead();
  memory->hold_commits();
  run_for(minutes(1));
  webhooks.dead_addresses.clear();
  begin(desk().test(keeper, "webhook", to_test("near"), {}));
  memory->faults.commit_fate = [](const ports::Commit& commit) {
    const bool retires = !commit.retired.empty() && commit.retired[0].at != core::Instant{};
    return retires ? ledger::CommitFate::unknown_committed : ledger::CommitFate::normal;
  };
  write_at_last();
  run_for(seconds(10));
  EXPECT_THAT(types(), ElementsAre("endpoint.retired", "endpoint.revived"));
  EXPECT_EQ(retired(), 0U);
}

TEST_F(RetirementTest, ItsRetirementIsDueWhileItIsPutAgainThenItIsNotRetired) {
  near_is_called_dead();
  memory->hold_commits();
  begin_to_put_again();
  run_for(minutes(1));
  write_at_last();
  EXPECT_THAT(types(), IsEmpty());
  EXPECT_EQ(retired(), 0U);
}

TEST_F(RetirementTest, AllOfAFewAreCalledDeadThenNoneIsRetired) {
  settings.chase_grace = std::chrono::hours(5);
  begin_again();
  webhooks.answers = core::DeliveryOutcome::rejected;
  webhooks.address_dead = true;
  for (const char* who : {"a", "b", "c"}) {
    put(who, {{ChannelKind::webhook, std::string("https://") + who + ".example", ""}});
  }
  alert_out();
  run_for(minutes(2));
  EXPECT_EQ(retired(), 0U) << "it has yet to show that it can reach anybody";
  EXPECT_FALSE(of(ChannelKind::webhook).doubtful) << "four may well be gone";
  run_for(minutes(30));
  EXPECT_THAT(types(), IsEmpty());
}

TEST_F(RetirementTest, GatewayIsPutRightThenItTakesBackWhatItSaidAndTheOthersAreRetired) {
  settings.chase_grace = std::chrono::hours(5);
  begin_again();
  for (const char* who : {"a", "b"}) {
    put(who, {{ChannelKind::webhook, std::string("https://") + who + ".example", ""}});
  }
  webhooks.dead_addresses = {"https://near.example", "https://a.example", "https://b.example"};
  alert_out();
  run_for(minutes(2));
  webhooks.dead_addresses = {"https://a.example"};
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  run_for(seconds(20));
  EXPECT_THAT(types(), IsEmpty()) << "the rest of the run may show otherwise";
  run_for(minutes(1));
  EXPECT_EQ(retired(), 1U);
  EXPECT_NE(run(engine->recipients().get(keeper, core::RecipientId("a")))->endpoints[0].retired_at,
            core::Instant{});
}

TEST_F(RetirementTest, RejectedForAnotherReasonThenThatIsNoSignOfLife) {
  settings.chase_grace = std::chrono::hours(5);
  begin_again();
  webhooks.answers = core::DeliveryOutcome::rejected;
  webhooks.dead_addresses = {"https://near.example"};
  put("a", {{ChannelKind::webhook, "https://a.example", ""}});
  alert_out();
  run_for(minutes(2));
  EXPECT_THAT(types(), IsEmpty());
}

TEST_F(RetirementTest, MostAreCalledDeadThenTheGatewayIsWrongAndNoneIsRetired) {
  webhooks.answers = core::DeliveryOutcome::rejected;
  webhooks.address_dead = true;
  for (int index = 0; index < 25; ++index) {
    const std::string who = "r" + std::to_string(index);
    put(who, {{ChannelKind::webhook, "https://x.example/" + who, ""}, {ChannelKind::sms, "13900139000", ""}});
  }
  alert_out();
  run_for(minutes(2));
  EXPECT_THAT(messages.sent, SizeIs(26)) << "they hear all the same";
  EXPECT_EQ(retired(), 0U);
  EXPECT_TRUE(of(ChannelKind::webhook).doubtful);
  EXPECT_EQ(engine->channels().wrong(), "webhook: calls most addresses dead");
  EXPECT_THAT(types(), IsEmpty());
}

}  // namespace
}  // namespace tuanyuan::engine
