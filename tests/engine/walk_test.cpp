// Several endpoints of one recipient: who keeps silent is tried by each of them, and what was told at one of them
// is recalled there, whatever the directory names since.
#include <gmock/gmock.h>

#include "engine/bytes.hpp"
#include "engine/clock_fixture.hpp"

namespace tuanyuan::engine {
namespace {

using core::ChannelKind;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const core::Endpoint equipment{ChannelKind::mqtt, "", ""};
const core::Endpoint first{ChannelKind::webhook, "https://first.example", "whsec_first"};
const core::Endpoint second{ChannelKind::webhook, "https://second.example", "whsec_second"};
const core::Endpoint phone{ChannelKind::sms, "13800000001", ""};
const core::Endpoint other_phone{ChannelKind::sms, "13800000002", ""};

/// "near" has several endpoints; what is sent there is on its way to somebody who keeps silent.
class WalkTest : public ClockTest {
 protected:
  WalkTest() {
    webhooks.has_received = false;
    messages.has_received = false;
    begin_again();
  }
  void begin_again() {
    restart();
    engine->add_gateway(webhooks, GatewayLimits());
    engine->add_gateway(messages, GatewayLimits());
  }
  void near_has(std::vector<core::Endpoint> endpoints) {
    core::Recipient entry = near();
    entry.endpoints = std::move(endpoints);
    enter(entry);
  }
  /// What went to which address, in order, since it was asked last.
  std::vector<std::string> heard() {
    std::vector<std::string> all;
    for (test::RecordingChannel* gateway : {&webhooks, &messages}) {
      for (const ports::Dispatch& dispatch : gateway->sent) {
        const core::Delivery& row = dispatch.delivery;
        const bool clears = row.parcel == core::Parcel::notice_clear;
        all.push_back(dispatch.endpoint.address + " " +
                      (clears ? "clear" : std::string(core::to_string(row.kind))));
      }
      gateway->sent.clear();
    }
    return all;
  }
  void everybody_else_confirms() {
    for (const char* who : {"next", "police", "province", "member"}) {
      answer(id, 1, who, core::AnswerKind::confirmed, who == std::string("member") ? "province" : who);
    }
  }
  core::SilentRecipient row() { return board(id).silent.at(0); }
  void close() { ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {}))); }
  void update() {
    ports::UpdateOptions options;
    options.merge = [](const core::Report& before, core::Instant) -> core::Result<core::Report> {
      core::Report after = before;
      after.circumstances = "有新线索";
      return after;
    };
    options.fields = {"circumstances"};
    ASSERT_TRUE(run(engine->cases().update(releaser, id, options, {})));
  }
  std::vector<core::Endpoint> former() const {
    for (const ports::DirectoryEntry& entry : store->directory()) {
      if (entry.recipient.id.value == "near" && !entry.deleted) {
        return entry.former;
      }
    }
    return {};
  }

  test::RecordingChannel webhooks{ChannelKind::webhook};
  test::RecordingChannel messages{ChannelKind::sms};
};

TEST_F(WalkTest, SilentThenEachOfItsEndpointsOneAStepThenTheUnitThenTheList) {
  core::Recipient entry = near();
  entry.endpoints = {equipment, first, second, phone};
  entry.unit = core::RecipientId("province");
  enter(entry);
  alert_out();
  everybody_else_confirms();
  run_for(seconds(59));
  EXPECT_THAT(heard(), IsEmpty());
  run_for(seconds(3));
  EXPECT_THAT(heard(), ElementsAre("https://first.example ALERT"));
  EXPECT_THAT(sent_to("near"), SizeIs(1)) << "its equipment too";
  EXPECT_EQ(row().next_step, "direct");
  run_for(minutes(3) - seconds(4));
  EXPECT_THAT(heard(), IsEmpty()) << "one step at a time";
  run_for(seconds(4));
  EXPECT_THAT(heard(), ElementsAre("https://second.example ALERT")) << "another endpoint of the same channel";
  EXPECT_THAT(row().tried, ElementsAre(ChannelKind::mqtt, ChannelKind::webhook, ChannelKind::webhook));
  EXPECT_TRUE(row().endpoints[2].tried);
  EXPECT_FALSE(row().endpoints[3].tried);
  run_for(minutes(3));
  EXPECT_THAT(heard(), ElementsAre("13800000001 ALERT"));
  EXPECT_EQ(row().next_step, "unit");
  channel.sent.clear();
  run_for(minutes(3));
  EXPECT_THAT(sent_to("province"), SizeIs(1));
  EXPECT_EQ(row().next_step, "late");
  run_for(minutes(3));
  EXPECT_EQ(row().next_step, "telephone");
  EXPECT_THAT(heard(), IsEmpty());
  EXPECT_THAT(sent_to("near"), IsEmpty());
  close();
  run_for(seconds(2));
  EXPECT_THAT(heard(), UnorderedElementsAre("https://first.example CLOSE", "https://second.example CLOSE",
                                            "13800000001 CLOSE"));
}

