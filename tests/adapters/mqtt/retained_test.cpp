// What goes to the retained topics and how they are kept, over an outlet that answers as told, in virtual time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "adapters/mqtt/fakes.hpp"
#include "adapters/mqtt/limits.hpp"
#include "adapters/mqtt/notice_channel.hpp"
#include "adapters/mqtt/retained_watch.hpp"
#include "runtime/task_group.hpp"
#include "runtime/virtual_clock.hpp"

namespace tuanyuan::mqtt {
namespace {

using namespace std::chrono_literals;
using test::alert_a;
using test::alert_b;
using test::shenyang;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string base = "tuanyuan/v1/";

struct Retained : testing::Test {
  boost::asio::io_context context{1};
  runtime::VirtualClock clock{context, core::from_epoch_ms(1'700'000'000'000)};
  test::FakeOutlet outlet;
  Topics topics{"tuanyuan/v1"};
  NoticeChannel channel{outlet, topics, clock};

  core::Instant in(core::Duration time) { return clock.wall_now() + time; }

  core::DeliveryOutcome send(ports::Dispatch dispatch) {
    std::optional<core::DeliveryOutcome> outcome;
    auto sending = [&](ports::Dispatch what) -> boost::asio::awaitable<void> {
      const ports::SendResult result = co_await channel.send(what);
      outcome = result.outcome;
    };
    boost::asio::co_spawn(context, sending(std::move(dispatch)), boost::asio::detached);
    clock.settle();
    return outcome.value();
  }
};

TEST_F(Retained, NoticeThenTwiceRetainedWithTypeAndExpiry) {
  const auto dispatch = test::notice_dispatch(alert_a, {1, 0}, shenyang, in(90'500ms));
  EXPECT_EQ(send(dispatch), core::DeliveryOutcome::accepted);
  ASSERT_EQ(outlet.published.size(), 2U);
  const Outgoing& protobuf = outlet.published[0];
  const Outgoing& json = outlet.published[1];
  EXPECT_EQ(protobuf.topic, base + "notices/partner/210102/" + alert_a);
  EXPECT_EQ(*protobuf.payload, dispatch.copy->protobuf);
  EXPECT_EQ(protobuf.content_type, "application/x-protobuf");
  EXPECT_EQ(json.topic, base + "json/notices/partner/210102/" + alert_a);
  EXPECT_EQ(*json.payload, dispatch.copy->json);
  EXPECT_EQ(json.content_type, "application/json");
  for (const Outgoing& message : outlet.published) {
    EXPECT_TRUE(message.retain);
    EXPECT_EQ(message.expiry_s, 91U) << "rounded up";
  }
}

TEST_F(Retained, AddressedThenOnTheDirectTopics) {
  send(test::notice_dispatch(alert_a, {1, 0}, core::RecipientId("tv-21"), in(1h)));
  EXPECT_THAT(outlet.topics(),
              ElementsAre(base + "direct/tv-21/" + alert_a, base + "json/direct/tv-21/" + alert_a));
}

TEST_F(Retained, PhotoThenOnceInItsOwnTypeAndClearedByNothing) {
  send(test::photo_dispatch(alert_a, {1, 0}, in(1h), "jpeg"));
  send(test::photo_dispatch(alert_a, {2, 0}, in(1h), ""));
  ASSERT_EQ(outlet.published.size(), 2U);
  EXPECT_EQ(outlet.published[0].topic, base + "photos/partner/210102/" + alert_a);
  EXPECT_EQ(*outlet.published[0].payload, "jpeg");
  EXPECT_EQ(outlet.published[0].content_type, "image/jpeg");
  EXPECT_EQ(outlet.published[1].topic, outlet.published[0].topic);
  EXPECT_EQ(outlet.published[1].payload, nullptr);
  EXPECT_TRUE(outlet.published[1].retain);
}

TEST_F(Retained, OlderThanWhatWasPublishedThenSettledWithoutPublishing) {
  send(test::notice_dispatch(alert_a, {2, 0}, shenyang, in(1h)));
  outlet.published.clear();
  EXPECT_EQ(send(test::notice_dispatch(alert_a, {1, 3}, shenyang, in(1h))), core::DeliveryOutcome::accepted);
  EXPECT_THAT(outlet.topics(), IsEmpty());
  // A photo of the alert after its recall cleared it, too.
  send(test::photo_dispatch(alert_b, {2, 0}, in(1h), ""));
  outlet.published.clear();
  EXPECT_EQ(send(test::photo_dispatch(alert_b, {1, 0}, in(1h), "late")), core::DeliveryOutcome::accepted);
  EXPECT_THAT(outlet.topics(), IsEmpty());
}

TEST_F(Retained, WhatCannotBePublishedThenRejected) {
  auto photo_for_one = test::photo_dispatch(alert_a, {1, 0}, in(1h), "jpeg");
  photo_for_one.delivery.target = core::RecipientId("tv-21");
  auto without_copy = test::notice_dispatch(alert_a, {1, 0}, shenyang, in(1h));
  without_copy.copy = nullptr;
  const auto expired = test::notice_dispatch(alert_a, {1, 0}, shenyang, in(0ms));
  for (const auto& dispatch : {photo_for_one, without_copy, expired}) {
    EXPECT_EQ(send(dispatch), core::DeliveryOutcome::rejected);
  }
  EXPECT_THAT(outlet.topics(), IsEmpty());
}

TEST_F(Retained, WhatTakesDownThenNeverTooLate) {
  auto emptied = test::notice_dispatch(alert_a, {1, 0}, shenyang, in(-1h));
  emptied.delivery.parcel = core::Parcel::notice_clear;
  auto recall = test::notice_dispatch(alert_b, {2, 0}, shenyang, in(-1h));
  recall.delivery.kind = core::NoticeKind::close;
  for (const auto& dispatch : {emptied, test::photo_dispatch(alert_a, {1, 0}, in(-1h), ""), recall}) {
    outlet.published.clear();
    EXPECT_EQ(send(dispatch), core::DeliveryOutcome::accepted);
    EXPECT_THAT(outlet.published, Not(IsEmpty()));
  }
  EXPECT_EQ(outlet.published.front().expiry_s, 3'600u);
}

TEST_F(Retained, BrokerAwayThenRetryAndTheOutcomeOfTheOutletOtherwise) {
  outlet.up = false;
  EXPECT_EQ(send(test::notice_dispatch(alert_a, {1, 0}, shenyang, in(1h))), core::DeliveryOutcome::retry);
  outlet.up = true;
  outlet.answers = {core::DeliveryOutcome::unknown};
  EXPECT_EQ(send(test::notice_dispatch(alert_a, {1, 0}, shenyang, in(1h))), core::DeliveryOutcome::unknown);
  EXPECT_EQ(send(test::notice_dispatch(alert_a, {1, 0}, shenyang, in(1h))), core::DeliveryOutcome::accepted);
}

struct Watch : Retained {
  test::SilentLog log;
  test::CountingMetrics metrics;
  test::FakeTruth truth;
  RetainedWatch watch{context.get_executor(),          channel, topics, clock, log, metrics,
                      Corrections::Limits{100, 2, 10s}};
  runtime::TaskGroup tasks{context.get_executor()};
  std::vector<std::string> published_coming_up;

  void SetUp() override {
    watch.attach(truth);
    tasks.spawn(watch.reassert_when_due());
    tasks.spawn(watch.put_right());
    clock.settle();
  }
  void TearDown() override {
    tasks.cancel_all();
    clock.settle();
  }
  void come_up() {
    watch.on_up();
    clock.settle();
    published_coming_up = outlet.topics();
    outlet.published.clear();
    outlet.calls.clear();
  }
  void seen(const Topic& topic, std::string_view payload, Encoding encoding = Encoding::protobuf) {
    watch.seen(ParsedTopic{topic, encoding}, payload);
    clock.settle();
  }
  static NoticeTopic notice_topic(const char* alert) {
    return NoticeTopic{core::Audience::partner, shenyang, core::AlertId(alert)};
  }
};

TEST_F(Watch, ConnectedThenEverythingInForceAgainInItsOrderAndInChunks) {
  for (std::size_t i = 0; i < reassert_chunk_max + 1; ++i) {
    truth.all.push_back(
        test::notice_dispatch(alert_a, {1, 0}, core::RecipientId("r" + std::to_string(i)), in(1h)));
  }
  watch.on_up();
  clock.settle();
  EXPECT_THAT(outlet.calls, ElementsAre(reassert_chunk_max * 2, 2U));
  EXPECT_EQ(outlet.published.front().topic, base + "direct/r0/" + alert_a);
  // And again at the next connect: this broker may be an empty one.
  outlet.calls.clear();
  watch.on_down();
  watch.on_up();
  clock.settle();
  EXPECT_THAT(outlet.calls, ElementsAre(reassert_chunk_max * 2, 2U));
}

TEST_F(Watch, ReassertionOfUnknownOutcomeThenRepeatedLater) {
  truth.all = {test::notice_dispatch(alert_a, {1, 0}, shenyang, in(1h))};
  outlet.answers = {core::DeliveryOutcome::unknown};
  watch.on_up();
  clock.settle();
  EXPECT_THAT(outlet.calls, ElementsAre(2U));
  clock.run_for(reassert_again_after);
  EXPECT_THAT(outlet.calls, ElementsAre(2U, 2U));
  clock.run_for(10min);
  EXPECT_EQ(outlet.calls.size(), 2U);
}

TEST_F(Watch, InForceButNotReadThenReassertedOnceItCanBe) {
  truth.all = {test::notice_dispatch(alert_a, {1, 0}, shenyang, in(1h))};
  truth.unread = true;
  watch.on_up();
  clock.settle();
  EXPECT_THAT(outlet.calls, IsEmpty());
  truth.unread = false;
  clock.run_for(reassert_again_after);
  EXPECT_THAT(outlet.calls, ElementsAre(2U));
}

TEST_F(Watch, ConnectedAnewThenReassertedAgainAsSoonAsAtFirst) {
  truth.all = {test::notice_dispatch(alert_a, {1, 0}, shenyang, in(1h))};
  truth.unread = true;
  watch.on_up();
  clock.run_for(5min);
  watch.on_down();
  watch.on_up();
  clock.settle();
  truth.unread = false;
  clock.run_for(reassert_again_after);
  EXPECT_THAT(outlet.calls, ElementsAre(2U));
}

TEST_F(Watch, WallClockSetBackThenEverythingInForceAgain) {
  truth.all = {test::notice_dispatch(alert_a, {1, 0}, shenyang, in(1h))};
  come_up();
  clock.step_wall(30min);
  clock.run_for(wall_looked_at_every);
  EXPECT_THAT(outlet.calls, IsEmpty());
  clock.step_wall(-30min);
  clock.run_for(wall_looked_at_every);
  EXPECT_THAT(outlet.calls, ElementsAre(2U));
}

TEST_F(Watch, DecidedWhileReassertingThenWhatIsNotYetOutIsNeverTheOlderOne) {
  const auto all_of = [this](core::Version version) {
    std::vector<ports::Dispatch> all;
    for (std::size_t i = 0; i < reassert_chunk_max + 1; ++i) {
      all.push_back(test::notice_dispatch(alert_a, version, core::RecipientId("r" + std::to_string(i)), in(1h)));
    }
    return all;
  };
  truth.all = all_of({1, 0});
  outlet.on_publish = [&] { truth.all = all_of({2, 0}); };
  watch.on_up();
  clock.settle();
  EXPECT_THAT(outlet.calls, ElementsAre(reassert_chunk_max * 2, 0U));
  clock.run_for(reassert_again_after);
  EXPECT_THAT(outlet.calls, ElementsAre(reassert_chunk_max * 2, 0U, reassert_chunk_max * 2, 2U));
  EXPECT_EQ(outlet.published.back().topic,
            base + "json/direct/r" + std::to_string(reassert_chunk_max) + "/" + alert_a);
}

TEST_F(Watch, LostWhileReassertingThenGivenUpUntilTheNextConnect) {
  truth.all = {test::notice_dispatch(alert_a, {1, 0}, shenyang, in(1h))};
  outlet.answers = {core::DeliveryOutcome::unknown};
  watch.on_up();
  clock.settle();
  watch.on_down();
  clock.run_for(10min);
  EXPECT_THAT(outlet.calls, ElementsAre(2U));
}

TEST_F(Watch, OlderOrEmptiedThenPutRightInBothEncodings) {
  truth.all = {test::notice_dispatch(alert_a, {2, 1}, shenyang, in(1h))};
  come_up();
  const std::string older = test::copy_of(alert_a, {2, 0})->protobuf;
  for (const std::string& wrong : {older, std::string()}) {
    outlet.published.clear();
    seen(notice_topic(alert_a), wrong);
    EXPECT_THAT(outlet.topics(), ElementsAre(base + "notices/partner/210102/" + alert_a,
                                             base + "json/notices/partner/210102/" + alert_a));
  }
}

TEST_F(Watch, OlderAndWhatBelongsThereNotReadThenPutRightOnceItCanBe) {
  truth.all = {test::notice_dispatch(alert_a, {2, 1}, shenyang, in(1h))};
  come_up();
  truth.unread = true;
  seen(notice_topic(alert_a), test::copy_of(alert_a, {2, 0})->protobuf);
  clock.run_for(1min);
  EXPECT_THAT(outlet.topics(), IsEmpty());
  truth.unread = false;
  clock.run_for(5min);
  EXPECT_THAT(outlet.topics(), Not(IsEmpty()));
}

TEST_F(Watch, OlderInJsonOnlyThenPutRightToo) {
  truth.all = {test::notice_dispatch(alert_a, {2, 1}, shenyang, in(1h))};
  come_up();
  seen(notice_topic(alert_a), test::copy_of(alert_a, {1, 0})->json, Encoding::json);
  EXPECT_EQ(outlet.published.size(), 2U);
}

TEST_F(Watch, SameVersionButOtherBytesThenPutRight) {
  truth.all = {test::notice_dispatch(alert_a, {2, 1}, shenyang, in(1h))};
  come_up();
  seen(notice_topic(alert_a), truth.all[0].copy->protobuf);
  EXPECT_THAT(outlet.topics(), IsEmpty());
  seen(notice_topic(alert_a), test::copy_of(alert_a, {2, 1}, "forged")->protobuf);
  EXPECT_EQ(outlet.published.size(), 2U);
}

TEST_F(Watch, NewerThenLeftAlone) {
  truth.all = {test::notice_dispatch(alert_a, {2, 1}, shenyang, in(1h))};
  come_up();
  seen(notice_topic(alert_a), test::copy_of(alert_a, {3, 0})->protobuf);
  clock.run_for(1h);
  EXPECT_THAT(outlet.topics(), IsEmpty());
}

TEST_F(Watch, StrangerThenEmptiedAfterItsGrace) {
  come_up();
  seen(notice_topic(alert_b), test::copy_of(alert_b, {1, 0})->protobuf);
  clock.run_for(10s - 1ms);
  EXPECT_THAT(outlet.topics(), IsEmpty());
  clock.run_for(1ms);
  ASSERT_EQ(outlet.published.size(), 2U);
  for (const Outgoing& message : outlet.published) {
    EXPECT_TRUE(message.retain);
    EXPECT_EQ(message.payload, nullptr);
  }
}

TEST_F(Watch, SeenWhileTheSubscriptionsAreStillBeingMadeThenPutRightOnceUp) {
  seen(notice_topic(alert_b), test::copy_of(alert_b, {1, 0})->protobuf);
  clock.run_for(1min);
  EXPECT_THAT(outlet.topics(), IsEmpty());
  come_up();
  EXPECT_THAT(published_coming_up, testing::Contains(base + "notices/partner/210102/" + alert_b));
}

TEST_F(Watch, StrangerThatTheLedgerKnowsByThenThenLeftAlone) {
  come_up();
  seen(notice_topic(alert_b), test::copy_of(alert_b, {1, 0})->protobuf);
  truth.all = {test::notice_dispatch(alert_b, {1, 0}, shenyang, in(1h))};
  clock.run_for(1min);
  EXPECT_THAT(outlet.topics(), IsEmpty());
}

TEST_F(Watch, EmptyTopicOfAStrangerThenNothingToDo) {
  come_up();
  seen(notice_topic(alert_b), "");
  clock.run_for(1h);
  EXPECT_THAT(outlet.topics(), IsEmpty());
}

TEST_F(Watch, SomebodyKeepsWritingThenSoManyCorrectionsAMinuteAndNoStorm) {
  truth.all = {test::notice_dispatch(alert_a, {2, 1}, shenyang, in(1h))};
  come_up();
  for (int round = 0; round < 50; ++round) {
    seen(notice_topic(alert_a), "");
  }
  EXPECT_EQ(outlet.calls.size(), 2U);
  clock.run_for(1min);
  EXPECT_EQ(outlet.calls.size(), 3U) << "and the last one is not left standing";
}

TEST_F(Watch, PhotoClearedThoughInForceThenBackAgain) {
  truth.all = {test::photo_dispatch(alert_a, {1, 0}, in(1h), "jpeg")};
  come_up();
  const PhotoTopic topic{core::Audience::partner, shenyang, core::AlertId(alert_a)};
  seen(topic, "jpeg");
  EXPECT_THAT(outlet.topics(), IsEmpty());
  seen(topic, "");
  ASSERT_EQ(outlet.published.size(), 1U);
  EXPECT_EQ(*outlet.published[0].payload, "jpeg");
}

}  // namespace
}  // namespace tuanyuan::mqtt
