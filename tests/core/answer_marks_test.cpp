#include "core/answer_marks.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tuanyuan::core {
namespace {

/// Sets of the given density over scattered ordinals, always the same.
class AnswerMarksOfMany : public ::testing::Test {
 protected:
  static constexpr std::uint32_t ordinals = 200'000;

  RecipientSet drawn(double density) {
    std::bernoulli_distribution in(density);
    RecipientSet set;
    for (std::uint32_t ordinal = 0; ordinal < ordinals; ++ordinal) {
      if (in(generator)) {
        set.add(ordinal);
      }
    }
    return set;
  }

  std::mt19937 generator{42};
};

TEST_F(AnswerMarksOfMany, GroupsCountAsTheBitmapsWould) {
  for (double asked : {0.0, 0.001, 0.4, 1.0}) {
    const RecipientSet expected = drawn(asked);
    std::array<RecipientSet, answer_kind_count> answered;
    AnswerMarks::ByKind by_kind{};
    for (std::size_t kind = 0; kind < answer_kind_count; ++kind) {
      answered[kind] = drawn(0.9 / static_cast<double>(1 + kind * kind));
      by_kind[kind] = &answered[kind];
    }
    AnswerMarks marks(expected, by_kind);
    for (double members : {0.0001, 0.01, 0.7}) {
      const RecipientSet group = drawn(members);
      const TallyRow row = marks.count(group);
      EXPECT_EQ(row.expected, group.and_cardinality(expected));
      for (AnswerKind kind : all_answer_kinds) {
        const RecipientSet& said = answered[static_cast<std::size_t>(kind)];
        EXPECT_EQ(row.count(kind), (group & expected).and_cardinality(said))
            << to_string(kind) << " of " << members;
      }
    }
  }
}

TEST(AnswerMarks, WhoJoinedAfterTheExpectedIsNotCounted) {
  const RecipientSet expected = RecipientSet::bitmapOf(1, 3U);
  const RecipientSet answered = RecipientSet::bitmapOf(2, 3U, 70'000U);
  AnswerMarks::ByKind by_kind{};
  by_kind.fill(&answered);
  const TallyRow row = AnswerMarks(expected, by_kind).count(RecipientSet::bitmapOf(2, 3U, 70'000U));
  EXPECT_EQ(row.expected, 1U);
  EXPECT_EQ(row.count(AnswerKind::received), 1U);
}

TEST(AnswerMarks, NobodyExpectedCountsNobody) {
  const RecipientSet nobody;
  AnswerMarks::ByKind by_kind{};
  by_kind.fill(&nobody);
  EXPECT_EQ(AnswerMarks(nobody, by_kind).count(RecipientSet::bitmapOf(1, 1U)).expected, 0U);
}

}  // namespace
}  // namespace tuanyuan::core
