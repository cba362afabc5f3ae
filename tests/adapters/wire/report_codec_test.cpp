#include "adapters/wire/report_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "adapters/wire/samples.hpp"

namespace tuanyuan::wire {
namespace {

TEST(ReportCodec, EveryFieldGivenThenTheDraftHoldsThem) {
  const core::Report report = samples::report();
  const core::ReportDraft draft = from_proto(to_proto(report));
  EXPECT_TRUE(draft.has_exercise);
  EXPECT_TRUE(draft.has_last_seen_time);
  EXPECT_TRUE(draft.has_age);
  EXPECT_TRUE(draft.has_crs);
  EXPECT_EQ(draft.birth_date, "2019-06-01");
  EXPECT_EQ(draft.division, "210102");
  EXPECT_THAT(draft.unknown_enums, testing::IsEmpty());

  core::Report expected = report;  // what only validation may fill in
  expected.child.birth_date.reset();
  expected.last_seen.division = {};
  EXPECT_EQ(draft.report, expected);
}

TEST(ReportCodec, NothingGivenThenTheDraftSaysSo) {
  const core::ReportDraft draft = from_proto(v1::MissingChildReport());
  EXPECT_FALSE(draft.has_exercise);
  EXPECT_FALSE(draft.has_last_seen_time);
  EXPECT_FALSE(draft.has_age);
  EXPECT_TRUE(draft.has_crs);
  EXPECT_EQ(draft.birth_date, "");
  EXPECT_EQ(draft.division, "");
  EXPECT_FALSE(draft.report.last_seen.position.has_value());
  EXPECT_FALSE(draft.report.child.height_cm.has_value());
}

TEST(ReportCodec, AgeOfZeroGivenThenItIsGiven) {
  v1::MissingChildReport message;
  message.mutable_child()->set_age_years(0);
  const core::ReportDraft draft = from_proto(message);
  EXPECT_TRUE(draft.has_age);
  EXPECT_EQ(draft.report.child.age_years, 0U);
}

TEST(ReportCodec, PositionWithoutReferenceSystemThenTheDraftSaysSo) {
  v1::MissingChildReport message = to_proto(samples::report());
  message.mutable_last_seen()->mutable_position()->clear_crs();
  EXPECT_FALSE(from_proto(message).has_crs);
  message.mutable_last_seen()->mutable_position()->set_crs(static_cast<v1::Position::Crs>(9));
  EXPECT_FALSE(from_proto(message).has_crs);
}

TEST(ReportCodec, HalfAPositionThenTheOtherHalfIsNotANumber) {
  v1::MissingChildReport message = to_proto(samples::report());
  message.mutable_last_seen()->mutable_position()->clear_longitude();
  const core::ReportDraft draft = from_proto(message);
  ASSERT_TRUE(draft.report.last_seen.position.has_value());
  EXPECT_TRUE(std::isnan(draft.report.last_seen.position->longitude));
}

TEST(ReportCodec, SexThatIsNotKnownThenItsPathIsNoted) {
  v1::MissingChildReport message;
  message.mutable_child()->set_sex(static_cast<v1::Child::Sex>(7));
  EXPECT_THAT(from_proto(message).unknown_enums, testing::ElementsAre("child.sex"));
  message.mutable_child()->clear_sex();
  EXPECT_THAT(from_proto(message).unknown_enums, testing::IsEmpty());
}

TEST(ReportCodec, SizesThenAsTheyWereGiven) {
  v1::MissingChildReport message = to_proto(samples::report());
  message.mutable_child()->set_height_cm(52.5);
  message.mutable_child()->set_weight_kg(3.4);
  const core::Child child = from_proto(message).report.child;
  EXPECT_EQ(child.height_cm, 52.5);
  EXPECT_EQ(child.weight_kg, 3.4);
}

}  // namespace
}  // namespace tuanyuan::wire
