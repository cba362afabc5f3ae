#include "core/widening.hpp"

#include <algorithm>

namespace tuanyuan::core {
namespace {

bool widens(const CaseState& state) {
  return state.in_force() && !state.radius_chosen && !state.circle_held;
}

}  // namespace

std::optional<double> due_radius_km(const RingPolicy& policy, const CaseState& state, Instant now) {
  if (!widens(state)) {
    return std::nullopt;
  }
  const double demanded = radius_km_at(policy, state.last_seen_at, now);
  return demanded > state.radius_km ? std::optional(demanded) : std::nullopt;
}

std::optional<Instant> next_radius_at(const RingPolicy& policy, const CaseState& state, Instant now) {
  if (!widens(state)) {
    return std::nullopt;
  }
  if (due_radius_km(policy, state, now)) {
    return now;
  }
  // An officer may have advanced it beyond the next stage: then that stage's hour passes without anything.
  std::optional<Instant> at = next_widening(policy, state.last_seen_at, now);
  while (at && !due_radius_km(policy, state, *at)) {
    at = next_widening(policy, state.last_seen_at, *at);
  }
  return at;
}

std::optional<Instant> renewal_at(const DisplayPolicy& policy, const CaseState& state) {
  if (!state.in_force()) {
    return std::nullopt;
  }
  const Instant last = state.released_at + policy.renewed_for;
  // Never so early that one renewal would be due with the one before it.
  constexpr int part_of_display = 4;
  const Duration before = std::min(policy.renewed_before, policy.shown / part_of_display);
  return state.expires_at < last ? std::optional(state.expires_at - before) : std::nullopt;
}

}  // namespace tuanyuan::core
