#pragma once

#include <cstdint>
#include <string>

#include "core/time.hpp"

namespace tuanyuan::ports {

/// Randomness, as it is given to the engine: from the operating system, or from a seed.
class Entropy {
 public:
  virtual ~Entropy() = default;

  virtual std::uint64_t next() = 0;
  /// A lower-case UUID version 7 (RFC 9562) of that time.
  virtual std::string uuid(core::Instant at) = 0;
};

}  // namespace tuanyuan::ports
