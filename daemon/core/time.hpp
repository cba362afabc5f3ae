#pragma once

#include <chrono>
#include <cstdint>

namespace tuanyuan::core {

/// A point of wall-clock time (UTC) in milliseconds: what journals, notices and deadlines are written in.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

inline std::int64_t to_epoch_ms(Instant at) { return at.time_since_epoch().count(); }
inline Instant from_epoch_ms(std::int64_t ms) { return Instant{Duration{ms}}; }

}  // namespace tuanyuan::core
