#include "adapters/wire/answer_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/wire/samples.hpp"

namespace tuanyuan::wire {
namespace {

using testing::ElementsAre;

template <class T>
std::vector<std::string> wrong_paths(const core::Result<T>& result) {
  std::vector<std::string> paths;
  if (result.has_error()) {
    for (const core::FieldError& error : result.error().fields) {
      paths.push_back(error.path);
    }
  }
  return paths;
}

v1::Acknowledgement unable() {
  v1::Acknowledgement message;
  message.set_alert_id("0198c0de-0000-7000-8000-00000000000a");
  message.set_revision(3);
  message.set_recipient_id("shenyang-station");
  message.set_kind(v1::Acknowledgement::UNABLE);
  message.mutable_at()->set_seconds(1'790'000'000);
  message.set_reason(v1::Acknowledgement::OFF_AIR);
  message.set_note("停播检修");
  return message;
}

TEST(AcknowledgementCodec, EveryFieldGivenThenComesBack) {
  const auto acknowledgement = from_proto(unable());
  ASSERT_TRUE(acknowledgement.has_value());
  EXPECT_EQ(acknowledgement->kind, core::AnswerKind::unable);
  EXPECT_EQ(acknowledgement->reason, core::UnableReason::off_air);
  EXPECT_EQ(to_proto(*acknowledgement).SerializeAsString(), unable().SerializeAsString());
}

TEST(AcknowledgementCodec, OnlyWhatIsNeededThenAccepted) {
  v1::Acknowledgement message;
  message.set_alert_id("a");
  message.set_kind(v1::Acknowledgement::RECEIVED);
  const auto acknowledgement = from_proto(message);
  ASSERT_TRUE(acknowledgement.has_value());
  EXPECT_FALSE(acknowledgement->at.has_value());
  EXPECT_EQ(acknowledgement->reason, core::UnableReason::none);
  EXPECT_EQ(to_proto(*acknowledgement).SerializeAsString(), message.SerializeAsString());
}

TEST(AcknowledgementCodec, NothingGivenThenAllPathsAtOnce) {
  EXPECT_THAT(wrong_paths(from_proto(v1::Acknowledgement())), ElementsAre("alertId", "kind"));
}

TEST(AcknowledgementCodec, KindNotKnownThenRefused) {
  v1::Acknowledgement message = unable();
  message.set_kind(static_cast<v1::Acknowledgement::Kind>(42));
  EXPECT_THAT(wrong_paths(from_proto(message)), ElementsAre("kind"));
}

TEST(AcknowledgementCodec, UnableWithoutReasonThenRefused) {
  v1::Acknowledgement message = unable();
  message.clear_reason();
  EXPECT_THAT(wrong_paths(from_proto(message)), ElementsAre("reason"));
}

TEST(AcknowledgementCodec, ReasonBesideAnotherKindThenDropped) {
  v1::Acknowledgement message = unable();
  message.set_kind(v1::Acknowledgement::REMOVED);
  const auto acknowledgement = from_proto(message);
  ASSERT_TRUE(acknowledgement.has_value());
  EXPECT_EQ(acknowledgement->reason, core::UnableReason::none);
}

TEST(SightingCodec, EveryFieldGivenThenComesBack) {
  const v1::Sighting message = to_proto(samples::sighting());
  const auto back = from_proto(message);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(to_proto(*back).SerializeAsString(), message.SerializeAsString());
  EXPECT_EQ(back->sighting_id, samples::sighting().sighting_id);
  EXPECT_EQ(back->position, samples::sighting().position);
  EXPECT_EQ(back->crs, core::Crs::bd09);
  EXPECT_EQ(back->photo, samples::sighting().photo);
}

TEST(SightingCodec, NothingGivenThenAllPathsAtOnce) {
  EXPECT_THAT(wrong_paths(from_proto(v1::Sighting())), ElementsAre("sightingId", "alertId", "seenAt"));
}

TEST(SightingCodec, PositionHalfGivenOrWithoutSystemThenRefused) {
  v1::Sighting message = to_proto(samples::sighting());
  message.mutable_position()->clear_latitude();
  message.mutable_position()->set_longitude(180.5);
  message.mutable_position()->clear_crs();
  EXPECT_THAT(wrong_paths(from_proto(message)),
              ElementsAre("position.latitude", "position.longitude", "position.crs"));
}

TEST(ReceiptCodec, OfAnAcknowledgementThenComesBack) {
  core::Receipt receipt;
  receipt.alert_id = core::AlertId("a");
  receipt.revision = 2;
  receipt.recipient_id = core::RecipientId("r");
  receipt.kind = core::AnswerKind::displayed;
  receipt.recorded_at = samples::instant();
  receipt.result = core::ReceiptResult::duplicate;
  const auto back = from_proto(to_proto(receipt));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->kind, receipt.kind);
  EXPECT_EQ(back->recorded_at, receipt.recorded_at);
  EXPECT_EQ(back->result, receipt.result);
  EXPECT_TRUE(back->sighting_id.empty());
}

TEST(ReceiptCodec, RefusedThenReasonAndNoTime) {
  core::Receipt receipt;
  receipt.sighting_id = core::SightingId("s");
  receipt.recorded_at = samples::instant();
  receipt.result = core::ReceiptResult::refused;
  receipt.reason = "unknown-alert";
  const v1::Receipt message = to_proto(receipt);
  EXPECT_FALSE(message.has_recorded_at());
  EXPECT_EQ(message.reason(), "unknown-alert");
  EXPECT_EQ(message.sighting_id(), "s");
  EXPECT_FALSE(message.has_kind());
}

TEST(ReceiptCodec, OfNothingThenRefused) {
  EXPECT_THAT(wrong_paths(from_proto(v1::Receipt())), ElementsAre("result", "kind"));
}

TEST(ReceiptCodec, SeveralThenInTheirOrder) {
  core::Receipt first;
  first.recipient_id = core::RecipientId("first");
  core::Receipt second;
  second.recipient_id = core::RecipientId("second");
  const v1::Receipts message = to_proto(std::vector{first, second});
  ASSERT_EQ(message.receipts_size(), 2);
  EXPECT_EQ(message.receipts(0).recipient_id(), "first");
  EXPECT_EQ(message.receipts(1).recipient_id(), "second");
}

}  // namespace
}  // namespace tuanyuan::wire
