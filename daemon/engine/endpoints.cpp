#include "engine/endpoints.hpp"

#include <utility>

namespace tuanyuan::engine {

core::RecipientSet everybody(const GatewaySets& sets) {
  core::RecipientSet all;
  for (const auto& [gateway, recipients] : sets) {
    all |= recipients;
  }
  return all;
}

void unite(GatewaySets& sets, const GatewaySets& others) {
  for (const auto& [gateway, recipients] : others) {
    sets[gateway] |= recipients;
  }
}

void Endpoints::put(core::Ordinal recipient, const std::vector<core::Endpoint>& endpoints) {
  for (core::RecipientSet& set : usual_by_) {
    set.remove(recipient);
  }
  by_gateway_.remove(recipient);
  ways_.erase(recipient);
  if (endpoints.empty()) {
    return;
  }
  std::vector<core::ChannelKind> ways;
  for (const core::Endpoint& endpoint : endpoints) {
    ways.push_back(endpoint.channel);
  }
  if (ways.front() != core::ChannelKind::mqtt) {
    usual_by_[static_cast<std::size_t>(ways.front())].add(recipient);
    by_gateway_.add(recipient);
  }
  ways_.emplace(recipient, std::move(ways));
}

core::ChannelKind Endpoints::usual(core::Ordinal recipient) const {
  const auto found = ways_.find(recipient);
  return found == ways_.end() ? core::ChannelKind::mqtt : found->second.front();
}

core::ChannelKind Endpoints::next(core::Ordinal recipient) const {
  const auto found = ways_.find(recipient);
  return found == ways_.end() || found->second.size() < 2 ? usual(recipient) : found->second[1];
}

}  // namespace tuanyuan::engine
