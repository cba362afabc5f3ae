#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace tuanyuan::core {

/// One circle of the search: its radius as long as no more than `until` has passed since the child was last
/// seen; the last one has no end.
struct RingStage {
  std::optional<Duration> until;
  double radius_km = 0;

  friend bool operator==(const RingStage&, const RingStage&) = default;
};

/// What 团圆 has done since 2016: up to 1 h 100 km, up to 2 h 200 km, up to 3 h 300 km, then 500 km.
std::vector<RingStage> default_ring_stages();

/// How the circle widens with time: stages grow in both time and radius.
struct RingPolicy {
  std::vector<RingStage> stages = default_ring_stages();

  friend bool operator==(const RingPolicy&, const RingPolicy&) = default;
};

/// At least one stage, times and radii growing, radii in range, the last stage and no other without an end.
bool is_valid(const RingPolicy& policy);

// All below take a valid policy.

double radius_km_at(const RingPolicy& policy, Instant last_seen, Instant now);

/// The next moment at which the radius will be larger than it is now; none in the last stage.
std::optional<Instant> next_widening(const RingPolicy& policy, Instant last_seen, Instant now);

/// The radius of the next stage; none beyond the last.
std::optional<double> wider_radius_km(const RingPolicy& policy, double radius_km);

/// The name that the board's by_ring has for a place at this distance from the centre: the radius of the
/// narrowest ring around it ("100", "200", "300", "500"), "beyond" outside all of them, and "coverage" for
/// who has no place of its own.
std::string ring_name(const RingPolicy& policy, std::optional<double> distance_km);

/// All the names there can be, in order.
std::vector<std::string> ring_names(const RingPolicy& policy);

}  // namespace tuanyuan::core
