#include "adapters/wire/notice_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/wire/samples.hpp"

namespace tuanyuan::wire {
namespace {

TEST(NoticeCodec, EveryFieldGivenThenComesBack) {
  const core::Notice notice = samples::notice();
  const auto back = from_proto(to_proto(notice));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(*back, notice);
}

TEST(NoticeCodec, EveryFieldGivenThenTheMessageHasEveryField) {
  const v1::Notice message = to_proto(samples::notice());
  std::vector<const google::protobuf::FieldDescriptor*> set;
  message.GetReflection()->ListFields(message, &set);
  EXPECT_EQ(set.size(), static_cast<std::size_t>(v1::Notice::descriptor()->field_count()));
}

TEST(NoticeCodec, RecallThenNothingOfTheChildIsPresent) {
  const v1::Notice message = to_proto(samples::recall());
  EXPECT_FALSE(message.has_child());
  EXPECT_FALSE(message.has_last_seen());
  EXPECT_FALSE(message.has_suspect());
  EXPECT_FALSE(message.has_photo());
  EXPECT_FALSE(message.has_contact());
  EXPECT_FALSE(message.has_circumstances());
  EXPECT_FALSE(message.has_abduction_suspected());
  EXPECT_FALSE(message.has_circle());
  EXPECT_EQ(from_proto(message), samples::recall());
}

TEST(NoticeCodec, SameNoticeThenSameBytes) {
  EXPECT_EQ(serialize(to_proto(samples::notice())), serialize(to_proto(samples::notice())));
}

struct Damage {
  const char* name;
  void (*apply)(v1::Notice&);
};

class NoticeCodecDamage : public testing::TestWithParam<Damage> {};

TEST_P(NoticeCodecDamage, LeavesOpenWhatItIsThenNothing) {
  v1::Notice message = to_proto(samples::notice());
  GetParam().apply(message);
  EXPECT_FALSE(from_proto(message).has_value());
}

INSTANTIATE_TEST_SUITE_P(
    Cases, NoticeCodecDamage,
    testing::Values(Damage{"alert_id", [](v1::Notice& m) { m.clear_alert_id(); }},
                    Damage{"kind", [](v1::Notice& m) { m.clear_kind(); }},
                    Damage{"unknown_kind", [](v1::Notice& m) { m.set_kind(static_cast<v1::Notice::Kind>(99)); }},
                    Damage{"status", [](v1::Notice& m) { m.clear_status(); }},
                    Damage{"audience", [](v1::Notice& m) { m.clear_audience(); }},
                    Damage{"division", [](v1::Notice& m) { m.set_divisions(0, "21010"); }},
                    Damage{"place_division", [](v1::Notice& m) { m.mutable_last_seen()->set_division("x"); }},
                    Damage{"birth_date", [](v1::Notice& m) { m.mutable_child()->set_birth_date("2019-02-30"); }},
                    Damage{"photo_hash", [](v1::Notice& m) { m.mutable_photo()->set_sha256("short"); }}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(NoticeCodec, AnswerWantedThatIsNotKnownThenPassedOver) {
  v1::Notice message = to_proto(samples::notice());
  message.add_wanted()->set_kind(static_cast<v1::Acknowledgement::Kind>(77));
  v1::Wanted& of_whom = *message.add_wanted();
  of_whom.set_kind(v1::Acknowledgement::RECEIVED);
  of_whom.set_category(static_cast<v1::Recipient::Category>(500));
  EXPECT_EQ(from_proto(message), samples::notice());
}

}  // namespace
}  // namespace tuanyuan::wire
