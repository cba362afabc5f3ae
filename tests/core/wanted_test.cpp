#include "core/wanted.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace tuanyuan::core {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// What a recipient of this category reads in it: its own row, or the one for everybody.
std::uint32_t asked(const std::vector<Wanted>& wanted, AnswerKind kind, Category category) {
  std::optional<std::uint32_t> everybody;
  for (const Wanted& row : wanted) {
    if (row.kind == kind && row.category == category) {
      return row.seconds;
    }
    if (row.kind == kind && !row.category) {
      EXPECT_FALSE(everybody) << "two rows for everybody";
      everybody = row.seconds;
    }
  }
  return everybody.value_or(0);
}

void expect_as_chased(const ChasePolicy& policy) {
  for (const Audience audience : all_audiences) {
    const std::vector<Wanted> alert = wanted_of_alert(policy, audience);
    const std::vector<Wanted> recall = wanted_of_recall(policy, audience);
    for (std::size_t index = 0; index < category_count; ++index) {
      const auto category = static_cast<Category>(index);
      const AnswerTimes& times = policy.of(audience, category);
      EXPECT_EQ(seconds(asked(alert, AnswerKind::received, category)), times.received);
      EXPECT_EQ(seconds(asked(alert, AnswerKind::confirmed, category)), times.confirmed);
      EXPECT_EQ(seconds(asked(alert, AnswerKind::displayed, category)), times.confirmed);
      EXPECT_EQ(seconds(asked(recall, AnswerKind::removed, category)), times.removed);
    }
  }
}

TEST(Wanted, EverybodyIsToldWhatItIsChasedBy) {
  expect_as_chased(ChasePolicy());
  const std::vector<Wanted> alert = wanted_of_alert(ChasePolicy(), Audience::partner);
  EXPECT_EQ(asked(alert, AnswerKind::confirmed, Category::school), 1'800U);
  EXPECT_EQ(asked(alert, AnswerKind::received, Category::railway_station), 60U);
}

TEST(Wanted, OneTimeForAllThenOneRowEach) {
  ChasePolicy policy;
  for (const Audience audience : all_audiences) {
    for (std::size_t index = 0; index < category_count; ++index) {
      policy.of(audience, static_cast<Category>(index)) = AnswerTimes{minutes(1), minutes(2), minutes(3)};
    }
  }
  EXPECT_EQ(wanted_of_alert(policy, Audience::public_),
            (std::vector<Wanted>{{AnswerKind::received, std::nullopt, 60},
                                 {AnswerKind::displayed, std::nullopt, 120},
                                 {AnswerKind::confirmed, std::nullopt, 120}}));
  EXPECT_EQ(wanted_of_recall(policy, Audience::public_),
            (std::vector<Wanted>{{AnswerKind::removed, std::nullopt, 180}}));
  policy.of(Audience::public_, Category::school).removed = minutes(30);
  EXPECT_EQ(wanted_of_recall(policy, Audience::public_),
            (std::vector<Wanted>{{AnswerKind::removed, std::nullopt, 180},
                                 {AnswerKind::removed, Category::school, 1'800}}));
  EXPECT_EQ(wanted_of_recall(policy, Audience::police).size(), 1U);
}

TEST(Wanted, EveryCategoryHasItsOwnThenNoMoreRowsThanCategories) {
  ChasePolicy policy;
  for (const Audience audience : all_audiences) {
    for (std::size_t index = 0; index < category_count; ++index) {
      const auto own = minutes(1 + index);
      policy.of(audience, static_cast<Category>(index)) = AnswerTimes{own, 2 * own, 3 * own};
    }
  }
  expect_as_chased(policy);
  EXPECT_EQ(wanted_of_recall(policy, Audience::partner).size(), category_count);
  EXPECT_EQ(wanted_of_alert(policy, Audience::partner).size(), 3 * category_count);
}

}  // namespace
}  // namespace tuanyuan::core
