#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace tuanyuan::wire {

/// Nanoseconds below a millisecond are dropped. What a Timestamp may not hold (before year 1, after 9999,
/// nanoseconds out of range) becomes the nearest that it may, for the rules to refuse.
core::Instant from_proto(const google::protobuf::Timestamp& stamp);
google::protobuf::Timestamp to_proto(core::Instant at);

/// RFC 3339 full-date, "2019-06-01". Nothing for anything else and for days that do not exist.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text);
std::string to_string(std::chrono::year_month_day date);

}  // namespace tuanyuan::wire
