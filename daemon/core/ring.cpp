#include "core/ring.hpp"

#include <array>
#include <charconv>

#include "core/limits.hpp"

namespace tuanyuan::core {
namespace {

constexpr const char* beyond_name = "beyond";
constexpr const char* coverage_name = "coverage";

const RingStage& stage_at(const RingPolicy& policy, Duration elapsed) {
  for (const RingStage& stage : policy.stages) {
    if (!stage.until || elapsed <= *stage.until) {
      return stage;
    }
  }
  return policy.stages.back();
}

std::string name_of(const RingStage& stage) {
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), stage.radius_km);
  return error == std::errc() ? std::string(digits.data(), end) : std::string(beyond_name);
}

bool follows(const RingStage& before, const RingStage& after) {
  return before.until && (!after.until || *before.until < *after.until) && before.radius_km < after.radius_km;
}

}  // namespace

std::vector<RingStage> default_ring_stages() {
  using std::chrono::hours;
  return {{hours(1), 100}, {hours(2), 200}, {hours(3), 300}, {std::nullopt, 500}};
}

bool is_valid(const RingPolicy& policy) {
  if (policy.stages.empty() || policy.stages.back().until) {
    return false;
  }
  for (std::size_t index = 0; index < policy.stages.size(); ++index) {
    const RingStage& stage = policy.stages[index];
    const bool in_range = stage.radius_km >= radius_km_min && stage.radius_km <= radius_km_max;
    if (!in_range || (index > 0 && !follows(policy.stages[index - 1], stage))) {
      return false;
    }
  }
  return true;
}

double radius_km_at(const RingPolicy& policy, Instant last_seen, Instant now) {
  return stage_at(policy, now - last_seen).radius_km;
}

std::optional<Instant> next_widening(const RingPolicy& policy, Instant last_seen, Instant now) {
  const RingStage& stage = stage_at(policy, now - last_seen);
  // A stage holds to the end of its hour, so that the next one begins a tick later.
  return stage.until ? std::optional(last_seen + *stage.until + Duration(1)) : std::nullopt;
}

std::optional<double> wider_radius_km(const RingPolicy& policy, double radius_km) {
  for (const RingStage& stage : policy.stages) {
    if (stage.radius_km > radius_km) {
      return stage.radius_km;
    }
  }
  return std::nullopt;
}

std::string ring_name(const RingPolicy& policy, std::optional<double> distance_km) {
  if (!distance_km) {
    return coverage_name;
  }
  for (const RingStage& stage : policy.stages) {
    if (*distance_km <= stage.radius_km) {
      return name_of(stage);
    }
  }
  return beyond_name;
}

std::vector<std::string> ring_names(const RingPolicy& policy) {
  std::vector<std::string> names;
  for (const RingStage& stage : policy.stages) {
    names.push_back(name_of(stage));
  }
  names.insert(names.end(), {beyond_name, coverage_name});
  return names;
}

}  // namespace tuanyuan::core
