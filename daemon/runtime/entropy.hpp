#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "ports/entropy.hpp"

namespace tuanyuan::runtime {

/// A UUID version 7 (RFC 9562, section 5.7) of that time and these random bits, in lower case.
std::string uuid_v7(core::Instant at, std::uint64_t random_high, std::uint64_t random_low);

/// The operating system's randomness (getrandom(2)). Loop thread.
class OsEntropy final : public ports::Entropy {
 public:
  std::uint64_t next() override;
  std::string uuid(core::Instant at) override;

 private:
  std::array<std::uint64_t, 32> pool_{};
  std::size_t left_ = 0;
};

/// The same numbers for the same seed (SplitMix64), for tests and the simulation. Not for secrets.
class SeededEntropy final : public ports::Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() override;
  std::string uuid(core::Instant at) override;

 private:
  std::uint64_t state_;
};

}  // namespace tuanyuan::runtime
