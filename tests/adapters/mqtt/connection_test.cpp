#include "adapters/mqtt/connection.hpp"

#include <gtest/gtest.h>

#include "adapters/mqtt/limits.hpp"

namespace tuanyuan::mqtt::connection {
namespace {

using namespace std::chrono_literals;
using Actions = std::vector<Action>;

/// A connection that is fed events at times; random bits of zero make the back-off the longest it can be.
struct Story {
  State state;
  Steady now{};

  Actions feed(const Event& event) {
    Step step = advance(state, event, now, 0);
    state = step.next;
    return step.actions;
  }
  Actions due() { return feed(Due{state.timer}); }
  void become_up() {
    feed(Start{});
    feed(Connected{});
    feed(Subscribed{});
    ASSERT_EQ(state.phase, Phase::up);
  }
};

TEST(Connection, StartedThenConnectsSubscribesAndIsUp) {
  Story story;
  EXPECT_EQ(story.feed(Start{}), (Actions{Connect{}, SetTimer{Steady{} + connect_deadline, 1}}));
  EXPECT_EQ(story.feed(Connected{}), (Actions{Subscribe{}, SetTimer{Steady{} + subscribe_deadline, 2}}));
  EXPECT_EQ(story.feed(Subscribed{}), (Actions{AnnounceUp{}}));
  EXPECT_EQ(story.state.phase, Phase::up);
}

TEST(Connection, BrokerAwayThenTriedAgainAfterOneSecondDoublingToAMinute) {
  Story story;
  story.feed(Start{});
  const std::chrono::seconds expected[] = {1s, 2s, 4s, 8s, 10s, 10s, 10s, 10s};
  for (const auto wait : expected) {
    const Actions failed = story.feed(ConnectFailed{"refused"});
    EXPECT_EQ(failed, (Actions{AnnounceDown{"refused", false}, SetTimer{story.now + wait, story.state.timer}}));
    story.now += wait;
    const Actions again = story.due();
    ASSERT_EQ(again.size(), 2U);
    EXPECT_EQ(again[0], Action(Connect{}));
  }
}

TEST(Connection, LostAfterAStableTimeThenTheBackOffBeginsAnew) {
  Story story;
  story.state.failures = 5;
  story.become_up();
  story.now += stable_after;
  const Actions lost = story.feed(Lost{"gone"});
  EXPECT_EQ(lost, (Actions{AnnounceDown{"gone", true}, SetTimer{story.now + 1s, story.state.timer}}));
}

TEST(Connection, LostAtOnceThenTheBackOffGoesOn) {
  Story story;
  story.become_up();
  story.state.failures = 3;
  story.now += stable_after - 1ms;
  const Actions lost = story.feed(Lost{"gone"});
  EXPECT_EQ(lost.back(), Action(SetTimer{story.now + 8s, story.state.timer}));
}

TEST(Connection, NoAnswerInTimeThenGivenUpAndTriedAgain) {
  for (const bool connected : {false, true}) {
    Story story;
    story.feed(Start{});
    if (connected) {
      story.feed(Connected{});
    }
    const Actions late = story.due();
    ASSERT_EQ(late.size(), 3U);
    EXPECT_EQ(late[0], Action(Disconnect{}));
    EXPECT_EQ(late[1], Action(AnnounceDown{"no answer in time", false}));
    EXPECT_EQ(story.state.phase, Phase::waiting);
  }
}

TEST(Connection, SubscriptionRefusedThenDisconnectsAndTriesAgain) {
  Story story;
  story.feed(Start{});
  story.feed(Connected{});
  const Actions refused = story.feed(SubscribeFailed{"not authorised"});
  EXPECT_EQ(refused[0], Action(Disconnect{}));
  EXPECT_EQ(refused[1], Action(AnnounceDown{"not authorised", false}));
  EXPECT_EQ(story.state.phase, Phase::waiting);
}

TEST(Connection, TimerOfAnEarlierPhaseThenNothing) {
  Story story;
  story.feed(Start{});
  const std::uint64_t connecting = story.state.timer;
  story.feed(Connected{});
  EXPECT_TRUE(story.feed(Due{connecting}).empty());
  EXPECT_EQ(story.state.phase, Phase::subscribing);
  const std::uint64_t subscribing = story.state.timer;
  story.feed(Subscribed{});
  EXPECT_TRUE(story.feed(Due{subscribing}).empty());
  EXPECT_EQ(story.state.phase, Phase::up);
}

TEST(Connection, StoppedThenSaysGoodByeAndEndsAtTheAnswerTheLossOrTheDeadline) {
  const Event ends[] = {Disconnected{}, Lost{"gone"}, Due{}};
  for (Event end : ends) {
    Story story;
    story.become_up();
    const Actions stop = story.feed(Stop{});
    ASSERT_EQ(stop.size(), 3U);
    EXPECT_EQ(stop[0], Action(AnnounceDown{"stopping", true, true}));
    EXPECT_EQ(stop[1], Action(Disconnect{}));
    EXPECT_EQ(stop[2], Action(SetTimer{story.now + disconnect_deadline, story.state.timer}));
    if (auto* due = std::get_if<Due>(&end)) {
      due->timer = story.state.timer;
    }
    EXPECT_EQ(story.feed(end), (Actions{AnnounceStopped{}}));
    EXPECT_EQ(story.state.phase, Phase::stopped);
  }
}

TEST(Connection, StoppedWhileWaitingThenEndsAtOnceAndStaysDown) {
  Story story;
  story.feed(Start{});
  story.feed(ConnectFailed{"refused"});
  const std::uint64_t waiting = story.state.timer;
  EXPECT_EQ(story.feed(Stop{}), (Actions{AnnounceStopped{}}));
  EXPECT_TRUE(story.feed(Due{waiting}).empty());
}

TEST(Connection, EventThatMeansNothingHereThenChangesNothing) {
  const Event events[] = {Start{},      Connected{},          ConnectFailed{"x"},
                          Subscribed{}, SubscribeFailed{"x"}, Disconnected{}};
  Story story;
  story.become_up();
  for (const Event& event : events) {
    EXPECT_TRUE(story.feed(event).empty());
    EXPECT_EQ(story.state.phase, Phase::up);
  }
}

TEST(BackOff, IsJitteredInItsSecondHalf) {
  EXPECT_EQ(back_off(0, 0), Steady::duration(1s));
  for (std::uint64_t random = 1; random < 1'000'000'000'000ULL; random = random * 7 + 1) {
    for (std::uint32_t failures = 0; failures < 12; ++failures) {
      const auto longest = back_off(failures, 0);
      const auto wait = back_off(failures, random);
      EXPECT_LE(wait, longest);
      EXPECT_GE(wait, longest / 2);
    }
  }
  EXPECT_NE(back_off(6, 1'000), back_off(6, 2'000'000'000));
}

}  // namespace
}  // namespace tuanyuan::mqtt::connection
