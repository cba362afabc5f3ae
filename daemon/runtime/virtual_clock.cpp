#include "runtime/virtual_clock.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tuanyuan::runtime {
namespace {

/// Leaves the list of sleepers however the sleeping coroutine ends.
template <class Map>
struct Leave {
  std::shared_ptr<Map> sleepers;
  typename Map::key_type place;
  ~Leave() { sleepers->erase(place); }
};

}  // namespace

VirtualClock::VirtualClock(boost::asio::io_context& context, core::Instant wall_start)
    : context_(context), wall_start_(wall_start) {}

core::Instant VirtualClock::wall_now() {
  return wall_start_ + wall_offset_ + std::chrono::floor<core::Duration>(now_.time_since_epoch());
}

boost::asio::awaitable<void> VirtualClock::sleep_until(Steady at) {
  // A timer that never fires is a gate; the clock opens it by cancelling the wait.
  boost::asio::steady_timer gate(co_await boost::asio::this_coro::executor,
                                 boost::asio::steady_timer::time_point::max());
  const Place place{at, places_++};
  sleepers_->emplace(place, &gate);
  const Leave<Sleepers> leave{sleepers_, place};
  co_await gate.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

void VirtualClock::settle() {
  // poll() may leave work that its last handler made on another pass of the reactor; it is idle only after a
  // pass that ran nothing.
  do {
    context_.restart();
  } while (context_.poll() != 0);
}

void VirtualClock::wake_next() {
  const auto first = sleepers_->begin();
  now_ = std::max(now_, first->first.first);
  first->second->cancel();
  sleepers_->erase(first);
  settle();
}

void VirtualClock::run_for(Steady::duration duration) {
  const Steady end = now_ + duration;
  settle();
  while (!sleepers_->empty() && sleepers_->begin()->first.first <= end) {
    wake_next();
  }
  now_ = end;
}

bool VirtualClock::run_until(const std::function<bool()>& done, Steady::duration longest) {
  const Steady end = now_ + longest;
  settle();
  while (!done()) {
    if (sleepers_->empty() || sleepers_->begin()->first.first > end) {
      now_ = end;
      return done();
    }
    wake_next();
  }
  return true;
}

void VirtualClock::run() {
  settle();
  while (!sleepers_->empty()) {
    wake_next();
  }
}

}  // namespace tuanyuan::runtime
