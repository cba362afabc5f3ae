#include "engine/exercise_circle.hpp"

#include <algorithm>
#include <cmath>

#include "core/limits.hpp"
#include "engine/composing.hpp"

namespace tuanyuan::engine {
namespace {

/// Around everybody who has a place, as far as a circle goes.
double radius_around_all(const core::Directory& directory, core::Position centre) {
  double farthest_km = 0;
  for (const core::Ordinal ordinal : directory.live()) {
    const core::Directory::Entry recipient = directory.at(ordinal);
    if (recipient.position && !recipient.by_coverage) {
      farthest_km = std::max(farthest_km, core::distance_km(centre, *recipient.position));
    }
  }
  return std::clamp(std::ceil(farthest_km + 1), core::radius_km_min, core::radius_km_max);
}

}  // namespace

core::Result<core::Circle> exercise_circle(const World& world, const core::ExercisePlan& plan,
                                           core::Instant last_seen_at, core::Instant now) {
  const double by_the_hour = core::radius_km_at(world.settings.rings, last_seen_at, now);
  core::Result<core::Circle> circle =
      circle_of(world, core::exercise_report(plan, last_seen_at), plan.radius_km.value_or(by_the_hour));
  if (circle && plan.everybody) {
    circle->radius_km = radius_around_all(world.directory, circle->centre);
  }
  return circle;
}

core::Targets exercise_targets(const World& world, const core::ExercisePlan& plan, const core::Circle& circle) {
  core::AudienceSet audiences = plan.audiences.value_or(world.settings.audiences);
  if (!world.settings.exercises_reach_public) {
    audiences.erase(core::Audience::public_);
  }
  audiences.insert(core::Audience::police);
  return core::target(world.directory, circle, plan.division, audiences);
}

bool live_alert_in_reach(const World& world, const core::Targets& targets) {
  const auto& all = world.cases.all();
  return std::any_of(all.begin(), all.end(), [&](const auto& each) {
    const CaseFile& file = each.second;
    const bool live = file.state.status == core::Status::actual && !file.state.showing().empty();
    const auto reached = [&targets](core::Division division) {
      return std::binary_search(targets.divisions.begin(), targets.divisions.end(), division);
    };
    return live && (reached(file.state.division) || file.tally.expected().intersect(targets.expected));
  });
}

}  // namespace tuanyuan::engine