TEST_F(WalkTest, RestartThenTheWalkGoesOnWhereItWas) {
  near_has({first, second, phone, other_phone});
  alert_out();
  everybody_else_confirms();
  run_for(minutes(1) + seconds(2));
  EXPECT_THAT(heard(), ElementsAre("https://first.example ALERT", "https://second.example ALERT"));
  begin_again();
  run_for(minutes(3));
  EXPECT_THAT(heard(), ElementsAre("13800000001 ALERT"));
  begin_again();
  run_for(minutes(3));
  EXPECT_THAT(heard(), ElementsAre("13800000002 ALERT"));
  begin_again();
  run_for(minutes(10));
  EXPECT_THAT(heard(), IsEmpty());
  close();
  run_for(seconds(2));
  EXPECT_THAT(heard(), SizeIs(4)) << "each of them is recalled";
}

TEST_F(WalkTest, AnsweredThenNoFurtherEndpointIsTried) {
  near_has({equipment, first, second});
  alert_out();
  everybody_else_confirms();
  run_for(minutes(1) + seconds(2));
  heard();
  answer(id, 1, "near", core::AnswerKind::confirmed);
  run_for(minutes(20));
  EXPECT_THAT(heard(), IsEmpty());
}

TEST_F(WalkTest, EachRefusesForGoodThenTheNextIsTriedAtOnceAndTheUnitInItsTime) {
  core::Recipient entry = near();
  entry.endpoints = {first, second, phone};
  entry.unit = core::RecipientId("province");
  enter(entry);
  webhooks.answers = core::DeliveryOutcome::rejected;
  alert_out();
  everybody_else_confirms();
  run_for(seconds(10));
  EXPECT_THAT(heard(),
              ElementsAre("https://first.example ALERT", "https://second.example ALERT", "13800000001 ALERT"));
  EXPECT_EQ(row().next_step, "unit");
  channel.sent.clear();
  run_for(minutes(6) + seconds(40));
  EXPECT_THAT(sent_to("province"), IsEmpty()) << "what is done before its time brings what follows no nearer";
  run_for(seconds(20));
  EXPECT_THAT(sent_to("province"), SizeIs(1));
  EXPECT_THAT(heard(), IsEmpty());
}

TEST_F(WalkTest, FurtherOneIsRefusedWhoHasReceivedThenTheNextIsTriedAtOnce) {
  near_has({equipment, first, phone});
  webhooks.answers = core::DeliveryOutcome::rejected;
  alert_out();
  everybody_else_confirms();
  answer(id, 1, "near", core::AnswerKind::received);
  run_for(minutes(5) + seconds(10));
  EXPECT_THAT(heard(), ElementsAre("https://first.example ALERT", "13800000001 ALERT"));
}

TEST_F(WalkTest, HubsFurtherOneIsRefusedThenItsNextIsTriedAtOnce) {
  core::Recipient hub = near();
  hub.id = core::RecipientId("province");
  hub.position.reset();
  hub.coverage = {core::DivisionPrefix{"21"}};
  hub.endpoints = {equipment, first, phone};
  enter(hub);
  webhooks.answers = core::DeliveryOutcome::rejected;
  alert_out();
  for (const char* who : {"near", "next", "police", "province"}) {
    answer(id, 1, who, core::AnswerKind::confirmed);
  }
  run_for(minutes(5) + seconds(10));
  EXPECT_THAT(heard(), ElementsAre("https://first.example ALERT", "13800000001 ALERT"));
}

TEST_F(WalkTest, EarlierOneRefusesWhenTheNextHasBeenToldThenThatDoesNotBringOnAThird) {
  near_has({first, phone, other_phone});
  webhooks.answers = core::DeliveryOutcome::retry;
  alert_out();
  everybody_else_confirms();
  run_for(minutes(1) + seconds(2));
  EXPECT_THAT(heard(), Contains("13800000001 ALERT"));
  webhooks.answers = core::DeliveryOutcome::rejected;
  run_for(minutes(2));
  EXPECT_THAT(heard(), ElementsAre("https://first.example ALERT")) << "and not the other telephone";
  run_for(minutes(1) + seconds(2));
  EXPECT_THAT(heard(), ElementsAre("13800000002 ALERT")) << "in its time";
}

