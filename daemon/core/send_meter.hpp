#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/time.hpp"

namespace tuanyuan::core {

/// What a channel's sends of the last minute were like. Times are of a steady clock.
class SendMeter {
 public:
  void sent(Instant at, Duration took);
  /// Over the last minute.
  double per_second(Instant now) const;
  /// What one took lately; 0: there was none.
  Duration each() const;

 private:
  static constexpr std::size_t seconds = 60;
  struct Bucket {
    std::int64_t second = -1;
    std::uint32_t sends = 0;
  };
  std::array<Bucket, seconds> buckets_{};
  double each_ms_ = -1;
};

}  // namespace tuanyuan::core
