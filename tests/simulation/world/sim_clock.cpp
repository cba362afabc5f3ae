#include "simulation/world/sim_clock.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace tuanyuan::simulation {
namespace {

/// Leaves the queue however the sleeping coroutine ends: by waking, by cancellation, or in a crash.
template <class Queue>
struct Leave {
  Queue& queue;
  typename Queue::key_type place;
  ~Leave() { queue.erase(place); }
};

}  // namespace

core::Instant SimClock::wall_now() {
  const std::chrono::duration<double, std::nano> passed = now_ - drift_from_;
  const auto shown = std::chrono::duration<double, std::nano>(passed.count() * (1 + drift_));
  return wall_from_ + std::chrono::floor<core::Duration>(shown);
}

void SimClock::step_wall(Span by) {
  wall_latest_ = wall_latest();
  wall_from_ += by;
}

void SimClock::set_drift(double parts_per_million) {
  wall_from_ = wall_now();
  drift_from_ = now_;
  drift_ = parts_per_million * 1e-6;
}

void SimClock::mend_wall() {
  wall_latest_ = wall_latest();
  wall_from_ = true_now();
  drift_from_ = now_;
  drift_ = 0;
}

SimClock::Place SimClock::enqueue(Steady at, std::function<void()> event) {
  const Place place{std::max(at, now_), places_++};
  queue_.emplace(place, std::move(event));
  return place;
}

boost::asio::awaitable<void> SimClock::sleep_until(Steady at) {
  // A timer that never fires is a gate; the clock opens it by cancelling the wait.
  boost::asio::steady_timer gate(co_await boost::asio::this_coro::executor,
                                 boost::asio::steady_timer::time_point::max());
  const Leave<decltype(queue_)> leave{queue_, enqueue(at, [&gate] { gate.cancel(); })};
  co_await gate.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

void SimClock::happen() {
  auto next = queue_.extract(queue_.begin());
  now_ = next.key().first;
  next.mapped()();
}

}  // namespace tuanyuan::simulation
