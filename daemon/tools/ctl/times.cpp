#include "tools/ctl/times.hpp"

#include "adapters/wire/json_time.hpp"
#include "adapters/wire/times.hpp"

namespace tuanyuan::ctl {

std::string to_rfc3339(core::Instant at) {
  const google::protobuf::Timestamp stamp = wire::to_proto(at);
  std::string text;
  wire::append_timestamp(wire::TimestampParts{stamp.seconds(), stamp.nanos()}, text);
  return text;
}

std::optional<core::Instant> from_rfc3339(std::string_view text) {
  const auto parts = wire::parse_timestamp(text);
  if (!parts) {
    return std::nullopt;
  }
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(parts->seconds);
  stamp.set_nanos(parts->nanos);
  return wire::from_proto(stamp);
}

}  // namespace tuanyuan::ctl
