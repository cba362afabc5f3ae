#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tuanyuan::wire {

/// google.protobuf.Timestamp: seconds since 1970 in UTC, and nanoseconds that count forward from them.
struct TimestampParts {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;

  friend bool operator==(const TimestampParts&, const TimestampParts&) = default;
};

/// RFC 3339 with `Z` or an offset and up to nine decimals, upper-case `T` and `Z` as the protobuf JSON mapping
/// has them, between the years 1 and 9999 in UTC. Leap seconds are refused: the time scale has no place for
/// them.
std::optional<TimestampParts> parse_timestamp(std::string_view text);

/// In UTC with `Z` and 0, 3, 6 or 9 decimals, as many as are needed. A time outside the years 1 to 9999, which
/// RFC 3339 cannot write, becomes the nearest that it can.
void append_timestamp(TimestampParts time, std::string& out);

}  // namespace tuanyuan::wire
