#pragma once

#include <chrono>

#include "core/time.hpp"

namespace tuanyuan::station {

/// Milliseconds since a point of the caller's choice, never running backwards: what repeats and waits go by.
using Steady = std::chrono::milliseconds;

/// Both times of one moment. The wall clock dates answers and ends displays; it may be stepped.
struct Moment {
  core::Instant wall{};
  Steady steady{0};
};

}  // namespace tuanyuan::station
