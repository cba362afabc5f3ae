#include "adapters/wire/enums.hpp"

#include "core/entry.hpp"
#include "tuanyuan/v1/case.pb.h"

namespace tuanyuan::wire {
namespace {

template <class Message, class Core>
Message one_up(Core value) {
  return static_cast<Message>(static_cast<int>(value) + 1);
}

template <class Core, class Message>
std::optional<Core> one_down(Message value, bool known) {
  if (!known || static_cast<int>(value) == 0) {
    return std::nullopt;
  }
  return static_cast<Core>(static_cast<int>(value) - 1);
}

// The last of each: whoever adds a value on one side only is told here.
static_assert(v1::Child::FEMALE == static_cast<int>(core::Sex::female) + 1);
static_assert(v1::Child::Sex_MAX == v1::Child::FEMALE);
static_assert(v1::Position::BD09 == static_cast<int>(core::Crs::bd09) + 1);
static_assert(v1::Position::Crs_MAX == v1::Position::BD09);
static_assert(v1::Notice::RETRACT == static_cast<int>(core::NoticeKind::retract) + 1);
static_assert(v1::Notice::Kind_MAX == v1::Notice::RETRACT);
static_assert(v1::Notice::EXERCISE == static_cast<int>(core::Status::exercise) + 1);
static_assert(v1::Notice::Status_MAX == v1::Notice::EXERCISE);
static_assert(v1::Recipient::PUBLIC == static_cast<int>(core::Audience::public_) + 1);
static_assert(v1::Recipient::Audience_MAX == v1::Recipient::PUBLIC);
static_assert(v1::Recipient::Category_MAX == static_cast<int>(core::category_count));
static_assert(v1::Recipient::direct == static_cast<int>(core::DeliveryMode::direct) + 1);
static_assert(v1::Recipient::Delivery_MAX == v1::Recipient::direct);
static_assert(v1::Endpoint::Channel_MAX == static_cast<int>(core::channel_count));
static_assert(v1::Acknowledgement::UNABLE == static_cast<int>(core::AnswerKind::unable) + 1);
static_assert(v1::Acknowledgement::Kind_MAX == static_cast<int>(core::answer_kind_count));
static_assert(v1::Acknowledgement::OFFICER == static_cast<int>(core::AnswerSource::officer) + 1);
static_assert(v1::Acknowledgement::Source_MAX == v1::Acknowledgement::OFFICER);
static_assert(v1::Receipt::REFUSED == static_cast<int>(core::ReceiptResult::refused) + 1);
static_assert(v1::Receipt::Result_MAX == v1::Receipt::REFUSED);
static_assert(v1::SightingRecord::CONFIRMED == static_cast<int>(core::Assessment::confirmed) + 1);
static_assert(v1::SightingRecord::Assessment_MAX == v1::SightingRecord::CONFIRMED);
static_assert(v1::Acknowledgement::NOT_CONCERNED == static_cast<int>(core::UnableReason::not_concerned));
static_assert(v1::Acknowledgement::Reason_MAX == v1::Acknowledgement::NOT_CONCERNED);
static_assert(v1::SuspendRequest::OTHER == static_cast<int>(core::SuspendReason::other));
static_assert(v1::SuspendRequest::Reason_MAX == v1::SuspendRequest::OTHER);

}  // namespace

v1::Child::Sex to_proto(core::Sex sex) {
  return one_up<v1::Child::Sex>(sex);
}
v1::Position::Crs to_proto(core::Crs crs) {
  return one_up<v1::Position::Crs>(crs);
}
v1::Notice::Kind to_proto(core::NoticeKind kind) {
  return one_up<v1::Notice::Kind>(kind);
}
v1::Notice::Status to_proto(core::Status status) {
  return one_up<v1::Notice::Status>(status);
}
v1::Recipient::Audience to_proto(core::Audience audience) {
  return one_up<v1::Recipient::Audience>(audience);
}
v1::Recipient::Category to_proto(core::Category category) {
  return one_up<v1::Recipient::Category>(category);
}
v1::Recipient::Delivery to_proto(core::DeliveryMode mode) {
  return one_up<v1::Recipient::Delivery>(mode);
}
v1::Endpoint::Channel to_proto(core::ChannelKind channel) {
  return one_up<v1::Endpoint::Channel>(channel);
}
v1::Acknowledgement::Kind to_proto(core::AnswerKind kind) {
  return one_up<v1::Acknowledgement::Kind>(kind);
}
v1::Acknowledgement::Source to_proto(core::AnswerSource source) {
  return one_up<v1::Acknowledgement::Source>(source);
}
v1::Receipt::Result to_proto(core::ReceiptResult result) {
  return one_up<v1::Receipt::Result>(result);
}
v1::SightingRecord::Assessment to_proto(core::Assessment assessment) {
  return one_up<v1::SightingRecord::Assessment>(assessment);
}
v1::Acknowledgement::Reason to_proto(core::UnableReason reason) {
  return static_cast<v1::Acknowledgement::Reason>(static_cast<int>(reason));
}

std::optional<core::Sex> from_proto(v1::Child::Sex sex) {
  return one_down<core::Sex>(sex, v1::Child::Sex_IsValid(sex));
}
std::optional<core::Crs> from_proto(v1::Position::Crs crs) {
  return one_down<core::Crs>(crs, v1::Position::Crs_IsValid(crs));
}
std::optional<core::NoticeKind> from_proto(v1::Notice::Kind kind) {
  return one_down<core::NoticeKind>(kind, v1::Notice::Kind_IsValid(kind));
}
std::optional<core::Status> from_proto(v1::Notice::Status status) {
  return one_down<core::Status>(status, v1::Notice::Status_IsValid(status));
}
std::optional<core::Audience> from_proto(v1::Recipient::Audience audience) {
  return one_down<core::Audience>(audience, v1::Recipient::Audience_IsValid(audience));
}
std::optional<core::Category> from_proto(v1::Recipient::Category category) {
  return one_down<core::Category>(category, v1::Recipient::Category_IsValid(category));
}
std::optional<core::DeliveryMode> from_proto(v1::Recipient::Delivery mode) {
  return one_down<core::DeliveryMode>(mode, v1::Recipient::Delivery_IsValid(mode));
}
std::optional<core::ChannelKind> from_proto(v1::Endpoint::Channel channel) {
  return one_down<core::ChannelKind>(channel, v1::Endpoint::Channel_IsValid(channel));
}
std::optional<core::AnswerKind> from_proto(v1::Acknowledgement::Kind kind) {
  return one_down<core::AnswerKind>(kind, v1::Acknowledgement::Kind_IsValid(kind));
}
std::optional<core::AnswerSource> from_proto(v1::Acknowledgement::Source source) {
  return one_down<core::AnswerSource>(source, v1::Acknowledgement::Source_IsValid(source));
}
std::optional<core::ReceiptResult> from_proto(v1::Receipt::Result result) {
  return one_down<core::ReceiptResult>(result, v1::Receipt::Result_IsValid(result));
}
std::optional<core::Assessment> from_proto(v1::SightingRecord::Assessment assessment) {
  return one_down<core::Assessment>(assessment, v1::SightingRecord::Assessment_IsValid(assessment));
}
std::optional<core::UnableReason> from_proto(v1::Acknowledgement::Reason reason) {
  if (!v1::Acknowledgement::Reason_IsValid(reason) || reason == v1::Acknowledgement::REASON_UNSPECIFIED) {
    return std::nullopt;
  }
  return static_cast<core::UnableReason>(static_cast<int>(reason));
}

}  // namespace tuanyuan::wire
