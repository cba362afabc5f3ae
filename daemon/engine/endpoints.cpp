#include "engine/endpoints.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tuanyuan::engine {

core::RecipientSet everybody(const GatewaySets& sets) {
  core::RecipientSet all;
  for (const auto& [gateway, recipients] : sets) {
    all |= recipients;
  }
  return all;
}

bool contains(const GatewaySets& sets, core::Ordinal recipient) {
  return std::any_of(sets.begin(), sets.end(),
                     [recipient](const auto& gateway) { return gateway.second.contains(recipient); });
}

void unite(GatewaySets& sets, const GatewaySets& others) {
  for (const auto& [gateway, recipients] : others) {
    sets[gateway] |= recipients;
  }
}

void Endpoints::offer(core::ChannelKind gateway) {
  offered_[static_cast<std::size_t>(gateway)] = true;
  for (const auto& [recipient, ways] : ways_) {
    place(recipient);
  }
}

void Endpoints::put(core::Ordinal recipient, const std::vector<core::Endpoint>& endpoints) {
  const bool has_gateway = std::any_of(endpoints.begin(), endpoints.end(), [](const core::Endpoint& endpoint) {
    return endpoint.channel != core::ChannelKind::mqtt;
  });
  if (ways_.erase(recipient) == 0 && !has_gateway) {
    return;  // as almost all of a million are, at each start
  }
  if (has_gateway) {
    std::vector<core::ChannelKind>& ways = ways_[recipient];
    std::transform(endpoints.begin(), endpoints.end(), std::back_inserter(ways),
                   [](const core::Endpoint& endpoint) { return endpoint.channel; });
  }
  place(recipient);
}

void Endpoints::place(core::Ordinal recipient) {
  if (usual(recipient) == core::ChannelKind::mqtt) {
    by_gateway_.remove(recipient);
  } else {
    by_gateway_.add(recipient);
  }
}

core::ChannelKind Endpoints::usual(core::Ordinal recipient) const {
  const auto found = ways_.find(recipient);
  if (found == ways_.end()) {
    return core::ChannelKind::mqtt;
  }
  const auto way = std::find_if(found->second.begin(), found->second.end(),
                                [this](core::ChannelKind each) { return can_use(each); });
  return way == found->second.end() ? core::ChannelKind::mqtt : *way;
}

core::ChannelKind Endpoints::next(core::Ordinal recipient) const {
  const core::ChannelKind first = usual(recipient);
  const auto found = ways_.find(recipient);
  if (found == ways_.end()) {
    return first;
  }
  const auto way = std::find_if(found->second.begin(), found->second.end(),
                                [&](core::ChannelKind each) { return can_use(each) && each != first; });
  return way == found->second.end() ? first : *way;
}

}  // namespace tuanyuan::engine
