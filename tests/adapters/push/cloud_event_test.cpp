#include "adapters/push/cloud_event.hpp"

#include <gmock/gmock.h>

#include "adapters/wire/notice_codec.hpp"

namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using ::testing::_;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::Pair;

ports::Dispatch dispatch(core::NoticeKind kind, core::Status status, core::Instant issued_at) {
  core::Notice notice;
  notice.alert_id = core::AlertId("a-1");
  notice.kind = kind;
  notice.status = status;
  notice.issued_at = issued_at;
  v1::SignedNotice parcel;
  parcel.set_notice(wire::serialize(wire::to_proto(notice)));
  core::SignedCopy copy;
  copy.protobuf = parcel.SerializeAsString();
  ports::Dispatch made;
  made.delivery.alert_id = notice.alert_id;
  made.delivery.kind = kind;
  made.delivery.status = status;
  made.copy = std::make_shared<const core::SignedCopy>(std::move(copy));
  return made;
}

TEST(CloudEventType, EveryKindThenItsNameAndExercisesApart) {
  const std::pair<core::NoticeKind, const char*> rows[] = {{core::NoticeKind::alert, "released"},
                                                           {core::NoticeKind::update, "updated"},
                                                           {core::NoticeKind::close, "closed"},
                                                           {core::NoticeKind::retract, "retracted"}};
  for (const auto& [kind, name] : rows) {
    core::Delivery delivery;
    delivery.kind = kind;
    delivery.status = core::Status::actual;
    EXPECT_EQ(event_type(delivery), std::string("tuanyuan.v1.alert.") + name);
    delivery.status = core::Status::exercise;
    EXPECT_EQ(event_type(delivery), std::string("tuanyuan.v1.exercise.") + name);
    delivery.parcel = core::Parcel::notice_clear;
    EXPECT_EQ(event_type(delivery), "tuanyuan.v1.exercise.closed");
  }
}

TEST(CloudEventContext, ANoticeThenWhenItWasIssuedNotWhenItIsSent) {
  const auto context =
      event_context(dispatch(core::NoticeKind::update, core::Status::actual, core::Instant(1'700'000'000'120ms)),
                    "id-1", "https://here.test/api/v1");
  ASSERT_TRUE(context);
  EXPECT_EQ(structured_event(*context, R"({"kind":"UPDATE"})"),
            R"({"specversion":"1.0","id":"id-1","source":"https://here.test/api/v1",)"
            R"("type":"tuanyuan.v1.alert.updated","subject":"a-1","time":"2023-11-14T22:13:20.120Z",)"
            R"("datacontenttype":"application/json","data":{"kind":"UPDATE"}})");
  EXPECT_THAT(
      binary_event_fields(*context),
      ElementsAre(Pair("ce-specversion", "1.0"), Pair("ce-id", "id-1"),
                  Pair("ce-source", "https://here.test/api/v1"), Pair("ce-type", "tuanyuan.v1.alert.updated"),
                  Pair("ce-subject", "a-1"), Pair("ce-time", "2023-11-14T22:13:20.120Z")));
}

TEST(CloudEventContext, WhatTakesDownThenWithoutATime) {
  ports::Dispatch down = dispatch(core::NoticeKind::alert, core::Status::actual, core::Instant(1s));
  down.delivery.parcel = core::Parcel::notice_clear;
  down.copy.reset();
  const auto context = event_context(down, "id-1", "s");
  ASSERT_TRUE(context);
  EXPECT_THAT(binary_event_fields(*context), Not(Contains(Pair("ce-time", _))));
  EXPECT_EQ(structured_event(*context, "{}"),
            R"({"specversion":"1.0","id":"id-1","source":"s","type":"tuanyuan.v1.alert.closed","subject":"a-1",)"
            R"("datacontenttype":"application/json","data":{}})");
}

TEST(CloudEventContext, ANoticeThatCannotBeReadThenRefused) {
  ports::Dispatch unreadable = dispatch(core::NoticeKind::alert, core::Status::actual, core::Instant(1s));
  unreadable.copy.reset();
  EXPECT_FALSE(event_context(unreadable, "id-1", "s"));
}

TEST(CloudEventFields, WhatAHeaderCannotHoldThenPercentEncoded) {
  EventContext context;
  context.source = "https://h/甲 \"%\r\n~";
  EXPECT_EQ(binary_event_fields(context)[2].second, "https://h/%E7%94%B2%20%22%25%0D%0A~");
}

}  // namespace
}  // namespace tuanyuan::push