TEST_F(WalkTest, FurtherOneDidNotComeThroughThenTheNextIsTriedAtOnce) {
  near_has({equipment, phone, first});
  alert_out();
  everybody_else_confirms();
  run_for(minutes(1) + seconds(2));
  EXPECT_THAT(heard(), ElementsAre("13800000001 ALERT"));
  engine->replies().not_reached(id, core::RecipientId("near"), ChannelKind::voice);
  run_for(seconds(5));
  EXPECT_THAT(heard(), IsEmpty()) << "the last it was told by is its telephone";
  engine->replies().not_reached(id, core::RecipientId("near"), ChannelKind::sms);
  run_for(seconds(5));
  EXPECT_THAT(heard(), ElementsAre("https://first.example ALERT"));
}

TEST_F(WalkTest, ReceivedAndNotConfirmedThenTheWalkBeginsAnew) {
  near_has({equipment, first, second});
  alert_out();
  everybody_else_confirms();
  answer(id, 1, "near", core::AnswerKind::received);
  run_for(minutes(5) + seconds(2));
  EXPECT_THAT(heard(), ElementsAre("https://first.example ALERT"));
  run_for(minutes(3));
  EXPECT_THAT(heard(), ElementsAre("https://second.example ALERT"));
  run_for(minutes(9));
  EXPECT_THAT(heard(), IsEmpty());
}

TEST_F(WalkTest, OnesGatewayIsPausedThenItIsPassedOverAndTriedLaterIfItIsBack) {
  near_has({equipment, phone, first});
  const core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
  ASSERT_TRUE(run(engine->channels().pause(keeper, "sms", "额度用完", {})));
  alert_out();
  everybody_else_confirms();
  run_for(minutes(1) + seconds(2));
  EXPECT_THAT(heard(), ElementsAre("https://first.example ALERT"));
  ASSERT_TRUE(run(engine->channels().resume(keeper, "sms", {})));
  run_for(minutes(6));
  EXPECT_THAT(heard(), Contains("13800000001 ALERT"));
}

TEST_F(WalkTest, MemberIsSilentThenItsHubsEndpointsAreWalked) {
  core::Recipient hub = near();
  hub.id = core::RecipientId("province");
  hub.position.reset();
  hub.coverage = {core::DivisionPrefix{"21"}};
  hub.endpoints = {equipment, first, second};
  enter(hub);
  alert_out();
  for (const char* who : {"near", "next", "police", "province"}) {
    answer(id, 1, who, core::AnswerKind::confirmed);
  }
  heard();
  run_for(minutes(20));
  EXPECT_THAT(heard(), ElementsAre("https://first.example ALERT", "https://second.example ALERT"));
}

TEST_F(WalkTest, AddressReplacedThenTheRecallGoesToTheOneThatWasTold) {
  near_has({first});
  alert_out();
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("https://first.example ALERT"));
  near_has({second});
  close();
  run_for(seconds(2));
  ASSERT_THAT(webhooks.sent, SizeIs(1));
  EXPECT_EQ(webhooks.sent[0].endpoint, first) << "with its secret";
  EXPECT_THAT(heard(), ElementsAre("https://first.example CLOSE"));
}

TEST_F(WalkTest, EndpointTakenOutThenItHearsOfUpdatesAndOfTheRecall) {
  near_has({first, phone});
  alert_out();
  everybody_else_confirms();
  run_for(minutes(1) + seconds(2));
  EXPECT_THAT(heard(), ElementsAre("https://first.example ALERT", "13800000001 ALERT"));
  near_has({});
  begin_again();
  update();
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("https://first.example UPDATE", "13800000001 UPDATE"));
  close();
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("https://first.example CLOSE", "13800000001 CLOSE"));
}

TEST_F(WalkTest, AddressReplacedThenTheNewOneHearsOfTheNextRevisionAndOnlyItsWordCounts) {
  webhooks.has_received = true;
  near_has({first});
  alert_out();
  run_for(seconds(2));
  heard();
  near_has({phone});
  run_for(seconds(30));
  EXPECT_THAT(heard(), IsEmpty());
  update();
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("https://first.example UPDATE", "13800000001 UPDATE"));
  EXPECT_EQ(board(id).total.count(core::AnswerKind::received), 0U) << "what it has no more says nothing of it";
  close();
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("https://first.example CLOSE", "13800000001 CLOSE"));
}

