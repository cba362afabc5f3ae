#include "engine/timekeeper.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/widening.hpp"

namespace tuanyuan::engine {
namespace {

/// How long answers may change what is due before the alert is looked at again.
constexpr core::Duration answers_pause = std::chrono::seconds(2);
constexpr core::Instant never = core::Instant::max();

std::optional<core::Instant> sooner(std::optional<core::Instant> one, std::optional<core::Instant> other) {
  if (!one || !other) {
    return one ? one : other;
  }
  return std::min(*one, *other);
}

}  // namespace

boost::asio::awaitable<void> Timekeeper::run() {
  ports::Clock& clock = world_.tools.clock;
  begun_ = clock.steady_now();
  for (;;) {
    std::vector<core::AlertId> due;
    const core::Instant now = clock.wall_now();
    if (now < last_) {
      looks_.clear();  // stepped back: what was put off by the wrong clock may be due by the right one
    }
    last_ = now;
    for (const auto& [id, file] : world_.cases.all()) {
      const auto look = looks_.find(id);
      const bool changed = look == looks_.end() || look->second.entries != file.state.entries;
      if (file.state.issued() && !file.state.cleared && (changed || look->second.at <= now)) {
        due.push_back(id);
      }
    }
    for (const core::AlertId& id : due) {
      const core::Instant next = co_await turn(id);
      looks_[id] = Look{next, std::as_const(world_.cases).find(id)->state.entries};
    }
    co_await world_.clock_changed.wait_until(clock, clock.steady_now() + tick_max);
  }
}

std::optional<core::Instant> Timekeeper::next_decision(const core::CaseState& state) const {
  const Settings& settings = world_.settings;
  if (state.recalled()) {
    return state.cleared ? std::nullopt : std::optional(state.ended_at + settings.recall_retention);
  }
  return sooner(core::next_radius_at(settings.rings, state, world_.tools.clock.wall_now()),
                core::renewal_at(settings.display, state));
}

/// One decision that is due. False: it could not be made now.
boost::asio::awaitable<bool> Timekeeper::decide(const core::AlertId& alert) {
  const core::CaseState state = std::as_const(world_.cases).find(alert)->state;
  core::Result<ports::AlertView> outcome = core::Refusal(core::Errc::unavailable);
  if (state.recalled()) {
    outcome = co_await cases_.clear(alert);
  } else if (core::due_radius_km(world_.settings.rings, state, world_.tools.clock.wall_now())) {
    outcome = co_await cases_.widen(alert);
  } else {
    outcome = co_await cases_.renew(alert);
  }
  if (!outcome) {
    world_.tools.log.warning(
        "clock.not_decided",
        {{"alert", alert.value}, {"why", std::string(core::problem_name(outcome.error().code))}});
  }
  co_return outcome.has_value();
}

/// Does what is due for one alert and says when to look again.
boost::asio::awaitable<core::Instant> Timekeeper::turn(core::AlertId alert) {
  ports::Clock& clock = world_.tools.clock;
  const core::CaseState& state = std::as_const(world_.cases).find(alert)->state;
  std::optional<core::Instant> decision = next_decision(state);
  if (decision && *decision <= clock.wall_now()) {
    const bool decided = co_await decide(alert);
    co_return decided ? clock.wall_now() : clock.wall_now() + retry_pause;
  }
  std::optional<core::Instant> chase;
  const ports::Clock::Steady grace_over = begun_ + world_.settings.chase_grace;
  if (clock.steady_now() >= grace_over) {
    chase = co_await chaser_.chase(alert);
  } else {
    chase = clock.wall_now() + std::chrono::duration_cast<core::Duration>(grace_over - clock.steady_now()) +
            core::Duration(1);
  }
  // An answer may bring a deadline of its own, and is no entry of the case: who receives it after the last step
  // has still to confirm.
  const core::Instant answers = state.cleared ? never : clock.wall_now() + answers_pause;
  co_return sooner(sooner(decision, chase), answers).value_or(never);
}

}  // namespace tuanyuan::engine
