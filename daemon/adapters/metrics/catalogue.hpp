#pragma once

#include <span>
#include <string_view>

namespace tuanyuan::metrics {

enum class Kind { counter, gauge, histogram };

/// One metric that the daemon may write.
struct Metric {
  Kind kind;
  std::string_view name;
  std::string_view help;
  std::span<const double> buckets;  ///< of a histogram, upper bounds
};

std::span<const Metric> catalogue();

}  // namespace tuanyuan::metrics