TEST_F(WalkTest, SilentAtAnAddressThatWasReplacedThenItIsChasedAtTheNewOneFirst) {
  near_has({first, phone});
  alert_out();
  everybody_else_confirms();
  run_for(seconds(2));
  heard();
  near_has({second, phone});
  run_for(minutes(1));
  EXPECT_THAT(heard(), ElementsAre("https://second.example ALERT"));
  run_for(minutes(6));
  EXPECT_THAT(heard(), ElementsAre("13800000001 ALERT"));
}

TEST_F(WalkTest, BackUnderItsIdWithAnotherAddressThenTheRecallGoesToTheFormerEntrysOne) {
  near_has({first});
  alert_out();
  run_for(seconds(2));
  heard();
  const core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
  ASSERT_TRUE(run(engine->recipients().remove(keeper, core::RecipientId("near"), {})));
  near_has({second});
  close();
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("https://first.example CLOSE"));
}

TEST_F(WalkTest, NumberReplacedThenItStillAnswersForWhatItWasTold) {
  near_has({phone});
  alert_out();
  run_for(seconds(2));
  near_has({other_phone});
  begin_again();
  const auto told = run(engine->replies().told(ChannelKind::sms, phone.address)).value();
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].recipient.value, "near");
}

TEST_F(WalkTest, WhatNoAlertWentToIsForgottenWithTheNextChange) {
  near_has({first});
  near_has({second});
  EXPECT_THAT(former(), ElementsAre(first));
  alert_out();
  run_for(seconds(2));
  near_has({phone});
  EXPECT_THAT(former(), ElementsAre(second));
  near_has({other_phone});
  EXPECT_THAT(former(), ElementsAre(second, phone));
  near_has({other_phone, equipment});
  EXPECT_THAT(former(), ElementsAre(second)) << "it was told there, and at no telephone";
}

TEST_F(WalkTest, OneIsTestedByItsAddress) {
  near_has({first, second});
  const core::Caller keeper = test::officer("210000000000", {core::Role::operator_});
  const auto test = [&](const std::string& address) {
    ports::TestOptions options;
    options.recipient = core::RecipientId("near");
    options.address = address;
    return run(engine->channels().test(keeper, "webhook", options, {}));
  };
  ASSERT_TRUE(test(""));
  ASSERT_TRUE(test("https://second.example"));
  ASSERT_THAT(webhooks.sent, SizeIs(2));
  EXPECT_EQ(webhooks.sent[0].endpoint, first);
  EXPECT_EQ(webhooks.sent[1].endpoint, second);
  EXPECT_EQ(test("https://nobody.example").error().code, core::Errc::invalid);
}

// What an earlier version of this program has left.

TEST_F(WalkTest, RowThatNamesNoEndpointThenItGoesToTheFirstOfItsChannel) {
  near_has({phone, first, second});
  alert_out();
  run_for(seconds(2));
  heard();
  core::Delivery row;
  row.alert_id = id;
  row.version = now().version;
  row.audience = core::Audience::partner;
  row.status = core::Status::exercise;
  row.channel = ChannelKind::webhook;
  row.target = core::RecipientId("near");
  row.not_before = clock.wall_now();
  row.expires_at = clock.wall_now() + minutes(10);
  ports::Commit commit;
  commit.deliveries.push_back(row);
  store->commit(commit);
  run_for(seconds(3));
  EXPECT_THAT(heard(), ElementsAre("https://first.example ALERT"));
}

TEST_F(WalkTest, RecordThatNamesNoEndpointsThenTheRecallGoesToTheFirstThatThereWas) {
  near_has({first, second});
  alert_out();
  run_for(seconds(2));
  heard();
  ports::Commit commit;
  const ports::DataKey key = *vault.unwrap(*store->wrapped_key(id), id.value);
  for (ports::SealedDocument part : store->documents(id, "told-by/")) {
    part.sealed = vault.seal(key, "", id.value + "/" + part.name);
    commit.documents.push_back(part);
  }
  ASSERT_THAT(commit.documents, SizeIs(1));
  core::RecipientSet told;
  for (const ports::DirectoryEntry& entry : store->directory()) {
    if (entry.recipient.id.value == "near") {
      told.add(entry.ordinal);
    }
  }
  const std::string set = to_bytes(told);
  std::string bytes(1, static_cast<char>(ChannelKind::webhook));
  bytes += std::string(3, '\0') + static_cast<char>(set.size()) + set;
  commit.documents.push_back({id, "told-by", vault.seal(key, bytes, id.value + "/told-by")});
  store->commit(commit);
  begin_again();
  near_has({second});
  begin_again();
  close();
  run_for(seconds(2));
  EXPECT_THAT(heard(), ElementsAre("https://first.example CLOSE"));
}

}  // namespace
}  // namespace tuanyuan::engine
