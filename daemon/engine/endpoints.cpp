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

bool contains(const std::vector<core::Way>& ways, core::Way way) {
  return std::find(ways.begin(), ways.end(), way) != ways.end();
}

/// Named twice, it is one way.
std::vector<core::Way> ways_of(const std::vector<core::Endpoint>& endpoints) {
  std::vector<core::Way> ways;
  for (const core::Endpoint& endpoint : endpoints) {
    if (const core::Way way = core::way_of(endpoint); !contains(ways, way)) {
      ways.push_back(way);
    }
  }
  return ways;
}

}  // namespace

void Endpoints::offer(core::ChannelKind gateway) {
  offered_[static_cast<std::size_t>(gateway)] = true;
  for (const auto& [recipient, ways] : ways_) {
    place(recipient);
  }
}

void Endpoints::put(core::Ordinal recipient, const std::vector<core::Endpoint>& endpoints,
                    const std::vector<core::Endpoint>& former) {
  const bool has_gateway = std::any_of(endpoints.begin(), endpoints.end(), [](const core::Endpoint& endpoint) {
    return endpoint.channel != core::ChannelKind::mqtt;
  });
  keep_retired(recipient, endpoints);
  if (!has_gateway && former.empty() && !ways_.contains(recipient)) {
    return;  // as almost all of a million are, at each start
  }
  Ways ways = ways_of(endpoints);
  keep_former(recipient, ways, former);
  for (const std::vector<core::Endpoint>* named : {&endpoints, &former}) {
    for (const core::Endpoint& endpoint : *named) {
      keep_number(recipient, endpoint);
    }
  }
  std::erase_if(ways, [&](core::Way way) { return is_retired(recipient, way); });
  if (has_gateway) {
    ways_[recipient] = std::move(ways);
  } else {
    ways_.erase(recipient);
  }
  place(recipient);
}

bool Endpoints::is_retired(core::Ordinal recipient, core::Way way) const {
  const auto found = retired_.find(recipient);
  return found != retired_.end() && contains(found->second, way);
}

void Endpoints::keep_retired(core::Ordinal recipient, const std::vector<core::Endpoint>& endpoints) {
  Ways kept;
  for (const core::Endpoint& endpoint : endpoints) {
    if (endpoint.retired_at != core::Instant{}) {
      kept.push_back(core::way_of(endpoint));
    }
  }
  if (kept.empty()) {
    retired_.erase(recipient);
  } else {
    retired_[recipient] = std::move(kept);
  }
}

/// As the ledger keeps them, but that none is forgotten before the next start.
void Endpoints::keep_former(core::Ordinal recipient, const Ways& ways, const std::vector<core::Endpoint>& former) {
  Ways kept = ways_of(former);
  for (const std::unordered_map<core::Ordinal, Ways>* known : {&former_, &ways_}) {
    const auto found = known->find(recipient);
    for (const core::Way way : found == known->end() ? Ways() : found->second) {
      if (way.channel != core::ChannelKind::mqtt && !contains(kept, way)) {
        kept.push_back(way);
      }
    }
  }
  std::erase_if(kept, [&ways](core::Way way) { return contains(ways, way); });
  if (kept.empty()) {
    former_.erase(recipient);
  } else {
    former_[recipient] = std::move(kept);
  }
}

std::uint32_t Endpoints::retired(core::ChannelKind gateway, const core::RecipientSet& among) const {
  std::uint32_t count = 0;
  for (const auto& [recipient, addresses] : retired_) {
    for (const core::Way way : addresses) {
      count += way.channel == gateway && among.contains(recipient) ? 1 : 0;
    }
  }
  return count;
}

