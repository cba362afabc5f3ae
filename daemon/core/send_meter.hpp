#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/delivery.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

/// What a channel's sends of the last minute were like. Times are of a steady clock.
class SendMeter {
 public:
  /// An attempt ended. What came to nothing is no send: it may make a channel slower, as a gateway that hangs
  /// does, but never quicker, as one would seem that refuses connections at once.
  void ended(Instant at, Duration took, DeliveryOutcome outcome);
  /// Answered sends, over the last minute.
  double per_second(Instant now) const;
  /// What one took lately; 0: that is not known.
  Duration each() const;

 private:
  void count(Instant at);
  void learn(Duration took);

  static constexpr std::size_t seconds = 60;
  struct Bucket {
    std::int64_t second = -1;
    std::uint32_t sends = 0;
  };
  std::array<Bucket, seconds> buckets_{};
  double each_ms_ = -1;
};

}  // namespace tuanyuan::core
