#include "engine/timekeeper.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/widening.hpp"

namespace tuanyuan::engine {
namespace {

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
  world_.running.begin(clock.steady_now());
  for (;;) {
    world_.note_time();
    std::vector<core::AlertId> due;
    const core::Instant now = clock.wall_now();
    if (now < last_ || directory_ != world_.directory.generation()) {
      // Stepped back: what was put off by the wrong clock may be due by the right one. Or somebody's hours are
      // others.
      looks_.clear();
    }
    last_ = now;
    directory_ = world_.directory.generation();
    for (const auto& [id, file] : world_.cases.all()) {
      if (file.state.issued() && !file.state.cleared && is_due(id, file)) {
        due.push_back(id);
      }
    }
    for (const core::AlertId& id : due) {
      const CaseFile& file = *std::as_const(world_.cases).find(id);
      // What comes meanwhile is looked at next.
      Look look{core::Instant(), file.state.entries, file.answers, clock.steady_now()};
      look.at = co_await turn(id);
      looks_[id] = look;
    }
    co_await world_.clock_changed.wait_until(clock, clock.steady_now() + tick_max);
  }
}

/// At its time, and whenever something was decided. Whoever has just received it has a deadline to confirm it,
/// which may have run out already; but answers come by the hundred, so they are looked at once a tick.
bool Timekeeper::is_due(const core::AlertId& id, const CaseFile& file) const {
  const auto found = looks_.find(id);
  if (found == looks_.end() || found->second.entries != file.state.entries) {
    return true;
  }
  const Look& look = found->second;
  ports::Clock& clock = world_.tools.clock;
  const bool heard = look.answers != file.answers && clock.steady_now() >= look.looked + tick_max;
  return heard || look.at <= clock.wall_now();
}

std::optional<core::Instant> Timekeeper::next_decision(const core::CaseState& state) const {
  const Settings& settings = world_.settings;
  if (state.recalled()) {
    return state.cleared ? std::nullopt : std::optional(state.ended_at + settings.recall_retention);
  }
  const core::Instant now = world_.tools.clock.wall_now();
  return sooner(state.closes_at(now), sooner(core::next_radius_at(settings.rings, state, now),
                                             core::renewal_at(settings.display, state)));
}

/// One decision that is due. False: it could not be made now.
boost::asio::awaitable<bool> Timekeeper::decide(const core::AlertId& alert) {
  const core::CaseState state = std::as_const(world_.cases).find(alert)->state;
  const core::Instant now = world_.tools.clock.wall_now();
  core::Result<ports::AlertView> outcome = core::Refusal(core::Errc::unavailable);
  if (state.recalled()) {
    outcome = co_await cases_.clear(alert);
  } else if (const auto closes_at = state.closes_at(now); closes_at && *closes_at <= now) {
    outcome = co_await cases_.close_exercise(alert);
  } else if (core::due_radius_km(world_.settings.rings, state, now)) {
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
    if (decided) {
      co_return clock.wall_now();
    }
    decision = clock.wall_now() + retry_pause;  // what needs no new copy goes on
  }
  const bool followed = co_await follower_.follow(alert);
  if (!followed) {
    co_return sooner(decision, clock.wall_now() + tick_max).value_or(never);
  }
  const std::optional<core::Instant> chase = co_await chaser_.chase(alert);
  co_return sooner(decision, chase).value_or(never);
}

}  // namespace tuanyuan::engine
