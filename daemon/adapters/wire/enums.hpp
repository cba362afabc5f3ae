#pragma once

#include <optional>

#include "core/answer.hpp"
#include "core/geo.hpp"
#include "core/notice.hpp"
#include "core/recipient.hpp"
#include "core/report.hpp"
#include "tuanyuan/v1/answer.pb.h"
#include "tuanyuan/v1/notice.pb.h"
#include "tuanyuan/v1/recipient.pb.h"
#include "tuanyuan/v1/report.pb.h"

// The enumerations of messages and of the rules, each the other's equal in the same order: a message's counts
// from 1 and keeps 0 for UNSPECIFIED. Decoding gives nothing for UNSPECIFIED and for numbers that a newer or
// hostile sender uses (proto3 enumerations are open).
namespace tuanyuan::wire {

v1::Child::Sex to_proto(core::Sex sex);
v1::Position::Crs to_proto(core::Crs crs);
v1::Notice::Kind to_proto(core::NoticeKind kind);
v1::Notice::Status to_proto(core::Status status);
v1::Recipient::Audience to_proto(core::Audience audience);
v1::Recipient::Category to_proto(core::Category category);
v1::Recipient::Delivery to_proto(core::DeliveryMode mode);
v1::Endpoint::Channel to_proto(core::ChannelKind channel);
v1::Acknowledgement::Kind to_proto(core::AnswerKind kind);
v1::Acknowledgement::Source to_proto(core::AnswerSource source);
v1::Receipt::Result to_proto(core::ReceiptResult result);
v1::SightingRecord::Assessment to_proto(core::Assessment assessment);
/// The core's `none` is REASON_UNSPECIFIED.
v1::Acknowledgement::Reason to_proto(core::UnableReason reason);

std::optional<core::Sex> from_proto(v1::Child::Sex sex);
std::optional<core::Crs> from_proto(v1::Position::Crs crs);
std::optional<core::NoticeKind> from_proto(v1::Notice::Kind kind);
std::optional<core::Status> from_proto(v1::Notice::Status status);
std::optional<core::Audience> from_proto(v1::Recipient::Audience audience);
std::optional<core::Category> from_proto(v1::Recipient::Category category);
std::optional<core::DeliveryMode> from_proto(v1::Recipient::Delivery mode);
std::optional<core::ChannelKind> from_proto(v1::Endpoint::Channel channel);
std::optional<core::AnswerKind> from_proto(v1::Acknowledgement::Kind kind);
std::optional<core::AnswerSource> from_proto(v1::Acknowledgement::Source source);
std::optional<core::ReceiptResult> from_proto(v1::Receipt::Result result);
std::optional<core::Assessment> from_proto(v1::SightingRecord::Assessment assessment);
/// Nothing for REASON_UNSPECIFIED too: whoever may leave the reason out looks for its presence.
std::optional<core::UnableReason> from_proto(v1::Acknowledgement::Reason reason);

}  // namespace tuanyuan::wire
