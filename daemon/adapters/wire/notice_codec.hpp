#pragma once

#include <optional>
#include <string>

#include "core/notice.hpp"
#include "tuanyuan/v1/notice.pb.h"

namespace tuanyuan::wire {

v1::Notice to_proto(const core::Notice& notice);

/// Nothing where the message leaves open what it is (no alert id, kind, status or audience) or names a
/// division, date or photo hash that is none: whoever shows a notice must not guess.
std::optional<core::Notice> from_proto(const v1::Notice& message);

v1::Circle to_proto(const core::Circle& circle);
core::Circle from_proto(const v1::Circle& circle);

/// The bytes that are signed. The same notice gives the same bytes in every run of one protobuf version:
/// fields in the order of their numbers, no maps.
std::string serialize(const v1::Notice& notice);

}  // namespace tuanyuan::wire
