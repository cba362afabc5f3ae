#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "ports/clock.hpp"

namespace tuanyuan::runtime {

/// Time for tests and the simulation: it stands still while anything is left to do on the loop, then jumps to
/// the next deadline. Who sleeps until the same time is woken in the order of going to sleep, one after the
/// other, so that a run depends on nothing but its inputs. Everything runs on the one io_context, inside the
/// run functions; work on other threads is not waited for.
class VirtualClock final : public ports::Clock {
 public:
  explicit VirtualClock(boost::asio::io_context& context, core::Instant wall_start = core::Instant{});

  core::Instant wall_now() override;
  Steady steady_now() override { return now_; }
  boost::asio::awaitable<void> sleep_until(Steady at) override;

  /// Runs what is ready now and lets no time pass.
  void settle();
  /// Runs everything due until `duration` has passed, and stops at exactly that time.
  void run_for(Steady::duration duration);
  /// Runs until `done` answers true, which is asked whenever the loop is idle, or `longest` has passed.
  /// Tells whether it was done.
  bool run_until(const std::function<bool()>& done, Steady::duration longest);
  /// Runs until nobody sleeps any more. For programs that end by themselves.
  void run();

  /// Sets the wall clock forward or back, as an administrator or NTP does; the steady one does not notice.
  void step_wall(core::Duration by) { wall_offset_ += by; }

  /// Lets time pass in which the whole process stands still; what fell due meanwhile happens afterwards.
  void stand_still(Steady::duration duration) { now_ += duration; }

  std::size_t sleepers() const { return sleepers_->size(); }

 private:
  using Place = std::pair<Steady, std::uint64_t>;
  using Sleepers = std::map<Place, boost::asio::steady_timer*>;

  void wake_next();

  boost::asio::io_context& context_;
  Steady now_{};
  core::Instant wall_start_;
  core::Duration wall_offset_{0};
  std::uint64_t places_ = 0;
  // Shared with the sleeping coroutines, whose frames the io_context may destroy after the clock.
  std::shared_ptr<Sleepers> sleepers_ = std::make_shared<Sleepers>();
};

}  // namespace tuanyuan::runtime
