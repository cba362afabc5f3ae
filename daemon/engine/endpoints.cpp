#include "engine/endpoints.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/telephone.hpp"

namespace tuanyuan::engine {
namespace {

/// Ways on which people answer from a number.
bool has_numbers(core::ChannelKind gateway) {
  return gateway == core::ChannelKind::sms || gateway == core::ChannelKind::voice;
}

std::size_t hash_of(core::ChannelKind gateway, const std::string& number) {
  return std::hash<std::string>{}(std::string(core::to_string(gateway)) + number);
}

}  // namespace

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
  keep_retired(recipient, endpoints);
  if (ways_.erase(recipient) == 0 && !has_gateway) {
    return;  // as almost all of a million are, at each start
  }
  forget_numbers(recipient);
  for (const core::Endpoint& endpoint : endpoints) {
    if (has_numbers(endpoint.channel)) {
      const std::size_t hash = hash_of(endpoint.channel, core::national_number(endpoint.address));
      numbers_.emplace(hash, recipient);
      numbers_of_[recipient].push_back(hash);
    }
  }
  if (has_gateway) {
    std::vector<core::ChannelKind>& ways = ways_[recipient];
    for (const core::Endpoint& endpoint : endpoints) {
      if (!is_retired(recipient, endpoint)) {
        ways.push_back(endpoint.channel);
      }
    }
  }
  place(recipient);
}

bool Endpoints::is_retired(core::Ordinal recipient, const core::Endpoint& endpoint) const {
  const auto found = retired_.find(recipient);
  return found != retired_.end() &&
         std::any_of(found->second.begin(), found->second.end(), [&endpoint](const Retired& each) {
           return each.gateway == endpoint.channel && each.address == hash_of(endpoint.channel, endpoint.address);
         });
}

void Endpoints::keep_retired(core::Ordinal recipient, const std::vector<core::Endpoint>& endpoints) {
  std::vector<Retired> kept;
  for (const core::Endpoint& endpoint : endpoints) {
    if (endpoint.retired_at != core::Instant{} || is_retired(recipient, endpoint)) {
      kept.push_back({endpoint.channel, hash_of(endpoint.channel, endpoint.address)});
    }
  }
  if (kept.empty()) {
    retired_.erase(recipient);
  } else {
    retired_[recipient] = std::move(kept);
  }
}

std::uint32_t Endpoints::retired(core::ChannelKind gateway) const {
  std::uint32_t count = 0;
  for (const auto& [recipient, addresses] : retired_) {
    for (const Retired& each : addresses) {
      count += each.gateway == gateway ? 1 : 0;
    }
  }
  return count;
}

void Endpoints::place(core::Ordinal recipient) {
  if (usual(recipient) == core::ChannelKind::mqtt) {
    by_gateway_.remove(recipient);
  } else {
    by_gateway_.add(recipient);
  }
}

void Endpoints::forget_numbers(core::Ordinal recipient) {
  const auto found = numbers_of_.find(recipient);
  if (found == numbers_of_.end()) {
    return;
  }
  for (const std::size_t hash : found->second) {
    const auto [begin, end] = numbers_.equal_range(hash);
    const auto own = std::find_if(begin, end, [recipient](const auto& each) { return each.second == recipient; });
    if (own != end) {
      numbers_.erase(own);
    }
  }
  numbers_of_.erase(found);
}

std::vector<core::Ordinal> Endpoints::maybe_at(core::ChannelKind gateway,
                                               const std::string& national_number) const {
  std::vector<core::Ordinal> found;
  const auto [begin, end] = numbers_.equal_range(hash_of(gateway, national_number));
  std::transform(begin, end, std::back_inserter(found), [](const auto& each) { return each.second; });
  return found;
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
  return next(recipient, [](core::ChannelKind) { return false; });
}

core::ChannelKind Endpoints::next(core::Ordinal recipient, const Shut& is_shut) const {
  const core::ChannelKind first = usual(recipient);
  const auto found = ways_.find(recipient);
  if (found == ways_.end()) {
    return first;
  }
  const auto way = std::find_if(found->second.begin(), found->second.end(), [&](core::ChannelKind each) {
    return can_use(each) && each != first && !is_shut(each);
  });
  return way == found->second.end() ? first : *way;
}

core::RecipientSet Endpoints::told_by_gateway(const Is& is_paused, const Is& goes) const {
  std::array<bool, core::channel_count> paused{};
  std::array<bool, core::channel_count> open{};
  bool all_open = true;
  for (std::size_t index = 0; index < core::channel_count; ++index) {
    const auto way = static_cast<core::ChannelKind>(index);
    paused[index] = is_paused(way);
    open[index] = way != core::ChannelKind::mqtt && offered_[index] && goes(way);
    all_open = all_open && !paused[index] && (open[index] || !offered_[index]);
  }
  if (all_open) {
    return by_gateway_;  // as it nearly always is; this is asked every second
  }
  const auto is_shut = [&paused](core::ChannelKind way) { return paused[static_cast<std::size_t>(way)]; };
  core::RecipientSet told;
  for (const auto& [recipient, ways] : ways_) {
    core::ChannelKind way = usual(recipient);
    way = is_shut(way) ? next(recipient, is_shut) : way;
    if (open[static_cast<std::size_t>(way)] && !is_shut(way)) {
      told.add(recipient);
    }
  }
  return told;
}

}  // namespace tuanyuan::engine
