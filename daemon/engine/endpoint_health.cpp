#include "engine/endpoint_health.hpp"

#include <algorithm>

namespace tuanyuan::engine {
namespace {

core::EndpointState state_of(const World& world, core::Ordinal told, const core::Endpoint& endpoint) {
  if (endpoint.retired_at != core::Instant{}) {
    return core::EndpointState::retired;
  }
  const core::EndpointState state = world.state_of ? world.state_of(endpoint) : core::EndpointState::off;
  const bool is_away = endpoint.channel == core::ChannelKind::mqtt && !world.online.contains(told);
  return state == core::EndpointState::up && is_away ? core::EndpointState::down : state;
}

/// The usual way of whoever hears by MQTT is the topic of its division, which nobody is told on by name.
bool was_told(const World& world, const CaseFile& file, core::Ordinal told, core::Way way) {
  if (way.channel == core::ChannelKind::mqtt) {
    return world.endpoints.usual(told) == way || file.addressed.contains(told) ||
           file.maybe_addressed.contains(told);
  }
  return file.told_by.contains({told, way}) || file.maybe_told_by.contains({told, way});
}

}  // namespace

std::vector<core::EndpointHealth> health_of(const World& world, const CaseFile& file,
                                            const ports::DirectoryEntry& entry) {
  const core::Ordinal told = world.directory.at(entry.ordinal).via.value_or(entry.ordinal);
  std::vector<core::EndpointHealth> all;
  for (const core::Endpoint& endpoint : entry.recipient.endpoints) {
    const bool tried = told == entry.ordinal && was_told(world, file, told, core::way_of(endpoint));
    all.push_back({endpoint.channel, state_of(world, told, endpoint), tried});
  }
  if (all.empty()) {
    all.push_back({core::ChannelKind::mqtt, state_of(world, told, {core::ChannelKind::mqtt, "", ""}),
                   was_told(world, file, told, core::Way())});
  }
  return all;
}

std::vector<core::ChannelKind> tried_ways(const World& world, const CaseFile& file,
                                          const ports::DirectoryEntry& entry) {
  const core::Ordinal told = world.directory.at(entry.ordinal).via.value_or(entry.ordinal);
  std::vector<core::Way> order = {world.endpoints.usual(told)};
  for (const core::Endpoint& endpoint : entry.recipient.endpoints) {
    order.push_back(core::way_of(endpoint));
  }
  order.emplace_back();
  for (const ToldBy* told_by : {&file.told_by, &file.maybe_told_by}) {  // a hub's, or what it has no more
    const std::vector<core::Way> others = told_by->of(told);
    order.insert(order.end(), others.begin(), others.end());
  }
  std::vector<core::Way> counted;
  std::vector<core::ChannelKind> tried;
  for (const core::Way way : order) {
    const bool is_new = std::find(counted.begin(), counted.end(), way) == counted.end();
    if (is_new && was_told(world, file, told, way)) {
      counted.push_back(way);
      tried.push_back(way.channel);
    }
  }
  return tried;
}

}  // namespace tuanyuan::engine
