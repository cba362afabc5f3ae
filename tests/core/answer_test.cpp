#include "core/answer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/notice.hpp"

namespace tuanyuan::core {
namespace {

using enum AnswerKind;

TEST(Implies, EachPairThenAsTheContractHasIt) {
  struct Row {
    AnswerKind said;
    std::vector<AnswerKind> answered;
  };
  const Row rows[] = {
      {received, {received}},
      {displayed, {received, displayed}},
      {confirmed, {received, displayed, confirmed}},
      {acting, {received, displayed, confirmed, acting}},
      {removed, {removed}},
      {unable, {unable}},
  };
  for (const Row& row : rows) {
    for (const AnswerKind asked : all_answer_kinds) {
      const bool expected = std::find(row.answered.begin(), row.answered.end(), asked) != row.answered.end();
      EXPECT_EQ(implies(row.said, asked), expected) << to_string(row.said) << " " << to_string(asked);
    }
  }
}

TEST(AnswerKind, AllThenNamesParseBack) {
  for (const AnswerKind kind : all_answer_kinds) {
    EXPECT_EQ(parse_answer_kind(to_string(kind)), kind);
  }
  EXPECT_EQ(to_string(received), "RECEIVED");
  EXPECT_EQ(to_string(unable), "UNABLE");
  EXPECT_FALSE(parse_answer_kind("received"));
}

TEST(UnableReason, AllThenNamesParseBackAndNoneIsEmpty) {
  EXPECT_EQ(to_string(UnableReason::none), "");
  EXPECT_FALSE(parse_unable_reason(""));
  for (const auto reason : {UnableReason::no_staff, UnableReason::equipment, UnableReason::off_air,
                            UnableReason::editorial, UnableReason::not_concerned}) {
    EXPECT_EQ(parse_unable_reason(to_string(reason)), reason);
  }
  EXPECT_EQ(to_string(UnableReason::off_air), "OFF_AIR");
}

TEST(OtherNames, EachThenAsInMessages) {
  EXPECT_EQ(to_string(AnswerSource::gateway), "GATEWAY");
  EXPECT_EQ(to_string(ReceiptResult::refused), "REFUSED");
  EXPECT_EQ(to_string(Assessment::not_credible), "NOT_CREDIBLE");
  EXPECT_EQ(parse_assessment("CREDIBLE"), Assessment::credible);
  EXPECT_EQ(to_string(Status::exercise), "EXERCISE");
  EXPECT_EQ(to_string(NoticeKind::retract), "RETRACT");
}

TEST(Version, RevisionBeforeStep) {
  EXPECT_LT((Version{1, 9}), (Version{2, 0}));
  EXPECT_LT((Version{2, 0}), (Version{2, 1}));
}

TEST(Recall, KindsThenOnlyCloseAndRetract) {
  EXPECT_FALSE(is_recall(NoticeKind::alert));
  EXPECT_FALSE(is_recall(NoticeKind::update));
  EXPECT_TRUE(is_recall(NoticeKind::close));
  EXPECT_TRUE(is_recall(NoticeKind::retract));
}

}  // namespace
}  // namespace tuanyuan::core
