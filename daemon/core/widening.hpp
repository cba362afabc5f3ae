#pragma once

#include <optional>

#include "core/case.hpp"
#include "core/ring.hpp"

namespace tuanyuan::core {

/// What the clock wants of an alert in force.

/// The radius that its age demands, when that is more than it has; never of a circle that an officer chose or
/// holds. After a pause of any length it is the one that fits now, not those that time has overtaken.
std::optional<double> due_radius_km(const RingPolicy& policy, const CaseState& state, Instant now);

/// When due_radius_km will next say something, if nobody decides otherwise; never before `now`.
std::optional<Instant> next_radius_at(const RingPolicy& policy, const CaseState& state, Instant now);

/// How long a notice is shown, and how long it is renewed for.
struct DisplayPolicy {
  Duration shown = std::chrono::hours(24);          ///< from its issue, unless it is renewed
  Duration renewed_before = std::chrono::hours(1);  ///< so long before it runs out
  Duration renewed_for = std::chrono::hours(72);    ///< from the release; then displays take it down themselves

  friend bool operator==(const DisplayPolicy&, const DisplayPolicy&) = default;
};

/// When the notices of an alert in force have to be renewed; none: they are left to run out, which ends the
/// display and never the case.
std::optional<Instant> renewal_at(const DisplayPolicy& policy, const CaseState& state);

}  // namespace tuanyuan::core
