// The small pure parts: outcomes, the guard of versions, the budget of corrections, the inbox.
#include <gtest/gtest.h>

#include <deque>

#include <thread>

#include "adapters/mqtt/corrections.hpp"
#include "adapters/mqtt/fakes.hpp"
#include "adapters/mqtt/inbox.hpp"
#include "adapters/mqtt/limits.hpp"
#include "adapters/mqtt/outlet.hpp"
#include "adapters/mqtt/paho_bridge.hpp"
#include "adapters/mqtt/topic_guard.hpp"
#include "adapters/mqtt/window.hpp"

namespace tuanyuan::mqtt {
namespace {

using namespace std::chrono_literals;
using core::DeliveryOutcome;

TEST(Outcome, OfTwoThatBelongTogether) {
  using enum DeliveryOutcome;
  const std::tuple<DeliveryOutcome, DeliveryOutcome, DeliveryOutcome> cases[] = {
      {accepted, accepted, accepted}, {retry, retry, retry},         {unknown, unknown, unknown},
      {accepted, unknown, unknown},   {accepted, retry, unknown},    {retry, unknown, unknown},
      {accepted, rejected, rejected}, {rejected, unknown, rejected}, {rejected, retry, rejected}};
  for (const auto& [left, right, together] : cases) {
    EXPECT_EQ(worse(left, right), together);
    EXPECT_EQ(worse(right, left), together);
  }
}

TEST(Outcome, OfTheBrokersReason) {
  const std::pair<int, DeliveryOutcome> cases[] = {
      {0x00, DeliveryOutcome::accepted}, {0x10, DeliveryOutcome::accepted}, {0x80, DeliveryOutcome::retry},
      {0x83, DeliveryOutcome::retry},    {0x87, DeliveryOutcome::retry},    {0x90, DeliveryOutcome::rejected},
      {0x95, DeliveryOutcome::rejected}, {0x97, DeliveryOutcome::retry},    {0x99, DeliveryOutcome::rejected}};
  for (const auto& [reason, outcome] : cases) {
    EXPECT_EQ(outcome_of_reason(reason), outcome) << reason;
  }
}

TEST(TopicGuard, OlderThanWhatWasPublishedThenNotAdmitted) {
  TopicGuard guard(10);
  EXPECT_TRUE(guard.admit("t", {1, 0}, {}));
  EXPECT_TRUE(guard.admit("t", {1, 0}, {}));
  EXPECT_TRUE(guard.admit("t", {1, 1}, {}));
  EXPECT_FALSE(guard.admit("t", {1, 0}, {}));
  EXPECT_TRUE(guard.admit("t", {2, 0}, {}));
  EXPECT_FALSE(guard.admit("t", {1, 9}, {}));
  EXPECT_TRUE(guard.admit("another", {1, 0}, {}));
}

TEST(TopicGuard, FullThenLetsThroughWithoutRemembering) {
  TopicGuard guard(1);
  EXPECT_TRUE(guard.admit("a", {2, 0}, {}));
  EXPECT_TRUE(guard.admit("b", {2, 0}, {}));
  EXPECT_TRUE(guard.admit("b", {1, 0}, {}));
  EXPECT_FALSE(guard.admit("a", {1, 0}, {}));
}

TEST(TopicGuard, ExpiredThenForgottenAndWithoutAnEndKept) {
  TopicGuard guard(10);
  guard.admit("a", {2, 0}, core::from_epoch_ms(1'000));
  guard.admit("b", {2, 0}, core::Instant{});
  guard.sweep(core::from_epoch_ms(999));
  EXPECT_EQ(guard.size(), 2U);
  guard.sweep(core::from_epoch_ms(1'000));
  EXPECT_EQ(guard.size(), 1U);
  EXPECT_TRUE(guard.admit("a", {1, 0}, {}));
}

TEST(TopicGuard, OtherBytesUnderTheSameVersionThenTheyDiffer) {
  TopicGuard guard(10);
  guard.admit("t", {1, 0}, {});
  EXPECT_FALSE(guard.differs("t", {1, 0}, Encoding::json, "{}")) << "nothing is known of JSON yet";
  guard.note_payload("t", Encoding::protobuf, "good");
  EXPECT_FALSE(guard.differs("t", {1, 0}, Encoding::protobuf, "good"));
  EXPECT_TRUE(guard.differs("t", {1, 0}, Encoding::protobuf, "evil"));
  EXPECT_FALSE(guard.differs("t", {1, 1}, Encoding::protobuf, "next"));
  guard.admit("t", {2, 0}, {});
  EXPECT_FALSE(guard.differs("t", {2, 0}, Encoding::protobuf, "new")) << "the old bytes say nothing of it";
}

struct CorrectionsTest : testing::Test {
  using Steady = Corrections::Steady;
  Corrections corrections{Corrections::Limits{3, 2, 10s}};
  Steady now{};
  ports::RetainedSeen seen;

  std::vector<std::string> due() {
    std::vector<std::string> topics;
    for (const auto& item : corrections.take_due(now, 100)) {
      topics.push_back(item.topic);
    }
    return topics;
  }
  bool behind(const std::string& topic) {
    return corrections.note(topic, seen, ports::RetainedVerdict::behind, now);
  }
};
using Topics_ = std::vector<std::string>;

TEST_F(CorrectionsTest, BehindThenPutRightAtOnce) {
  behind("t");
  EXPECT_EQ(corrections.next_due(), now);
  EXPECT_EQ(due(), Topics_{"t"});
  EXPECT_EQ(due(), Topics_{});
}

TEST_F(CorrectionsTest, SeenInOrderMeanwhileThenLeftAlone) {
  behind("t");
  corrections.note("t", seen, ports::RetainedVerdict::in_order, now);
  EXPECT_EQ(due(), Topics_{});
  EXPECT_EQ(corrections.pending(), 0U);
}

TEST_F(CorrectionsTest, WrongAgainAndAgainThenOnlySoOftenAMinuteAndNotForgotten) {
  for (int round = 0; round < 5; ++round) {
    behind("t");
    EXPECT_EQ(due().size(), round < 2 ? 1U : 0U) << round;
  }
  EXPECT_EQ(corrections.next_due(), now + 1min);
  now += 1min;
  EXPECT_EQ(due(), Topics_{"t"});
}

TEST_F(CorrectionsTest, StrangerThenOnlyAfterItsGrace) {
  corrections.note("t", seen, ports::RetainedVerdict::stranger, now);
  now += 10s - 1ms;
  EXPECT_EQ(due(), Topics_{});
  now += 1ms;
  EXPECT_EQ(due(), Topics_{"t"});
}

TEST_F(CorrectionsTest, TooManyThenTheNextIsRefused) {
  EXPECT_TRUE(behind("a") && behind("b") && behind("c"));
  EXPECT_FALSE(behind("d"));
  EXPECT_TRUE(behind("a")) << "known already";
}

TEST_F(CorrectionsTest, OneNoisyTopicThenOthersAreNotHeldUp) {
  for (int round = 0; round < 4; ++round) {
    behind("noisy");
    due();
  }
  behind("quiet");
  EXPECT_EQ(due(), Topics_{"quiet"});
}

TEST(Inbox, FirstAfterADrainThenWakesOnce) {
  Inbox<int> inbox(4, 100);
  EXPECT_TRUE(inbox.push(1, 1));
  EXPECT_TRUE(inbox.claim_wake());
  EXPECT_TRUE(inbox.push(2, 1));
  EXPECT_FALSE(inbox.claim_wake());
  inbox.begin_drain();
  EXPECT_EQ(inbox.pop(), 1);
  EXPECT_TRUE(inbox.push(3, 1));
  EXPECT_TRUE(inbox.claim_wake());
  inbox.hush();
  EXPECT_FALSE(inbox.claim_wake());
}

TEST(Inbox, FullByCountOrBytesThenRefusesUntilTaken) {
  Inbox<int> inbox(3, 10);
  EXPECT_TRUE(inbox.push(1, 4));
  EXPECT_TRUE(inbox.push(2, 6));
  EXPECT_FALSE(inbox.push(3, 1)) << "bytes";
  EXPECT_EQ(inbox.pop(), 1);
  EXPECT_TRUE(inbox.push(3, 0));
  EXPECT_TRUE(inbox.push(4, 0));
  EXPECT_FALSE(inbox.push(5, 0)) << "count";
  while (inbox.pop()) {
  }
  EXPECT_TRUE(inbox.push(6, 1'000)) << "one alone may be as large as the packet limit lets it";
}

TEST(Inbox, TwoThreadsThenEverythingOnceAndInOrder) {
  Inbox<int> inbox(64, 1'000'000);
  constexpr int count = 100'000;
  std::thread producer([&inbox] {
    for (int value = 0; value < count;) {
      value += inbox.push(value, 8) ? 1 : 0;
    }
  });
  for (int expected = 0; expected < count;) {
    if (const auto value = inbox.pop()) {
      ASSERT_EQ(*value, expected);
      ++expected;
    }
  }
  producer.join();
}

TEST(Windows, LatePubackOfAnEarlierConnectionThenNotCounted) {
  Window window(10, 100);
  const Window::Pass first = window.open(3'000);
  window.open(10);
  EXPECT_EQ(window.in_flight(), 2U);
  window.settle(first);
  EXPECT_EQ(window.in_flight(), 1U);
  window.begin_anew();
  EXPECT_EQ(window.in_flight(), 0U);
  const Window::Pass second = window.open(10);
  window.settle(first);
  EXPECT_EQ(window.in_flight(), 1U);
  window.settle(second);
  EXPECT_EQ(window.in_flight(), 0U);
  window.settle(second);
  EXPECT_EQ(window.in_flight(), 0U) << "never below zero";
  EXPECT_EQ(window.settled(), 4U);
}

TEST(Windows, FullThenThePubackThatHalvesItSaysSoOnce) {
  struct Case {
    const char* of;
    Window window;
    std::size_t bytes;
  };
  Case cases[] = {{"messages", Window(4, 1'000), 1}, {"KiB", Window(1'000, 8), 2'000}};
  for (Case& full : cases) {
    SCOPED_TRACE(full.of);
    Window::Pass pass;
    for (int i = 0; i < 4; ++i) {
      ASSERT_TRUE(full.window.has_room());
      pass = full.window.open(full.bytes);
    }
    EXPECT_FALSE(full.window.has_room());
    EXPECT_FALSE(full.window.settle(pass));
    EXPECT_TRUE(full.window.settle(pass)) << "two of four";
    EXPECT_FALSE(full.window.settle(pass)) << "nobody waits any more";
    EXPECT_TRUE(full.window.has_room());
  }
}

/// A line that lets through so many KiB a second, for so long.
struct Line {
  Window& window;
  std::deque<Window::Pass> under_way{};

  void run(int seconds, std::size_t kib_per_second) {
    for (int second = 0; second < seconds; ++second) {
      while (window.has_room()) {
        under_way.push_back(window.open(4 * 1'024));
      }
      for (std::size_t passed = 0; passed < kib_per_second && !under_way.empty(); passed += 4) {
        window.settle(under_way.front());
        under_way.pop_front();
      }
      while (window.has_room()) {
        under_way.push_back(window.open(4 * 1'024));
      }
      window.adapt();
    }
  }
};

TEST(Windows, SlowLineThenItHoldsWhatPassesInAFewSecondsAndGrowsAgain) {
  Window window(1'000, 1'536);
  Line line{window};
  line.run(1, 32);
  EXPECT_EQ(window.in_flight(), 1'536U / 4) << "a burst, perhaps";
  line.run(60, 32);
  EXPECT_LE(window.in_flight(), 32 * window_seconds_max / 4);
  EXPECT_GE(window.in_flight(), 32U / 4);
  line.run(60, 10'000);
  EXPECT_EQ(window.in_flight(), 1'536U / 4);
}

TEST(Windows, LineThatStandsStillThenAFewMessagesAreTriedAllTheSame) {
  Window window(1'000, 1'536);
  Line line{window};
  line.run(10, 0);
  window.begin_anew();
  EXPECT_TRUE(window.has_room());
  line.under_way.clear();
  line.run(1, 0);
  EXPECT_GE(window.in_flight(), window_kib_min / 4);
  EXPECT_LE(window.in_flight(), 2 * window_kib_min / 4);
}

TEST(Passages, WithdrawnThenNotHandedOverAndTheOtherWayRound) {
  Passage withdrawn;
  EXPECT_TRUE(withdrawn.withdraw());
  EXPECT_TRUE(withdrawn.is_withdrawn());
  EXPECT_FALSE(withdrawn.hand_over());
  Passage handed;
  EXPECT_TRUE(handed.hand_over());
  EXPECT_FALSE(handed.withdraw());
  EXPECT_FALSE(handed.is_withdrawn());
}

TEST(Windows, EmptyThenTheLargestMessageGoesToo) {
  Window window(10, 8);
  EXPECT_TRUE(window.has_room());
  const Window::Pass pass = window.open(payload_bytes_max);
  EXPECT_FALSE(window.has_room());
  EXPECT_TRUE(window.settle(pass));
  EXPECT_TRUE(window.has_room());
}

TEST(Windows, WaitedForToBeDownToAFewThenSaysSo) {
  Window window(10, 100);
  Window::Pass pass;
  for (int i = 0; i < 3; ++i) {
    pass = window.open(10);
  }
  EXPECT_TRUE(window.is_down_to(3));
  EXPECT_FALSE(window.is_down_to(1));
  EXPECT_FALSE(window.settle(pass));
  EXPECT_TRUE(window.settle(pass));
}

TEST(Windows, WithoutAnyPubackThenStuckAfterItsDeadline) {
  Window window(2, 100);
  const ports::Clock::Steady begun{};
  const Window::Pass pass = window.open(10);
  EXPECT_FALSE(window.is_stuck(begun));
  EXPECT_FALSE(window.is_stuck(begun + window_stuck_deadline - std::chrono::milliseconds(1)));
  EXPECT_TRUE(window.is_stuck(begun + window_stuck_deadline));
  window.settle(pass);
  EXPECT_FALSE(window.is_stuck(begun + 2 * window_stuck_deadline)) << "nothing is in flight";
}

}  // namespace
}  // namespace tuanyuan::mqtt
