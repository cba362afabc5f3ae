#include <gmock/gmock.h>

#include <algorithm>

#include "engine/channel_fixture.hpp"

namespace tuanyuan::engine {
namespace {

using core::ChannelKind;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST_F(ChannelDeskTest, EachConfiguredChannelIsListed) {
  webhooks.up = false;
  const auto all = *run(desk().channels(keeper));
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[0].channel, ChannelKind::mqtt);
  EXPECT_TRUE(all[0].up);
  EXPECT_FALSE(all[1].up);
  EXPECT_EQ(all[1].in_flight_max, 64U);
  EXPECT_FALSE(all[2].paused);
  alert_out();
  run_for(seconds(10));
  EXPECT_EQ(of(ChannelKind::webhook).waiting, 1U);
  EXPECT_GE(of(ChannelKind::webhook).oldest_age, seconds(10));
  EXPECT_GT(of(ChannelKind::mqtt).sends_per_second, 0);
}

TEST_F(ChannelDeskTest, ReceiverAsksForAPauseThenItIsCountedAsHeldAndNotAsBroken) {
  const auto gauge = [this](const std::string& name) {
    boost::asio::co_spawn(context, engine->refresh_gauges(), [](std::exception_ptr) {});
    run_for(seconds(1));
    return metrics.values.at("tuanyuan_gateway_" + name + " channel=webhook");
  };
  EXPECT_EQ(gauge("receivers_held"), 0);
  webhooks.answers = core::DeliveryOutcome::retry;
  webhooks.retry_after = minutes(10);
  alert_out();
  run_for(seconds(5));
  EXPECT_EQ(gauge("receivers_held"), 1);
  EXPECT_EQ(gauge("breakers_open"), 0);
  EXPECT_EQ(of(ChannelKind::webhook).lanes_open, 1U);
  webhooks.answers = core::DeliveryOutcome::accepted;
  run_for(minutes(11));
  EXPECT_EQ(gauge("receivers_held"), 0);
}

TEST_F(ChannelDeskTest, PausedThenWhatIsDueWaitsAndIsSentWhenItIsResumed) {
  settings.chase_grace = std::chrono::hours(5);
  begin_again();
  const auto paused = pause("webhook");
  ASSERT_TRUE(paused);
  ASSERT_TRUE(paused->paused);
  EXPECT_EQ(paused->paused->reason, "额度用完");
  EXPECT_EQ(paused->paused->by.unit, keeper.unit);
  alert_out();
  run_for(minutes(2));
  EXPECT_THAT(webhooks.sent, IsEmpty());
  EXPECT_EQ(engine->channels().wrong(), "webhook: paused");
  begin_again();
  run_for(minutes(2));
  EXPECT_THAT(webhooks.sent, IsEmpty()) << "a restart does not resume it";
  EXPECT_EQ(of(ChannelKind::webhook).waiting, 1U);
  ASSERT_TRUE(resume("webhook"));
  run_for(seconds(2));
  EXPECT_THAT(to(webhooks), ElementsAre("near"));
  EXPECT_THAT(types(), ElementsAre("channel.paused", "channel.resumed"));
  EXPECT_EQ(engine->channels().wrong(), "");
}

TEST_F(ChannelDeskTest, SettingsOfSomeRefuseUsThenThoseAreNamedUntilTheyAcceptOrAreReplaced) {
  const auto address = [](const std::string& who) { return "https://" + who + ".example"; };
  for (const char* who : {"a", "b", "c"}) {
    put(who, {{ChannelKind::webhook, address(who), ""}});
  }
  webhooks.refusing = {address("a"), address("b")};
  alert_out();
  run_for(seconds(5));
  EXPECT_EQ(engine->channels().wrong(), "webhook: refuses our credentials at a, b");
  webhooks.refusing.erase(address("a"));
  ASSERT_TRUE(run(desk().test(keeper, "webhook", to_test("a"), {})));
  EXPECT_EQ(engine->channels().wrong(), "webhook: refuses our credentials at b");
  put("b", {{ChannelKind::webhook, address("new"), ""}});
  EXPECT_EQ(engine->channels().wrong(), "");
}

TEST_F(ChannelDeskTest, SettingsOfManyRefuseUsThenAFewOfThemAreNamed) {
  for (char who = 'a'; who < 'h'; ++who) {
    put(std::string(1, who), {{ChannelKind::webhook, std::string("https://") + who + ".example", ""}});
    webhooks.refusing.insert(std::string("https://") + who + ".example");
  }
  alert_out();
  run_for(seconds(5));
  EXPECT_EQ(engine->channels().wrong(), "webhook: refuses our credentials at a, b, c, d, e and 2 more");
}

TEST_F(ChannelDeskTest, MqttIsPausedThenNothingGoesThereEither) {
  ASSERT_TRUE(pause("mqtt"));
  alert_out();
  run_for(seconds(30));
  EXPECT_THAT(channel.sent, IsEmpty());
  EXPECT_THAT(to(webhooks), ElementsAre("near"));
  ASSERT_TRUE(resume("mqtt"));
  run_for(seconds(2));
  EXPECT_FALSE(channel.sent.empty());
}

TEST_F(ChannelDeskTest, WhatIsSoAlreadyIsRefusedAndARepeatIsAnswered) {
  EXPECT_EQ(resume("webhook").error().code, core::Errc::conflict);
  ASSERT_TRUE(pause("webhook", "key"));
  EXPECT_EQ(pause("webhook").error().code, core::Errc::conflict);
  EXPECT_TRUE(pause("webhook", "key"));
  EXPECT_EQ(pause("jpush").error().code, core::Errc::not_found) << "it is not configured";
  EXPECT_EQ(pause("pigeon").error().code, core::Errc::not_found);
  EXPECT_THAT(types(), ElementsAre("channel.paused"));
}

TEST_F(ChannelDeskTest, OutcomeOfAPauseIsLostThenItIsLearnt) {
  memory->faults.commit_fate = [](const ports::Commit&) { return ledger::CommitFate::unknown_committed; };
  EXPECT_FALSE(pause("webhook"));
  memory->faults = {};
  EXPECT_TRUE(of(ChannelKind::webhook).paused);
}

TEST_F(ChannelDeskTest, UsualWayIsPausedThenTheNextOneIsTriedAtOnce) {
  ASSERT_TRUE(pause("webhook"));
  alert_out();
  run_for(seconds(5));
  EXPECT_THAT(to(messages), ElementsAre("near"));
  EXPECT_THAT(webhooks.sent, IsEmpty());
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  ASSERT_TRUE(resume("webhook"));
  run_for(seconds(5));
  ASSERT_THAT(to(messages), ElementsAre("near", "near")) << "the recall goes where the alert went";
  EXPECT_EQ(messages.sent.back().delivery.kind, core::NoticeKind::close);
}

TEST_F(ChannelDeskTest, UsualWayFailsOutsideItsHoursThenNobodyIsFollowedUp) {
  core::Recipient closed = near();
  closed.endpoints = {{ChannelKind::webhook, "https://near.example", ""}, {ChannelKind::sms, "13800138000", ""}};
  const std::int64_t hour = core::to_epoch_ms(clock.wall_now()) / 3'600'000 + 8;  // Beijing
  const std::string from = std::to_string((hour + 2) % 24);
  const std::string to_hour = std::to_string((hour + 3) % 24);
  const auto clock_time = [](const std::string& text) { return (text.size() < 2 ? "0" : "") + text + ":00"; };
  closed.hours = "Mo-Su " + clock_time(from) + "-" + clock_time(to_hour);
  enter(closed);
  ASSERT_TRUE(pause("webhook"));
  alert_out();
  run_for(minutes(30));
  EXPECT_THAT(messages.sent, IsEmpty());
  run_for(std::chrono::hours(2));
  EXPECT_THAT(messages.sent, ::testing::Not(IsEmpty()));
}

TEST_F(ChannelDeskTest, QuotaIsTooSmallThenWhoWouldBeLateIsToldByTheNextWay) {
  webhook_rate.sends = 2;  // a minute; a railway station has one minute to receive
  begin_again();
  for (const char* who : {"a", "b", "c", "d"}) {
    put(who, {{ChannelKind::webhook, "https://x.example", ""}, {ChannelKind::sms, "13900139000", ""}});
  }
  put("e", {{ChannelKind::webhook, "https://x.example", ""}});
  alert_out();
  run_for(seconds(5));
  const core::Board shown = board(id);
  EXPECT_GE(shown.forecast.waiting, 4U);
  ASSERT_THAT(shown.forecast.channels, SizeIs(1));
  EXPECT_EQ(shown.forecast.channels[0].channel, ChannelKind::webhook);
  ASSERT_TRUE(shown.forecast.sent_by);
  EXPECT_GT(*shown.forecast.sent_by, clock.wall_now() + minutes(1));
  const std::vector<std::string> early = to(messages);
  EXPECT_GE(early.size(), 2U);
  EXPECT_THAT(early, ::testing::Not(::testing::Contains("e"))) << "it has no other way";
  EXPECT_LT(early.size(), 5U) << "whoever hears in time by the usual way is left to it";
  run_for(minutes(5));
  EXPECT_THAT(to(webhooks), ::testing::Contains("e"));
  EXPECT_EQ(board(id).forecast.waiting, 0U);
}

TEST_F(ChannelDeskTest, PreviewSaysWhenAReleaseWouldHaveBeenSent) {
  settings.chase_grace = std::chrono::hours(5);
  webhook_rate.sends = 2;  // a minute
  begin_again();
  for (const char* who : {"a", "b", "c", "d"}) {
    put(who, {{ChannelKind::webhook, std::string("https://") + who + ".example", ""}});
  }
  const core::Result<ports::ReportView> report = submit();
  const auto previewed = [&] { return run(engine->cases().preview(releaser, report->id, {}))->forecast.value(); };
  const core::Forecast before = previewed();
  ASSERT_THAT(before.channels, SizeIs(2));
  EXPECT_EQ(before.channels[0].channel, ChannelKind::mqtt);
  EXPECT_EQ(before.channels[1].channel, ChannelKind::webhook);
  EXPECT_EQ(before.channels[1].waiting, 5U);
  ASSERT_TRUE(before.sent_by);
  EXPECT_GT(*before.sent_by, clock.wall_now() + minutes(1));
  ASSERT_TRUE(pause("webhook"));
  EXPECT_FALSE(previewed().sent_by);
  webhooks.up = false;
  channel.up = false;
  ASSERT_TRUE(run(engine->cases().release(releaser, report->id, {}, {})));
  id = report->alert_id;
  EXPECT_EQ(board(id).forecast.waiting, before.waiting) << "as many as were made";
}

TEST_F(ChannelDeskTest, ReceiversOwnQuotaIsTooSmallThenThatIsForecastAndWhoWouldBeLateIsToldByTheNextWay) {
  lane_rate.sends = 2;  // a minute, for each receiver
  begin_again();
  for (const char* who : {"a", "b", "c", "d"}) {
    put(who, {{ChannelKind::webhook, "https://crowded.example", ""}, {ChannelKind::sms, "13900139000", ""}});
  }
  put("alone", {{ChannelKind::webhook, "https://alone.example", ""}, {ChannelKind::sms, "13900139001", ""}});
  alert_out();
  run_for(seconds(5));
  const core::Board shown = board(id);
  ASSERT_THAT(shown.forecast.channels, SizeIs(1));
  ASSERT_TRUE(shown.forecast.sent_by);
  EXPECT_GT(*shown.forecast.sent_by, clock.wall_now() + minutes(1));
  EXPECT_LT(*shown.forecast.sent_by, clock.wall_now() + minutes(3));
  EXPECT_THAT(to(webhooks), ::testing::IsSupersetOf({"near", "alone"}));
  const std::vector<std::string> early = to(messages);
  EXPECT_FALSE(early.empty());
  EXPECT_LT(early.size(), 4U) << "whoever hears in time by the usual way is left to it";
  EXPECT_THAT(early, ::testing::Not(::testing::Contains("alone")));
}

TEST_F(ChannelDeskTest, AnsweredByItsUsualChannelThenTheBoardCountsItThere) {
  alert_out();
  run_for(seconds(2));
  const core::Board shown = board(id);
  EXPECT_EQ(shown.by_channel.at("webhook").expected, 1U);
  EXPECT_EQ(shown.by_channel.at("webhook").count(core::AnswerKind::received), 1U);
  EXPECT_EQ(shown.by_channel.at("mqtt").expected, shown.total.expected - 1);
  EXPECT_EQ(shown.by_channel.at("mqtt").count(core::AnswerKind::received), 0U);
}

TEST_F(ChannelDeskTest, AnsweredByAnotherThanItsUsualChannelThenTheBoardCountsItThere) {
  webhooks.answers = core::DeliveryOutcome::rejected;
  alert_out();
  run_for(seconds(5));
  for (const bool after_restart : {false, true}) {
    if (after_restart) {
      begin_again();
    }
    const core::Board shown = board(id);
    EXPECT_EQ(shown.by_channel.at("webhook").expected, 1U);
    EXPECT_EQ(shown.by_channel.at("webhook").count(core::AnswerKind::received), 0U);
    EXPECT_EQ(shown.by_channel.at("sms").count(core::AnswerKind::received), 1U);
  }
}

TEST_F(ChannelDeskTest, SilentOnTheBoardThenTheWaysThatWereTriedAndHowEachOfItsEndpointsIs) {
  using State = core::EndpointState;
  webhooks.answers = core::DeliveryOutcome::unknown;
  messages.answers = core::DeliveryOutcome::unknown;
  put("station", {{ChannelKind::mqtt, "", ""}, {ChannelKind::fcm, "token", ""}});
  alert_out();
  run_for(minutes(10));
  const auto row = [this](const std::string& who) {
    for (const core::SilentRecipient& silent : board(id).silent) {
      if (silent.recipient_id.value == who) {
        return silent;
      }
    }
    ADD_FAILURE() << who;
    return core::SilentRecipient();
  };
  EXPECT_THAT(row("near").tried, ElementsAre(ChannelKind::webhook, ChannelKind::sms));
  EXPECT_THAT(row("near").endpoints, ElementsAre(core::EndpointHealth{ChannelKind::webhook, State::held, true},
                                                 core::EndpointHealth{ChannelKind::sms, State::held, true}));
  EXPECT_THAT(row("station").tried, ElementsAre(ChannelKind::mqtt));
  EXPECT_THAT(row("station").endpoints, ElementsAre(core::EndpointHealth{ChannelKind::mqtt, State::down, true},
                                                    core::EndpointHealth{ChannelKind::fcm, State::off}));
  ASSERT_TRUE(pause("webhook"));
  messages.up = false;
  EXPECT_EQ(row("near").endpoints[0].state, State::paused);
  EXPECT_EQ(row("near").endpoints[1].state, State::down);
}

TEST_F(ChannelDeskTest, AskedToWaitThenItIsLeftAloneForItAndTheNextWayIsTriedMeanwhile) {
  webhooks.answers = core::DeliveryOutcome::retry;
  webhooks.retry_after = minutes(15);
  alert_out();
  run_for(minutes(2));
  EXPECT_THAT(to(messages), ::testing::Contains("near"));
  webhooks.answers = core::DeliveryOutcome::accepted;
  run_for(minutes(12));
  EXPECT_THAT(to(webhooks), ElementsAre("near"));
  run_for(minutes(2));
  EXPECT_GE(webhooks.sent.size(), 2U) << "it was to be asked again after that";
}

TEST_F(ChannelDeskTest, WhatItHasAcceptedDidNotComeThroughThenTheNextWayIsTriedAtOnce) {
  put("near", {{ChannelKind::sms, "13800138000", ""}, {ChannelKind::webhook, "https://near.example", ""}});
  messages.has_received = false;
  alert_out();
  run_for(seconds(5));
  EXPECT_THAT(to(messages), ElementsAre("near"));
  engine->replies().not_reached(core::AlertId("none"), core::RecipientId("near"), ChannelKind::sms);
  engine->replies().not_reached(id, core::RecipientId("nobody"), ChannelKind::sms);
  run_for(seconds(5));
  EXPECT_THAT(webhooks.sent, IsEmpty());
  engine->replies().not_reached(id, core::RecipientId("near"), ChannelKind::sms);
  run_for(seconds(5));
  EXPECT_THAT(to(webhooks), ElementsAre("near"));
}

TEST_F(ChannelDeskTest, MembersCountByTheChannelOfTheirHub) {
  put_hub({{ChannelKind::webhook, "https://hub.example", ""}});
  alert_out();
  EXPECT_EQ(board(id).by_channel.at("webhook").expected, 3U) << "near, the hub, and the hub's member";
}

TEST_F(ChannelDeskTest, TestGoesByTheRealWayAndSaysWhatItIs) {
  ASSERT_TRUE(pause("webhook"));
  webhooks.answers = core::DeliveryOutcome::rejected;
  const auto tested = run(desk().test(keeper, "webhook", to_test("near"), {}));
  ASSERT_TRUE(tested);
  EXPECT_EQ(tested->outcome, core::DeliveryOutcome::rejected);
  ASSERT_THAT(webhooks.sent, SizeIs(1));
  const ports::Dispatch& sent = webhooks.sent[0];
  EXPECT_EQ(sent.endpoint.address, "https://near.example");
  EXPECT_EQ(sent.delivery.target, core::Target(core::RecipientId("near")));
  const auto notice = wire::ProtobufDocumentCodec().decode_notice(sent.copy->protobuf);
  ASSERT_TRUE(notice);
  EXPECT_EQ(notice->status, core::Status::exercise);
  EXPECT_FALSE(notice->child);
  ASSERT_FALSE(notice->texts.empty());
  EXPECT_TRUE(notice->texts[0].headline.starts_with("【演练】")) << notice->texts[0].headline;
  EXPECT_TRUE(outbox().items.empty()) << "it is nothing that anybody waits for";
}

TEST_F(ChannelDeskTest, TestIsAskedForAgainThenAnsweredAlsoAfterARestartAndNothingIsSent) {
  const auto test = [this](const std::string& body) {
    return run(desk().test(keeper, "webhook", to_test("near"), ports::Idempotency("key", body)));
  };
  webhooks.dead_addresses = {"https://near.example"};
  ASSERT_TRUE(test("body"));
  webhooks.dead_addresses.clear();
  for (const bool after_restart : {false, true}) {
    if (after_restart) {
      begin_again();
    }
    const auto again = test("body");
    ASSERT_TRUE(again);
    EXPECT_EQ(again->outcome, core::DeliveryOutcome::rejected);
    EXPECT_TRUE(again->address_dead);
    EXPECT_EQ(test("another").error().code, core::Errc::idempotency_reused);
  }
  EXPECT_THAT(webhooks.sent, SizeIs(1));
}

TEST_F(ChannelDeskTest, TestCannotBeWrittenDownThenItIsNotAnswered) {
  const auto test = [this] {
    return run(desk().test(keeper, "webhook", to_test("near"), ports::Idempotency("key", "body")));
  };
  memory->faults.commit_fate = [](const ports::Commit&) { return ledger::CommitFate::not_committed; };
  EXPECT_FALSE(test());
  EXPECT_TRUE(run(desk().test(keeper, "webhook", to_test("near"), {})))
      << "without a key there is nothing to write";
  memory->faults = {};
  EXPECT_TRUE(test());
  EXPECT_THAT(webhooks.sent, SizeIs(3));
}

TEST_F(ChannelDeskTest, TestThatCannotBeIsRefused) {
  const auto test = [this](const std::string& name, const std::string& who) {
    return run(desk().test(keeper, name, to_test(who), {}));
  };
  EXPECT_EQ(test("fcm", "near").error().code, core::Errc::not_found);
  EXPECT_EQ(test("mqtt", "near").error().code, core::Errc::conflict);
  EXPECT_EQ(test("webhook", "nobody").error().code, core::Errc::invalid);
  EXPECT_EQ(test("webhook", "next").error().code, core::Errc::invalid);
  core::Recipient screen = near();
  screen.id = core::RecipientId("screen");
  screen.audience = core::Audience::public_;
  screen.endpoints = {{ChannelKind::webhook, "https://screen.example", ""}};
  ASSERT_TRUE(run(engine->recipients().put(keeper, screen, {})));
  EXPECT_EQ(test("webhook", "screen").error().code, core::Errc::conflict);
  EXPECT_THAT(webhooks.sent, IsEmpty());
}

TEST_F(ChannelDeskTest, RejectedThenListedAndRequeuedOnce) {
  webhooks.answers = core::DeliveryOutcome::rejected;
  alert_out();
  run_for(seconds(2));
  const auto died = outbox();
  ASSERT_THAT(died.items, SizeIs(1));
  EXPECT_EQ(died.items[0].delivery.state, core::DeliveryState::rejected);
  EXPECT_TRUE(died.items[0].in_force);
  EXPECT_NE(died.items[0].died_at, core::Instant{});
  ports::OutboxFilter filter;
  filter.channel = ChannelKind::sms;
  EXPECT_THAT(outbox(filter).items, IsEmpty());
  EXPECT_THAT(run(desk().outbox(elsewhere, {}, {}))->items, IsEmpty());

  const std::string number = std::to_string(died.items[0].delivery.id);
  EXPECT_EQ(run(desk().requeue(elsewhere, number, {})).error().code, core::Errc::not_found);
  EXPECT_EQ(run(desk().requeue(keeper, "4711", {})).error().code, core::Errc::not_found);
  EXPECT_EQ(run(desk().requeue(keeper, "x", {})).error().code, core::Errc::not_found);
  webhooks.answers = core::DeliveryOutcome::accepted;
  ASSERT_TRUE(run(desk().requeue(keeper, number, ports::Idempotency("key", "body"))));
  const auto repeated = run(desk().requeue(keeper, number, ports::Idempotency("key", "body")));
  ASSERT_TRUE(repeated);
  EXPECT_EQ(repeated->delivery.id, died.items[0].delivery.id);
  EXPECT_EQ(repeated->delivery.alert_id, id);
  EXPECT_EQ(repeated->delivery.channel, ChannelKind::webhook);
  EXPECT_EQ(run(desk().requeue(elsewhere, number, {})).error().code, core::Errc::not_found);
  run_for(seconds(2));
  const auto refused = run(desk().requeue(keeper, number, {}));
  EXPECT_EQ(refused.error().code, core::Errc::conflict) << "it is dead no more";
  EXPECT_THAT(refused.error().detail.en, HasSubstr("its state is ACCEPTED"));
  EXPECT_THAT(webhooks.sent, SizeIs(2));
  EXPECT_THAT(outbox().items, IsEmpty());
  EXPECT_EQ(board(id).total.count(core::AnswerKind::received), 1U);
  EXPECT_THAT(types(), ElementsAre("delivery.requeued"));
}

TEST_F(ChannelDeskTest, LaterVersionIsInForceThenItCannotBeRequeued) {
  webhooks.answers = core::DeliveryOutcome::rejected;
  alert_out();
  run_for(seconds(2));
  ASSERT_TRUE(run(engine->cases().close(releaser, id, found(), {})));
  const auto died = outbox();
  ASSERT_FALSE(died.items.empty());
  EXPECT_FALSE(died.items.back().in_force);
  const std::string number = std::to_string(died.items.back().delivery.id);
  const auto refused = run(desk().requeue(keeper, number, {}));
  EXPECT_EQ(refused.error().code, core::Errc::conflict);
  EXPECT_THAT(refused.error().detail.en, HasSubstr("a later version of the alert is in force"));
}

TEST_F(ChannelDeskTest, ChannelIsOffThenThatIsWhyItCannotBeRequeued) {
  webhooks.answers = core::DeliveryOutcome::rejected;
  alert_out();
  run_for(seconds(2));
  restart();
  const auto died = outbox();
  ASSERT_THAT(died.items, SizeIs(1));
  EXPECT_FALSE(died.items[0].in_force);
  const auto refused = run(desk().requeue(keeper, std::to_string(died.items[0].delivery.id), {}));
  EXPECT_EQ(refused.error().code, core::Errc::conflict);
  EXPECT_EQ(refused.error().detail.en, "its channel is not in use any more");
}

TEST_F(ChannelDeskTest, MoreThanAPageThenPagedTheLatestFirst) {
  webhooks.answers = core::DeliveryOutcome::rejected;
  for (const char* who : {"a", "b", "c"}) {
    put(who, {{ChannelKind::webhook, "https://x.example", ""}});
  }
  alert_out();
  run_for(seconds(2));
  std::vector<std::uint64_t> ids;
  ports::Page page(2, {});
  do {
    const auto listed = outbox({}, page);
    EXPECT_LE(listed.items.size(), 2U);
    for (const ports::OutboxView& each : listed.items) {
      ids.push_back(each.delivery.id);
    }
    page.token = listed.next_token;
  } while (!page.token.empty());
  EXPECT_THAT(ids, SizeIs(4));
  EXPECT_TRUE(std::is_sorted(ids.rbegin(), ids.rend()));
}
TEST_F(ChannelDeskTest, RejectedForGoodThenTheNextWayIsTriedAtOnce) {
  webhooks.answers = core::DeliveryOutcome::rejected;
  alert_out();
  run_for(seconds(5));
  EXPECT_THAT(to(messages), ElementsAre("near"));
  EXPECT_EQ(board(id).total.count(core::AnswerKind::received), 1U);
}

TEST_F(ChannelDeskTest, AddressIsReplacedBeforeItsTurnThenTheNewOneIsTriedAtOnce) {
  webhooks.up = false;
  alert_out();
  put("near", {{ChannelKind::webhook, "https://new.example", ""}, {ChannelKind::sms, "13800138000", ""}});
  run_for(seconds(5));
  EXPECT_THAT(messages.sent, IsEmpty()) << "of a gateway that is away nothing can be said";
  webhooks.up = true;
  run_for(seconds(30));
  ASSERT_THAT(webhooks.sent, SizeIs(1));
  EXPECT_EQ(webhooks.sent[0].endpoint.address, "https://new.example");
  EXPECT_THAT(messages.sent, IsEmpty());
}

TEST_F(ChannelDeskTest, HubRejectsForGoodThenItIsToldOnceForAllBehindIt) {
  webhooks.answers = core::DeliveryOutcome::rejected;
  put_hub({{ChannelKind::webhook, "https://hub.example", ""}, {ChannelKind::sms, "13900139000", ""}});
  alert_out();
  run_for(seconds(5));
  EXPECT_THAT(to(messages), ::testing::UnorderedElementsAre("near", "province"));
}

TEST_F(ChannelDeskTest, UnableAfterItsNextWayWasTriedEarlyThenWhatFollowsDoesNotWaitForTheDeadline) {
  webhooks.dead_addresses = {"https://near.example"};
  messages.answers = core::DeliveryOutcome::rejected;
  alert_out();
  run_for(seconds(5));
  ASSERT_THAT(chased(), SizeIs(1));
  EXPECT_EQ(chased()[0].step, "direct");
  unable("near", core::UnableReason::equipment);
  run_for(seconds(3));
  ASSERT_THAT(chased(), SizeIs(2));
  EXPECT_EQ(chased()[1].step, "unit");
}

}  // namespace
}  // namespace tuanyuan::engine
