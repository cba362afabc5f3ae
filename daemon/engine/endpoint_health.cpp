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
bool was_told(const World& world, const CaseFile& file, core::Ordinal told, core::ChannelKind way) {
  if (way == core::ChannelKind::mqtt) {
    return world.endpoints.usual(told) == way || file.addressed.contains(told) ||
           file.maybe_addressed.contains(told);
  }
  const auto is_in = [&](const GatewaySets& sets) {
    const auto found = sets.find(way);
    return found != sets.end() && found->second.contains(told);
  };
  return is_in(file.told_by) || is_in(file.maybe_told_by);
}

}  // namespace

std::vector<core::EndpointHealth> health_of(const World& world, const ports::DirectoryEntry& entry) {
  const core::Ordinal told = world.directory.at(entry.ordinal).via.value_or(entry.ordinal);
  std::vector<core::EndpointHealth> all;
  for (const core::Endpoint& endpoint : entry.recipient.endpoints) {
    all.push_back({endpoint.channel, state_of(world, told, endpoint)});
  }
  if (all.empty()) {
    all.push_back({core::ChannelKind::mqtt, state_of(world, told, {core::ChannelKind::mqtt, "", ""})});
  }
  return all;
}

std::vector<core::ChannelKind> tried_ways(const World& world, const CaseFile& file,
                                          const ports::DirectoryEntry& entry) {
  const core::Ordinal told = world.directory.at(entry.ordinal).via.value_or(entry.ordinal);
  std::vector<core::ChannelKind> order = {world.endpoints.usual(told)};
  for (const core::Endpoint& endpoint : entry.recipient.endpoints) {
    order.push_back(endpoint.channel);
  }
  for (std::size_t kind = 0; kind < core::channel_count; ++kind) {  // a hub's, which stand elsewhere
    order.push_back(static_cast<core::ChannelKind>(kind));
  }
  std::vector<core::ChannelKind> tried;
  for (const core::ChannelKind way : order) {
    const bool is_new = std::find(tried.begin(), tried.end(), way) == tried.end();
    if (is_new && was_told(world, file, told, way)) {
      tried.push_back(way);
    }
  }
  return tried;
}

}  // namespace tuanyuan::engine
