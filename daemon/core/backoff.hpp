#pragma once

#include <cstdint>

#include "core/time.hpp"

namespace tuanyuan::core {

/// Full jitter spreads over the whole wait, from nothing on; equal jitter keeps at least half of it, for where
/// a hasty first repeat would do harm.
enum class Jitter : std::uint8_t { full, equal };

/// Waits that double from `first` to `longest`.
struct BackoffPolicy {
  Duration first{0};
  Duration longest{0};
  Jitter jitter = Jitter::equal;
};

/// A recipient that repeats what has no receipt yet (contract, section 4).
inline constexpr BackoffPolicy answer_repeat_backoff{Duration(5'000), Duration(300'000), Jitter::equal};
/// A delivery whose channel said "later" or nothing.
inline constexpr BackoffPolicy delivery_backoff{Duration(1'000), Duration(60'000), Jitter::equal};
/// A broker or gateway that cannot be reached. A broker that restarts meets all its clients at once.
inline constexpr BackoffPolicy reconnect_backoff{Duration(500), Duration(30'000), Jitter::full};

/// How long to wait before attempt `attempts` + 1, that many having failed (0 counts as 1). `random` is any
/// 64 random bits. Never longer than `longest`.
Duration backoff_delay(const BackoffPolicy& policy, std::uint32_t attempts, std::uint64_t random);

}  // namespace tuanyuan::core
