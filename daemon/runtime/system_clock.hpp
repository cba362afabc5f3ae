#pragma once

#include "ports/clock.hpp"

namespace tuanyuan::runtime {

/// The machine's clocks. Loop thread for sleep_until, any thread for the rest.
class SystemClock final : public ports::Clock {
 public:
  core::Instant wall_now() override;
  Steady steady_now() override;
  boost::asio::awaitable<void> sleep_until(Steady at) override;
};

}  // namespace tuanyuan::runtime
