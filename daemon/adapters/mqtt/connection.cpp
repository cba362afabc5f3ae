#include "adapters/mqtt/connection.hpp"

#include <algorithm>
#include <utility>

#include "adapters/mqtt/limits.hpp"

namespace tuanyuan::mqtt::connection {
namespace {

class Advance {
 public:
  Advance(const State& state, Steady now, std::uint64_t random) : now_(now), random_(random) {
    step_.next = state;
  }

  void operator()(const Start&) {
    if (phase() == Phase::stopped) {
      connect();
    }
  }
  void operator()(const Connected&) {
    if (phase() == Phase::connecting) {
      enter(Phase::subscribing);
      act(Subscribe{});
      arm(subscribe_deadline);
    }
  }
  void operator()(const ConnectFailed& event) {
    if (phase() == Phase::connecting) {
      wait(event.reason, false);
    }
  }
  void operator()(const Subscribed&) {
    if (phase() == Phase::subscribing) {
      enter(Phase::up);
      step_.next.up_since = now_;
      ++step_.next.timer;  // voids the subscribing deadline
      act(AnnounceUp{});
    }
  }
  void operator()(const SubscribeFailed& event) {
    if (phase() == Phase::subscribing) {
      act(Disconnect{});
      wait(event.reason, false);
    }
  }
  void operator()(const Lost& event) {
    if (phase() == Phase::up) {
      if (now_ - step_.next.up_since >= stable_after) {
        step_.next.failures = 0;
      }
      wait(event.reason, true);
    } else if (phase() == Phase::subscribing) {
      wait(event.reason, false);
    } else if (phase() == Phase::closing) {
      stopped();
    }
  }
  void operator()(const Due& event) {
    if (event.timer != step_.next.timer) {
      return;
    }
    switch (phase()) {
      case Phase::connecting:
      case Phase::subscribing:
        act(Disconnect{});
        return wait("no answer in time", false);
      case Phase::waiting:
        return connect();
      case Phase::closing:
        return stopped();
      case Phase::stopped:
      case Phase::up:
        return;
    }
  }
  void operator()(const Stop&) {
    switch (phase()) {
      case Phase::connecting:
      case Phase::subscribing:
      case Phase::up: {
        const bool was_up = phase() == Phase::up;
        enter(Phase::closing);
        if (was_up) {
          act(AnnounceDown{"stopping", true, true});
        }
        act(Disconnect{});
        return arm(disconnect_deadline);
      }
      case Phase::waiting:
        return stopped();
      case Phase::stopped:
        return act(AnnounceStopped{});
      case Phase::closing:
        return;
    }
  }
  void operator()(const Disconnected&) {
    if (phase() == Phase::closing) {
      stopped();
    }
  }

  Step take() { return std::move(step_); }

 private:
  Phase phase() const { return step_.next.phase; }
  void enter(Phase phase) { step_.next.phase = phase; }
  // In place: through a temporary g++ 12 sees uninitialised memory that is not there.
  template <class Act>
  void act(Act action) {
    step_.actions.emplace_back(std::in_place_type<Act>, std::move(action));
  }
  void arm(Steady::duration after) { act(SetTimer{now_ + after, ++step_.next.timer}); }

  void connect() {
    enter(Phase::connecting);
    act(Connect{});
    arm(connect_deadline);
  }
  void wait(std::string reason, bool was_up) {
    enter(Phase::waiting);
    act(AnnounceDown{std::move(reason), was_up});
    arm(back_off(step_.next.failures++, random_));
  }
  void stopped() {
    enter(Phase::stopped);
    ++step_.next.timer;
    act(AnnounceStopped{});
  }

  Step step_;
  Steady now_;
  std::uint64_t random_;
};

}  // namespace

Steady::duration back_off(std::uint32_t failures, std::uint64_t random) {
  constexpr std::uint32_t doublings_max = 6;
  const auto grown = back_off_min * (1U << std::min(failures, doublings_max));
  const auto delay = std::min<Steady::duration>(grown, back_off_max);
  const auto half = static_cast<std::uint64_t>(delay.count() / 2);
  return delay - Steady::duration(static_cast<Steady::rep>(random % (half + 1)));
}

Step advance(const State& state, const Event& event, Steady now, std::uint64_t random) {
  Advance advance(state, now, random);
  std::visit(advance, event);
  return advance.take();
}

}  // namespace tuanyuan::mqtt::connection
