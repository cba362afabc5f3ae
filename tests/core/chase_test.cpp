#include "core/chase.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// A Monday, 11:06 in Beijing.
const Instant released = from_epoch_ms(1'795'403'200'000);

RecipientSet set_of(std::initializer_list<Ordinal> ordinals) {
  RecipientSet set;
  for (Ordinal ordinal : ordinals) {
    set.add(ordinal);
  }
  return set;
}

/// An airport (1), a school (2), a hospital open on weekdays from 8 to 18 (3), and another airport (4).
class ChaseOfFour : public ::testing::Test {
 protected:
  ChaseOfFour() {
    put(1, Category::airport, {});
    put(2, Category::school, {});
    put(3, Category::hospital, "Mo-Fr 08:00-18:00");
    put(4, Category::airport, {});
    asked.members = set_of({1, 2, 3, 4});
    asked.revision = 1;
    asked.since = released;
    tally.expect(1, asked.members);
    chase.expect(asked.members, released);
  }

  void put(Ordinal ordinal, Category category, const std::string& open) {
    Recipient recipient;
    recipient.id = RecipientId("r" + std::to_string(ordinal));
    recipient.category = category;
    recipient.hours = open;
    recipient.division = Division{210102};
    directory.put(ordinal, recipient);
  }
  void answer(AnswerKind kind, Ordinal who) { tally.answer(asked.revision, kind, AnswerSource::station, who); }
  Chase::Plan plan(Duration after_release) const {
    return chase.plan(policy, directory, tally, asked, released + after_release);
  }
  /// Takes every step that is due, as the engine does.
  std::vector<Chase::Order> take(Duration after_release) {
    const Chase::Plan now = plan(after_release);
    for (const Chase::Order& order : now.due) {
      chase.took(order.revision, order.awaited, order.step, released + after_release, order.recipients);
    }
    return now.due;
  }

  ChasePolicy policy;
  Directory directory;
  Tally tally;
  Chase chase;
  Chase::Asked asked;
};

TEST_F(ChaseOfFour, NobodyIsChasedBeforeHisTime) {
  EXPECT_TRUE(plan(seconds(59)).due.empty());
  EXPECT_EQ(plan(seconds(59)).next, released + seconds(60));
}

TEST_F(ChaseOfFour, HubsAreChasedBeforeSchools) {
  const auto first = take(seconds(60));
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].awaited, AnswerKind::received);
  EXPECT_EQ(first[0].step, ChaseStep::direct);
  EXPECT_EQ(first[0].recipients, set_of({1, 4}));
  const auto then = take(seconds(120));
  ASSERT_EQ(then.size(), 1U);
  EXPECT_EQ(then[0].recipients, set_of({3}));
}

TEST_F(ChaseOfFour, EachAudienceHasItsOwnDeadlines) {
  Recipient police;
  police.id = RecipientId("post");
  police.category = Category::airport;
  police.audience = Audience::police;
  police.division = Division{210102};
  directory.put(5, police);
  tally.expect(1, set_of({5}));
  chase.expect(set_of({5}), released);
  asked.members = set_of({1, 4, 5});
  policy.of(Audience::partner, Category::airport).received = minutes(3);
  const auto first = take(seconds(60));
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].recipients, set_of({5}));
  EXPECT_TRUE(take(seconds(179)).empty());
  const auto then = take(seconds(180));
  ASSERT_EQ(then.size(), 1U);
  EXPECT_EQ(then[0].recipients, set_of({1, 4}));
}

TEST_F(ChaseOfFour, ChasingStopsForExactlyWhoAnswered) {
  answer(AnswerKind::displayed, 1);
  const auto due = take(seconds(60));
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].recipients, set_of({4}));
}

TEST_F(ChaseOfFour, StepsFollowEachOtherAndEndWithTheLateList) {
  asked.members = set_of({1});
  for (const ChaseStep step : {ChaseStep::direct, ChaseStep::unit, ChaseStep::late}) {
    const Duration at = seconds(60) + policy.between_steps * static_cast<int>(step);
    EXPECT_TRUE(plan(at - Duration(1)).due.empty()) << to_string(step);
    const auto due = take(at);
    ASSERT_EQ(due.size(), 1U) << to_string(step);
    EXPECT_EQ(due[0].step, step);
  }
  EXPECT_TRUE(plan(hours(100)).due.empty());
  EXPECT_FALSE(plan(hours(100)).next);
}

TEST_F(ChaseOfFour, EndpointsAreWalkedOneAStepBeforeTheUnitIsTold) {
  asked.members = set_of({1, 4});
  asked.further = [](const RecipientSet& of, std::uint32_t taken) {  // the first airport has three
    return taken < 3 ? of & set_of({1}) : RecipientSet();
  };
  const auto taken = [&](Duration at) {
    std::vector<std::pair<ChaseStep, RecipientSet>> all;
    for (const Chase::Order& order : take(at)) {
      all.emplace_back(order.step, order.recipients);
    }
    return all;
  };
  using Taken = std::vector<std::pair<ChaseStep, RecipientSet>>;
  const Duration begun = seconds(60);
  EXPECT_EQ(taken(begun), (Taken{{ChaseStep::direct, set_of({1, 4})}}));
  EXPECT_EQ(chase.place(policy, directory, tally, asked, 1)->next, ChaseStep::direct);
  EXPECT_EQ(chase.place(policy, directory, tally, asked, 4)->next, ChaseStep::unit);
  EXPECT_TRUE(plan(begun + policy.between_steps - Duration(1)).due.empty());
  EXPECT_EQ(taken(begun + policy.between_steps),
            (Taken{{ChaseStep::direct, set_of({1})}, {ChaseStep::unit, set_of({4})}}));
  EXPECT_EQ(chase.direct_steps(1, AnswerKind::received, 1), 2U);
  EXPECT_EQ(chase.direct_steps(1, AnswerKind::received, 4), 1U);
  EXPECT_EQ(taken(begun + 2 * policy.between_steps),
            (Taken{{ChaseStep::direct, set_of({1})}, {ChaseStep::late, set_of({4})}}));
  EXPECT_EQ(taken(begun + 3 * policy.between_steps), (Taken{{ChaseStep::unit, set_of({1})}}));
  EXPECT_EQ(taken(begun + 4 * policy.between_steps), (Taken{{ChaseStep::late, set_of({1})}}));
}