void Endpoints::place(core::Ordinal recipient) {
  if (usual(recipient).channel == core::ChannelKind::mqtt) {
    by_gateway_.remove(recipient);
  } else {
    by_gateway_.add(recipient);
  }
  const auto ways = ways_.find(recipient);
  const auto usable = ways == ways_.end() ? 0
                                          : std::count_if(ways->second.begin(), ways->second.end(),
                                                          [this](core::Way each) { return can_use(each); });
  if (has_former(recipient) || usable > 2) {
    walked_.add(recipient);
  } else {
    walked_.remove(recipient);
  }
}

/// Once known, a number stays until the next start: who has got another one may still answer from it.
void Endpoints::keep_number(core::Ordinal recipient, const core::Endpoint& endpoint) {
  if (!has_numbers(endpoint.channel)) {
    return;
  }
  const std::size_t hash = hash_of(endpoint.channel, core::national_number(endpoint.address));
  std::vector<std::size_t>& own = numbers_of_[recipient];
  if (std::find(own.begin(), own.end(), hash) == own.end()) {
    own.push_back(hash);
    numbers_.emplace(hash, recipient);
  }
}

std::vector<core::Ordinal> Endpoints::maybe_at(core::ChannelKind gateway,
                                               const std::string& national_number) const {
  std::vector<core::Ordinal> found;
  const auto [begin, end] = numbers_.equal_range(hash_of(gateway, national_number));
  std::transform(begin, end, std::back_inserter(found), [](const auto& each) { return each.second; });
  return found;
}

core::Way Endpoints::usual(core::Ordinal recipient) const {
  const auto found = ways_.find(recipient);
  if (found == ways_.end()) {
    return {};
  }
  const auto way =
      std::find_if(found->second.begin(), found->second.end(), [this](core::Way each) { return can_use(each); });
  return way == found->second.end() ? core::Way() : *way;
}

std::vector<core::Way> Endpoints::further(core::Ordinal recipient, const Shut& is_shut) const {
  Ways ways;
  const auto found = ways_.find(recipient);
  if (found == ways_.end()) {
    return ways;
  }
  const core::Way first = usual(recipient);
  std::copy_if(found->second.begin(), found->second.end(), std::back_inserter(ways),
               [&](core::Way each) { return can_use(each) && each != first && !is_shut(each.channel); });
  return ways;
}

core::Way Endpoints::open(core::Ordinal recipient, const Shut& is_shut) const {
  const core::Way first = usual(recipient);
  if (!is_shut(first.channel)) {
    return first;
  }
  const Ways others = further(recipient, is_shut);
  return others.empty() ? first : others.front();
}

core::Way Endpoints::oldest(core::Ordinal recipient, core::ChannelKind gateway) const {
  for (const std::unordered_map<core::Ordinal, Ways>* known : {&former_, &ways_}) {
    const auto found = known->find(recipient);
    for (const core::Way way : found == known->end() ? Ways() : found->second) {
      if (way.channel == gateway) {
        return way;
      }
    }
  }
  return {gateway, 0};
}

core::RecipientSet Endpoints::told_by_gateway(const Is& is_paused, const Is& goes) const {
  std::array<bool, core::channel_count> paused{};
  std::array<bool, core::channel_count> going{};
  bool all_open = true;
  for (std::size_t index = 0; index < core::channel_count; ++index) {
    const auto way = static_cast<core::ChannelKind>(index);
    paused[index] = is_paused(way);
    going[index] = way != core::ChannelKind::mqtt && offered_[index] && goes(way);
    all_open = all_open && !paused[index] && (going[index] || !offered_[index]);
  }
  if (all_open) {
    return by_gateway_;  // as it nearly always is; this is asked every second
  }
  const auto is_shut = [&paused](core::ChannelKind way) { return paused[static_cast<std::size_t>(way)]; };
  core::RecipientSet told;
  for (const auto& [recipient, ways] : ways_) {
    const core::ChannelKind way = open(recipient, is_shut).channel;
    if (going[static_cast<std::size_t>(way)] && !is_shut(way)) {
      told.add(recipient);
    }
  }
  return told;
}

}  // namespace tuanyuan::engine
