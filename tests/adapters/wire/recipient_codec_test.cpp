#include "adapters/wire/recipient_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/wire/enums.hpp"
#include "adapters/wire/samples.hpp"

namespace tuanyuan::wire {
namespace {

using testing::ElementsAre;

std::vector<std::string> wrong_paths(const v1::Recipient& message) {
  std::vector<std::string> paths;
  const auto result = from_proto(message);
  if (result.has_error()) {
    for (const core::FieldError& error : result.error().fields) {
      paths.push_back(error.path);
    }
  }
  return paths;
}

TEST(RecipientCodec, EveryFieldGivenThenComesBackWithoutSecrets) {
  core::Recipient expected = samples::recipient();
  const auto back = from_proto(to_proto(expected));
  ASSERT_TRUE(back.has_value());
  expected.endpoints[1].secret.clear();
  EXPECT_EQ(*back, expected);
}

TEST(RecipientCodec, SecretGivenThenItIsTaken) {
  v1::Recipient message = to_proto(samples::recipient());
  message.mutable_endpoints(1)->set_secret("whsec_y");
  const auto back = from_proto(message);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->endpoints[1].secret, "whsec_y");
}

TEST(RecipientCodec, NothingGivenThenAllPathsAtOnce) {
  EXPECT_THAT(wrong_paths(v1::Recipient()), ElementsAre("category", "audience", "division"));
}

TEST(RecipientCodec, DeliveryNotGivenThenArea) {
  v1::Recipient message = to_proto(samples::recipient());
  message.clear_delivery();
  EXPECT_EQ(from_proto(message)->delivery, core::DeliveryMode::area);
}

TEST(RecipientCodec, PlaceIllFormedThenRefusedByPath) {
  v1::Recipient message = to_proto(samples::recipient());
  message.set_division("2101");
  message.clear_longitude();
  message.set_latitude(91);
  message.clear_crs();
  message.set_coverage(1, "210");
  EXPECT_THAT(wrong_paths(message), ElementsAre("division", "longitude", "latitude", "crs", "coverage[1]"));
}

TEST(RecipientCodec, ChannelNotKnownThenRefusedByPath) {
  v1::Recipient message = to_proto(samples::recipient());
  message.mutable_endpoints(1)->clear_channel();
  EXPECT_THAT(wrong_paths(message), ElementsAre("endpoints[1].channel"));
}

TEST(EnumsCodec, EveryCategoryThenItsNameOnBothSides) {
  for (std::size_t i = 0; i < core::category_count; ++i) {
    const auto category = static_cast<core::Category>(i);
    EXPECT_EQ(v1::Recipient::Category_Name(to_proto(category)), core::to_string(category));
    EXPECT_EQ(from_proto(to_proto(category)), category);
  }
}

TEST(EnumsCodec, EveryChannelThenItsNameOnBothSides) {
  for (std::size_t i = 0; i < core::channel_count; ++i) {
    const auto channel = static_cast<core::ChannelKind>(i);
    EXPECT_EQ(v1::Endpoint::Channel_Name(to_proto(channel)), core::to_string(channel));
    EXPECT_EQ(from_proto(to_proto(channel)), channel);
  }
}

TEST(EnumsCodec, EveryOtherThenItsNameOnBothSides) {
  for (const core::AnswerKind kind : core::all_answer_kinds) {
    EXPECT_EQ(v1::Acknowledgement::Kind_Name(to_proto(kind)), core::to_string(kind));
  }
  for (const core::Audience audience : core::all_audiences) {
    EXPECT_EQ(v1::Recipient::Audience_Name(to_proto(audience)), core::to_string(audience));
  }
  for (const auto reason :
       {core::UnableReason::no_staff, core::UnableReason::equipment, core::UnableReason::off_air,
        core::UnableReason::editorial, core::UnableReason::not_concerned}) {
    EXPECT_EQ(v1::Acknowledgement::Reason_Name(to_proto(reason)), core::to_string(reason));
    EXPECT_EQ(from_proto(to_proto(reason)), reason);
  }
  for (const auto kind :
       {core::NoticeKind::alert, core::NoticeKind::update, core::NoticeKind::close, core::NoticeKind::retract}) {
    EXPECT_EQ(v1::Notice::Kind_Name(to_proto(kind)), core::to_string(kind));
  }
  for (const auto status : {core::Status::actual, core::Status::exercise}) {
    EXPECT_EQ(v1::Notice::Status_Name(to_proto(status)), core::to_string(status));
  }
  EXPECT_EQ(to_proto(core::Sex::female), v1::Child::FEMALE);
  EXPECT_EQ(to_proto(core::Crs::bd09), v1::Position::BD09);
}

}  // namespace
}  // namespace tuanyuan::wire
