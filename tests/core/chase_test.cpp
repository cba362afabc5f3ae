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
  void unable(Ordinal who, UnableReason reason, Duration after_release) {
    tally.answer(asked.revision, AnswerKind::unable, AnswerSource::station, who,
                 {reason, released + after_release});
  }
  /// These steps and no others are taken, the first of them then, each other one after it.
  void expect_steps(AnswerKind awaited, std::initializer_list<ChaseStep> steps, Duration first) {
    Duration at = first;
    for (const ChaseStep step : steps) {
      EXPECT_TRUE(plan(at - Duration(1)).due.empty()) << to_string(step);
      const auto due = take(at);
      ASSERT_EQ(due.size(), 1U) << to_string(step);
      EXPECT_EQ(due[0].awaited, awaited);
      EXPECT_EQ(due[0].step, step);
      at += policy.between_steps;
    }
  }
  Chase::Plan plan(Duration after_release) const {
    return chase.plan(policy, directory, tally, asked, released + after_release);
  }
  /// Takes every step that is due, as the engine does.
  std::vector<Chase::Order> take(Duration after_release) {
    const Chase::Plan now = plan(after_release);
    for (const Chase::Order& order : now.due) {
      const Instant at = released + after_release;
      chase.took({order.revision, order.awaited, order.step, at, at, order.recipients});
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
  EXPECT_EQ(plan(hours(100)).late, set_of({1}));
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

TEST_F(ChaseOfFour, WhoIsUnableGoesOnAtOnceAndUpToTheLateList) {
  unable(2, UnableReason::equipment, seconds(1));
  const auto due = take(seconds(1));
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].awaited, AnswerKind::received);
  EXPECT_EQ(due[0].recipients, set_of({2}));
  asked.members = set_of({2});
  expect_steps(AnswerKind::received, {ChaseStep::unit, ChaseStep::late}, seconds(1) + policy.between_steps);
}

TEST_F(ChaseOfFour, WhoHasReceivedAndIsUnableGoesOnAtOnceForTheConfirmation) {
  asked.members = set_of({2});
  answer(AnswerKind::received, 2);
  unable(2, UnableReason::no_staff, seconds(20));
  EXPECT_TRUE(plan(seconds(20)).late.isEmpty());
  expect_steps(AnswerKind::confirmed, {ChaseStep::direct, ChaseStep::unit, ChaseStep::late}, seconds(20));
  answer(AnswerKind::confirmed, 2);
  EXPECT_TRUE(plan(hours(2)).late.isEmpty());
}

TEST_F(ChaseOfFour, WhoSaysBetweenTwoStepsThatItIsUnableBringsOneStepForwardAndNotTwo) {
  asked.members = set_of({1});
  take(seconds(60));
  unable(1, UnableReason::equipment, seconds(80));
  expect_steps(AnswerKind::received, {ChaseStep::unit, ChaseStep::late}, seconds(80));
}

TEST_F(ChaseOfFour, AStepThatWasTakenEarlyBringsTheNextOneNoNearer) {
  asked.members = set_of({1});
  chase.took(
      {1, AnswerKind::received, ChaseStep::direct, released + seconds(5), released + seconds(60), set_of({1})});
  expect_steps(AnswerKind::received, {ChaseStep::unit, ChaseStep::late}, seconds(60) + policy.between_steps);
}

TEST_F(ChaseOfFour, WhoIsUnableAfterAStepThatWasTakenEarlyGoesOnAtOnce) {
  asked.members = set_of({1});
  chase.took(
      {1, AnswerKind::received, ChaseStep::direct, released + seconds(5), released + seconds(60), set_of({1})});
  unable(1, UnableReason::equipment, seconds(20));
  expect_steps(AnswerKind::received, {ChaseStep::unit, ChaseStep::late}, seconds(20));
}

TEST_F(ChaseOfFour, WhoSaidBeforeTheClockWasSetBackThatItIsUnableWaitsNoLongerThanTheOthers) {
  asked.members = set_of({1});
  take(seconds(60));
  unable(1, UnableReason::equipment, hours(1));
  EXPECT_EQ(plan(seconds(61)).next, released + seconds(60) + policy.between_steps);
}

TEST_F(ChaseOfFour, WhoIsUnableOutsideItsHoursGoesOnWhenSomebodyIsThere) {
  const Duration evening = hours(8);  // 19:06 in Beijing
  asked.since = released + evening;
  asked.members = set_of({3});
  unable(3, UnableReason::no_staff, evening + seconds(1));
  EXPECT_TRUE(plan(evening + hours(1)).due.empty());
  EXPECT_EQ(plan(evening + hours(1)).next, released + hours(20) + minutes(53) + seconds(20));
}

TEST_F(ChaseOfFour, WhomItDoesNotConcernIsLeftAloneUntilItIsTakenDown) {
  asked.members = set_of({1});
  unable(1, UnableReason::not_concerned, seconds(1));
  EXPECT_TRUE(plan(hours(2)).due.empty());
  EXPECT_FALSE(plan(hours(2)).next);
  asked.taken_down = true;
  EXPECT_EQ(take(minutes(5)).size(), 1U);
}

