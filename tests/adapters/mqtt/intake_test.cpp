// Answers on their way to the desk and their receipts on the way back; the canary's flight. In virtual time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "adapters/mqtt/answer_intake.hpp"
#include "adapters/mqtt/canary.hpp"
#include "adapters/mqtt/fakes.hpp"
#include "adapters/mqtt/limits.hpp"
#include "adapters/wire/answer_codec.hpp"
#include "runtime/virtual_clock.hpp"

namespace tuanyuan::mqtt {
namespace {

using namespace std::chrono_literals;
using test::alert_a;
using testing::ElementsAre;

const core::RecipientId station("station-1");

struct Intake : testing::Test {
  boost::asio::io_context context{1};
  runtime::VirtualClock clock{context};
  test::FakeOutlet outlet;
  test::FakeDesk desk{context.get_executor()};
  test::SilentLog log;
  test::CountingMetrics metrics;
  Topics topics{"tuanyuan/v1"};
  int made_room = 0;
  AnswerIntake intake{context.get_executor(), outlet, topics, log, metrics, [this] { ++made_room; }};

  void SetUp() override { intake.attach(desk); }

  void answer(std::uint32_t revision = 1, const std::string& correlation = {}) {
    core::Acknowledgement what;
    what.alert_id = core::AlertId(alert_a);
    what.revision = revision;
    what.recipient_id = station;
    deliver(wire::to_proto(what).SerializeAsString(), correlation);
  }
  void deliver(const std::string& payload, const std::string& correlation = {}) {
    Incoming message;
    message.payload = payload;
    if (!correlation.empty()) {
      message.response_topic = "tuanyuan/v1/receipts/station-1/mine";
      message.correlation_data = correlation;
    }
    intake.acknowledgement(message, station);
  }
};

TEST_F(Intake, CommittedThenReceiptWhereAskedWithItsCorrelation) {
  answer(7, "c-1");
  intake.kick();
  clock.settle();
  ASSERT_EQ(outlet.receipts.size(), 1U);
  EXPECT_EQ(outlet.receipts[0].topic, "tuanyuan/v1/receipts/station-1/mine");
  EXPECT_EQ(outlet.receipts[0].correlation_data, "c-1");
  v1::Receipt receipt;
  ASSERT_TRUE(receipt.ParseFromString(*outlet.receipts[0].payload));
  EXPECT_EQ(receipt.revision(), 7U);
  EXPECT_EQ(desk.committed[0].connection, station);
  EXPECT_EQ(desk.committed[0].source, core::AnswerSource::station);
  EXPECT_EQ(desk.committed[0].channel, core::ChannelKind::mqtt);
}

TEST_F(Intake, NotCommittedYetThenNoReceipt) {
  desk.open.reset();
  answer();
  intake.kick();
  clock.settle();
  EXPECT_TRUE(outlet.receipts.empty());
  desk.open.set();
  clock.settle();
  EXPECT_EQ(outlet.receipts.size(), 1U);
}

TEST_F(Intake, DeskUnavailableThenNoReceiptAndTheStationRepeats) {
  desk.unavailable = true;
  answer();
  intake.kick();
  clock.settle();
  EXPECT_TRUE(outlet.receipts.empty());
  EXPECT_EQ(metrics.values["tuanyuan_broker_answers_total result=unavailable"], 1);
  desk.unavailable = false;
  answer();
  intake.kick();
  clock.settle();
  EXPECT_EQ(outlet.receipts.size(), 1U);
}

TEST_F(Intake, ArrivingWhileABatchIsCommittedThenTogetherInTheNext) {
  desk.open.reset();
  for (int i = 0; i < 5; ++i) {
    answer();
    intake.kick();
  }
  clock.settle();
  EXPECT_THAT(desk.batches, ElementsAre(1U));
  desk.open.set();
  clock.settle();
  EXPECT_THAT(desk.batches, ElementsAre(1U, 4U));
  EXPECT_EQ(outlet.receipts.size(), 5U);
}

TEST_F(Intake, DeskSlowThenAFewLargeBatchesUnderWayAndTheRestWaits) {
  desk.open.reset();
  while (!intake.full()) {
    answer();
    intake.kick();
  }
  clock.settle();
  EXPECT_EQ(desk.batches.size(), answer_batches_in_flight_max);
  EXPECT_EQ(made_room, 0);
  desk.open.set();
  clock.settle();
  EXPECT_FALSE(intake.full());
  EXPECT_GT(made_room, 0);
  const std::size_t all = 1 + (answer_batches_in_flight_max - 1) * answers_gather_min + answers_batch_max;
  EXPECT_EQ(outlet.receipts.size(), all);
}

TEST_F(Intake, MalformedThenRefusedWhereItCanBeAddressedAndCountedAlways) {
  deliver("{not json");
  EXPECT_TRUE(outlet.receipts.empty());
  deliver("{not json", "c-9");
  ASSERT_EQ(outlet.receipts.size(), 1U);
  EXPECT_EQ(outlet.receipts[0].correlation_data, "c-9");
  EXPECT_THAT(*outlet.receipts[0].payload, testing::HasSubstr(R"("reason":"malformed")"));
  v1::Acknowledgement without_kind;
  without_kind.set_alert_id(alert_a);
  deliver(without_kind.SerializeAsString());
  EXPECT_EQ(outlet.receipts.size(), 1U);
  EXPECT_EQ(metrics.values["tuanyuan_broker_answers_total result=malformed"], 3);
  EXPECT_TRUE(desk.batches.empty());
}

TEST_F(Intake, SightingThenReceiptAndTooManyThenDropped) {
  v1::Sighting message;
  message.set_alert_id(alert_a);
  message.mutable_seen_at()->set_seconds(1'700'000'000);
  desk.open.reset();
  const std::size_t sent = sightings_in_flight_max + sightings_waiting_max + 2;
  for (std::size_t i = 0; i < sent; ++i) {
    message.set_sighting_id("s-" + std::to_string(i));
    const std::string payload = message.SerializeAsString();
    Incoming incoming;
    incoming.payload = payload;
    intake.sighting(incoming, station);
  }
  clock.settle();
  desk.open.set();
  clock.settle();
  EXPECT_EQ(desk.sightings_seen.size(), sent - 2);
  EXPECT_EQ(outlet.receipts.size(), sent - 2);
  EXPECT_EQ(metrics.values["tuanyuan_broker_answers_total result=sighting_dropped"], 2);
}

TEST_F(Intake, SightingThatWillNeverDoThenRefusedWithTheReasonAndOneForLaterThenNot) {
  v1::Sighting message;
  message.set_alert_id(alert_a);
  message.set_sighting_id("s-1");
  message.mutable_seen_at()->set_seconds(1'700'000'000);
  const std::string payload = message.SerializeAsString();
  const auto sighted = [&](core::Errc code) {
    outlet.receipts.clear();
    desk.sighting_refusal = core::Refusal(code);
    Incoming incoming;
    incoming.payload = payload;
    intake.sighting(incoming, station);
    clock.settle();
    return outlet.receipts.size();
  };
  EXPECT_EQ(sighted(core::Errc::unavailable), 0U);
  EXPECT_EQ(sighted(core::Errc::overloaded), 0U);
  for (const core::Errc code : {core::Errc::invalid, core::Errc::not_found, core::Errc::too_large,
                                core::Errc::unsupported_media, core::Errc::malformed}) {
    ASSERT_EQ(sighted(code), 1U);
    v1::Receipt receipt;
    ASSERT_TRUE(receipt.ParseFromString(*outlet.receipts[0].payload));
    EXPECT_EQ(receipt.result(), v1::Receipt::REFUSED);
    EXPECT_EQ(receipt.reason(), core::problem_name(code));
    EXPECT_EQ(receipt.sighting_id(), "s-1");
    EXPECT_EQ(receipt.alert_id(), alert_a);
    EXPECT_EQ(receipt.recipient_id(), station.value);
  }
}

TEST_F(Intake, StoppedThenWhatIsUnderWayIsFinished) {
  desk.open.reset();
  answer();
  intake.kick();
  clock.settle();
  bool stopped = false;
  auto stopping = [&]() -> boost::asio::awaitable<void> {
    co_await intake.stop(clock);
    stopped = true;
  };
  boost::asio::co_spawn(context, stopping(), boost::asio::detached);
  clock.settle();
  EXPECT_FALSE(stopped);
  desk.open.set();
  clock.settle();
  EXPECT_TRUE(stopped);
  EXPECT_EQ(outlet.receipts.size(), 1U);
}

TEST_F(Intake, StoppedAndTheDeskNeverAnswersThenCancelledAtTheDeadline) {
  desk.open.reset();
  answer();
  intake.kick();
  clock.settle();
  bool stopped = false;
  auto stopping = [&]() -> boost::asio::awaitable<void> {
    co_await intake.stop(clock);
    stopped = true;
  };
  boost::asio::co_spawn(context, stopping(), boost::asio::detached);
  clock.run_for(answers_finish_deadline - 1ms);
  EXPECT_FALSE(stopped);
  clock.run_for(1ms);
  EXPECT_TRUE(stopped);
}

struct CanaryTest : testing::Test {
  boost::asio::io_context context{1};
  runtime::VirtualClock clock{context};
  test::FakeOutlet outlet;
  Topics topics{"tuanyuan/v1"};
  Canary canary{context.get_executor(), outlet, topics, clock, core::RecipientId("canary")};
  std::shared_ptr<const core::SignedCopy> copy = test::copy_of(alert_a, {1, 0});
  std::optional<bool> back;

  boost::asio::awaitable<void> flight() {
    Canary::Verify verify = [this](std::string_view bytes) { return bytes == copy->protobuf; };
    core::AlertId alert(alert_a);
    back = co_await canary.fly(std::move(alert), copy, std::move(verify));
  }
  void fly() {
    boost::asio::co_spawn(context, flight(), boost::asio::detached);
    clock.settle();
  }
  void arrive(const std::string& payload) {
    boost::asio::co_spawn(context, canary.notice_arrived(core::AlertId(alert_a), payload), boost::asio::detached);
    clock.settle();
  }
};

TEST_F(CanaryTest, ThereAndBackThenTrue) {
  fly();
  ASSERT_EQ(outlet.published.size(), 1U);
  EXPECT_EQ(outlet.published[0].topic, std::string("tuanyuan/v1/direct/canary/") + alert_a);
  EXPECT_FALSE(outlet.published[0].retain);
  arrive(*outlet.published[0].payload);
  ASSERT_EQ(outlet.published.size(), 2U);
  EXPECT_EQ(outlet.published[1].topic, "tuanyuan/v1/acknowledgements/canary");
  EXPECT_EQ(back, std::nullopt);
  canary.acknowledgement_arrived(*outlet.published[1].payload);
  clock.settle();
  EXPECT_EQ(back, true);
}

TEST_F(CanaryTest, BadSignatureOrSilenceThenFalseAtTheDeadline) {
  fly();
  arrive("something else");
  EXPECT_EQ(outlet.published.size(), 1U) << "not acknowledged";
  clock.run_for(canary_deadline);
  EXPECT_EQ(back, false);
}

TEST_F(CanaryTest, BrokerRefusesThenFalseAtOnceAndTheNextMayFly) {
  outlet.answers = {core::DeliveryOutcome::retry};
  fly();
  EXPECT_EQ(back, false);
  back.reset();
  fly();
  EXPECT_EQ(back, std::nullopt);
  fly();
  EXPECT_EQ(back, false) << "one at a time";
  clock.run_for(canary_deadline);
}

}  // namespace
}  // namespace tuanyuan::mqtt