TEST_F(ChaseOfFour, WhoAnswersOnItsWalkIsLeftAlone) {
  asked.members = set_of({1, 4});
  asked.further = [](const RecipientSet& of, std::uint32_t taken) { return taken < 3 ? of : RecipientSet(); };
  take(seconds(60));
  answer(AnswerKind::received, 1);
  const auto due = take(seconds(60) + policy.between_steps);
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].recipients, set_of({4}));
}

TEST_F(ChaseOfFour, AfterALongStopOneStepIsTakenAndNotThree) {
  asked.members = set_of({1});
  const auto due = take(hours(5));
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].step, ChaseStep::direct);
  EXPECT_TRUE(plan(hours(5)).due.empty());
  EXPECT_EQ(plan(hours(5)).next, released + hours(5) + policy.between_steps);
}

TEST_F(ChaseOfFour, WhoReceivedIsAskedToConfirmAndWhoDidNotIsNot) {
  answer(AnswerKind::received, 1);
  asked.members = set_of({1, 4});
  take(seconds(60));
  const auto due = take(minutes(5));
  ASSERT_EQ(due.size(), 2U);
  const bool confirm_first = due[0].awaited == AnswerKind::confirmed;
  EXPECT_EQ(due[confirm_first ? 0 : 1].recipients, set_of({1}));
  EXPECT_EQ(due[confirm_first ? 1 : 0].recipients, set_of({4}));
}

TEST_F(ChaseOfFour, WhoIsUnableGoesOnAtOnceAndIsNotAskedToConfirm) {
  answer(AnswerKind::unable, 2);
  const auto due = take(seconds(1));
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].recipients, set_of({2}));
  answer(AnswerKind::received, 2);
  asked.members = set_of({2});
  EXPECT_TRUE(plan(hours(2)).due.empty());
}

TEST_F(ChaseOfFour, OutsideItsHoursDeadlinesRunFromTheNextOpening) {
  const Duration evening = hours(8);  // 19:06 in Beijing
  asked.since = released + evening;
  asked.members = set_of({3});
  const Instant opening = released + hours(20) + minutes(53) + seconds(20);
  const Chase::Plan night = plan(evening + hours(1));
  EXPECT_TRUE(night.due.empty());
  EXPECT_EQ(night.next, opening + minutes(2));
}

TEST_F(ChaseOfFour, WokenDeadlinesRunAtNightToo) {
  asked.since = released + hours(8);
  asked.members = set_of({3});
  asked.wake = true;
  EXPECT_EQ(plan(hours(8)).next, released + hours(8) + minutes(2));
}

TEST_F(ChaseOfFour, NewRevisionIsANewBeginning) {
  take(seconds(60));
  asked.revision = 2;
  asked.since = released + minutes(30);
  EXPECT_TRUE(plan(minutes(30) + seconds(59)).due.empty());
  const auto due = take(minutes(31));
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].revision, 2U);
  EXPECT_EQ(due[0].step, ChaseStep::direct);
}

TEST_F(ChaseOfFour, WhoJoinsLaterHasHisOwnTime) {
  chase.expect(set_of({5}), released + hours(1));
  put(5, Category::airport, {});
  asked.members = set_of({5});
  EXPECT_TRUE(plan(hours(1) + seconds(59)).due.empty());
  EXPECT_EQ(take(hours(1) + seconds(60)).size(), 1U);
}

TEST_F(ChaseOfFour, RecallIsChasedUntilItIsRemoved) {
  asked.taken_down = true;
  asked.revision = 2;
  answer(AnswerKind::removed, 1);
  const auto due = take(minutes(5));
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].awaited, AnswerKind::removed);
  EXPECT_EQ(due[0].recipients, set_of({3, 4}));
}

TEST_F(ChaseOfFour, PlaceTellsWhatHappensNextAndWhen) {
  const auto place = [this](Ordinal who) { return chase.place(policy, directory, tally, asked, who); };
  ASSERT_TRUE(place(1));
  EXPECT_FALSE(place(1)->taken);
  EXPECT_EQ(place(1)->due, released + seconds(60));
  take(seconds(60));
  EXPECT_EQ(place(1)->taken, ChaseStep::direct);
  EXPECT_EQ(place(1)->next, ChaseStep::unit);
  EXPECT_EQ(place(1)->due, released + seconds(60) + policy.between_steps);
  answer(AnswerKind::confirmed, 1);
  EXPECT_FALSE(place(1));
}

}  // namespace
}  // namespace tuanyuan::core
