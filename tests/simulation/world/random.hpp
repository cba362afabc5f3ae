#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/entropy.hpp"

namespace tuanyuan::simulation {

using Span = std::chrono::milliseconds;

/// One stream of chance. Everybody in the world has one of their own, forked by name, so that what one of them
/// draws does not shift what the others draw.
class Random {
 public:
  explicit Random(std::uint64_t seed) : numbers_(seed) {}

  std::uint64_t next() { return numbers_.next(); }
  /// 0 to `count` - 1.
  std::uint64_t below(std::uint64_t count) { return count == 0 ? 0 : next() % count; }
  /// Both included.
  int between(int low, int high) {
    return low + static_cast<int>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  Span between(Span low, Span high) {
    return low + Span(static_cast<std::int64_t>(below(static_cast<std::uint64_t>((high - low).count()) + 1)));
  }
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  bool chance(double probability) { return probability > 0 && unit() < probability; }
  template <class T>
  const T& pick(const std::vector<T>& all) {
    return all[below(all.size())];
  }

  Random fork(std::string_view name) {
    std::uint64_t seed = next();
    for (const char letter : name) {
      seed = (seed ^ static_cast<unsigned char>(letter)) * 0x0000'0100'0000'01B3;
    }
    return Random(seed);
  }

 private:
  runtime::SeededEntropy numbers_;
};

}  // namespace tuanyuan::simulation
