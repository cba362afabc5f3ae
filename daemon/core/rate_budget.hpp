#pragma once

#include <cstddef>
#include <cstdint>

#include "core/time.hpp"

namespace tuanyuan::core {

/// A gateway's quota: so many in so long a time, and so many of them at once.
struct RatePolicy {
  std::uint32_t sends = 0;  ///< 0: without limit
  Duration per{60'000};
  std::uint32_t burst = 1;
};

/// Spreads sends so that a quota is never exceeded (the generic cell rate algorithm of ITU-T I.371, annex A).
/// Times are kept in microseconds, since a quota of 600,000 a minute lets one through every 100 of them.
class RateBudget {
 public:
  explicit RateBudget(const RatePolicy& policy);

  /// When the next place's turn is: now, or later.
  Instant turn(Instant now) const;
  /// Takes it.
  Instant take(Instant now);
  /// How many places have their turn by then, from now on, those taken not counted; no more than `most`.
  std::size_t places_by(Instant until, Instant now, std::size_t most) const;

 private:
  std::int64_t interval_us_ = 0;
  std::int64_t ahead_us_ = 0;  ///< how far before its place one may be sent, for bursts
  std::int64_t next_us_ = 0;   ///< the place after the last one that was taken
};

}  // namespace tuanyuan::core