TEST_F(ChaseOfFour, AnUnableOfAnEarlierRevisionHurriesNothing) {
  unable(2, UnableReason::equipment, seconds(1));
  asked.revision = 2;
  asked.since = released + minutes(1);
  EXPECT_TRUE(plan(minutes(1) + seconds(59)).due.empty());
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

TEST_F(ChaseOfFour, RecallIsSaidAgainFromTheLateListAtGrowingIntervals) {
  asked.taken_down = true;
  asked.members = set_of({1});
  expect_steps(AnswerKind::removed, {ChaseStep::direct, ChaseStep::unit, ChaseStep::late}, minutes(5));
  EXPECT_TRUE(plan(minutes(12)).late.contains(1)) << "a person has to telephone meanwhile";
  Duration at = minutes(5) + 2 * policy.between_steps + policy.recall_again;
  for (const Duration pause : {Duration(minutes(71)), Duration(minutes(142)), Duration(minutes(284))}) {
    EXPECT_TRUE(plan(at - Duration(1)).due.empty());
    expect_steps(AnswerKind::removed, {ChaseStep::again}, at);
    at += pause;
    EXPECT_EQ(plan(at - minutes(1)).next, released + at);
  }
  answer(AnswerKind::removed, 1);
  EXPECT_TRUE(plan(hours(100)).due.empty());
}

TEST_F(ChaseOfFour, RecallIsSaidAgainOnceADayAtLeastAndOnceAfterALongStop) {
  asked.taken_down = true;
  asked.members = set_of({1});
  expect_steps(AnswerKind::removed, {ChaseStep::direct, ChaseStep::unit, ChaseStep::late}, minutes(5));
  const auto due = take(hours(100));
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].step, ChaseStep::again);
  EXPECT_TRUE(plan(hours(100)).due.empty());
  EXPECT_EQ(plan(hours(100)).next, released + hours(124));
}

TEST_F(ChaseOfFour, RecallIsSaidAgainForAsLongAsItIsKept) {
  asked.taken_down = true;
  asked.members = set_of({1});
  asked.until = released + hours(2);
  expect_steps(AnswerKind::removed, {ChaseStep::direct, ChaseStep::unit, ChaseStep::late}, minutes(5));
  expect_steps(AnswerKind::removed, {ChaseStep::again}, minutes(71));
  const Chase::Plan after = plan(minutes(72));
  EXPECT_FALSE(after.next) << "the next time would be after that";
  EXPECT_TRUE(after.late.contains(1));
  const auto place = chase.place(policy, directory, tally, asked, 1);
  ASSERT_TRUE(place);
  EXPECT_FALSE(place->next);
  EXPECT_EQ(place->due, released + minutes(71));
}

TEST_F(ChaseOfFour, RemindedIsWhoWasFollowedUpForItsConfirmation) {
  Standings standings;
  standings.fill(Standing{1, 0});
  answer(AnswerKind::received, 1);
  take(seconds(60));
  EXPECT_TRUE(chase.reminded(directory, standings).isEmpty()) << "the other has not received it";
  take(minutes(5));
  EXPECT_EQ(chase.reminded(directory, standings), set_of({1}));
  standings.fill(Standing{2, 0});
  EXPECT_TRUE(chase.reminded(directory, standings).isEmpty());
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

TEST_F(ChaseOfFour, PlacesOfAllThenEachStandsThereAsAlone) {
  const auto expect_as_alone = [this](const RecipientSet& silent) {
    RecipientSet all;
    for (const Chase::Together& each : chase.places(policy, directory, tally, asked)) {
      for (const Ordinal who : each.recipients) {
        const auto place = chase.place(policy, directory, tally, asked, who);
        ASSERT_TRUE(place) << who;
        EXPECT_EQ(each.taken, place->taken) << who;
        EXPECT_EQ(each.due, place->due) << who;
        EXPECT_TRUE(all.addChecked(who)) << who << " stands in two places";
      }
    }
    EXPECT_EQ(all, silent);
  };
  asked.further = [](const RecipientSet& of, std::uint32_t taken) {
    return taken < 2 ? of & RecipientSet::bitmapOf(1, 1U) : RecipientSet();
  };
  expect_as_alone(set_of({1, 2, 3, 4}));
  answer(AnswerKind::received, 4);
  unable(2, UnableReason::equipment, seconds(30));
  for (const Duration time : {Duration(seconds(60)), Duration(minutes(4)), Duration(minutes(7)),
                              Duration(minutes(10)), Duration(minutes(13)), Duration(hours(3))}) {
    take(time);
    expect_as_alone(set_of({1, 2, 3, 4}));
  }
  answer(AnswerKind::confirmed, 4);
  expect_as_alone(set_of({1, 2, 3}));
  asked.taken_down = true;
  asked.revision = 2;
  asked.until = released + hours(6);
  for (const Duration time : {Duration(minutes(1)), Duration(minutes(5)), Duration(minutes(8)),
                              Duration(minutes(11)), Duration(hours(2)), Duration(hours(5))}) {
    take(time);
    expect_as_alone(set_of({1, 2, 3, 4}));
  }
}

}  // namespace
}  // namespace tuanyuan::core
