#pragma once

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "ports/clock.hpp"
#include "simulation/world/random.hpp"

namespace tuanyuan::simulation {

/// The one order of all that happens: the daemon's sleeping coroutines and the world's own events stand in one
/// queue, by time and then by who came first. Unlike runtime::VirtualClock it outlives the daemon's io_context,
/// which goes with every crash, and its wall clock may be stepped and drift.
class SimClock final : public ports::Clock {
 public:
  explicit SimClock(core::Instant wall_start) : wall_from_(wall_start), wall_start_(wall_start) {}

  core::Instant wall_now() override;
  Steady steady_now() override { return now_; }
  Steady now() const { return now_; }
  boost::asio::awaitable<void> sleep_until(Steady at) override;

  /// An event of the world.
  void at(Steady when, std::function<void()> event) { enqueue(when, std::move(event)); }
  void after(Span wait, std::function<void()> event) { enqueue(now_ + wait, std::move(event)); }

  bool idle() const { return queue_.empty(); }
  Steady next() const { return queue_.begin()->first.first; }
  /// Jumps to the next event and lets it happen; what it wakes in the daemon has still to be run.
  void happen();
  /// Lets the time pass in which nothing happens.
  void pass_until(Steady at) { now_ = std::max(now_, at); }

  // The wall clock, as an administrator, NTP or a bad crystal has it.
  void step_wall(Span by);
  void set_drift(double parts_per_million);
  /// The latest that it ever showed: what was begun then may still be under way.
  core::Instant wall_latest() { return std::max(wall_latest_, wall_now()); }
  /// What the time really is.
  core::Instant true_now() const {
    return wall_start_ + std::chrono::floor<core::Duration>(now_.time_since_epoch());
  }
  void mend_wall();

 private:
  using Place = std::pair<Steady, std::uint64_t>;

  Place enqueue(Steady at, std::function<void()> event);

  Steady now_{};
  std::uint64_t places_ = 0;
  std::map<Place, std::function<void()>> queue_;
  core::Instant wall_from_;  ///< what the wall clock showed at drift_from_
  core::Instant wall_start_;
  core::Instant wall_latest_{};  ///< before it was last set
  Steady drift_from_{};
  double drift_ = 0;
};

}  // namespace tuanyuan::simulation
