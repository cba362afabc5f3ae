#pragma once

#include "core/exercise.hpp"
#include "core/targeting.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// Where an exercise would be released now. Refused where its division has nobody with a position.
core::Result<core::Circle> exercise_circle(const World& world, const core::ExercisePlan& plan,
                                           core::Instant last_seen_at, core::Instant now);

/// Whom it would reach.
core::Targets exercise_targets(const World& world, const core::ExercisePlan& plan, const core::Circle& circle);

/// Whether an alert that is meant is out for any of these, or in any of their divisions.
bool live_alert_in_reach(const World& world, const core::Targets& targets);

}  // namespace tuanyuan::engine
