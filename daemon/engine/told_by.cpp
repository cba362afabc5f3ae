#include "engine/told_by.hpp"

#include <algorithm>
#include <iterator>

namespace tuanyuan::engine {
namespace {

Told first_of(core::Ordinal recipient, core::ChannelKind channel) {
  return {recipient, core::Way{channel, 0}};
}

}  // namespace

void ToldBy::add(core::Ordinal recipient, core::Way way) {
  const Told told{recipient, way};
  if (all_.empty() || all_.back() < told) {
    all_.push_back(told);
    return;
  }
  const auto place = std::lower_bound(all_.begin(), all_.end(), told);
  if (*place != told) {
    all_.insert(place, told);
  }
}

void ToldBy::add(const ToldBy& others) {
  if (others.empty()) {
    return;
  }
  // What stands before the first of the others stays where it is.
  const auto from = std::lower_bound(all_.begin(), all_.end(), others.all_.front());
  const std::vector<Told> rest(from, all_.end());
  all_.erase(from, all_.end());
  std::set_union(rest.begin(), rest.end(), others.all_.begin(), others.all_.end(), std::back_inserter(all_));
}

bool ToldBy::contains(const Told& told) const {
  return std::binary_search(all_.begin(), all_.end(), told);
}

bool ToldBy::contains(core::Ordinal recipient) const {
  const auto found = std::lower_bound(all_.begin(), all_.end(), first_of(recipient, core::ChannelKind::mqtt));
  return found != all_.end() && found->recipient == recipient;
}

bool ToldBy::contains(core::Ordinal recipient, core::ChannelKind gateway) const {
  const auto found = std::lower_bound(all_.begin(), all_.end(), first_of(recipient, gateway));
  return found != all_.end() && found->recipient == recipient && found->way.channel == gateway;
}

core::RecipientSet ToldBy::everybody() const {
  core::RecipientSet all;
  for (const Told& told : all_) {
    all.add(told.recipient);
  }
  return all;
}

std::vector<core::Way> ToldBy::of(core::Ordinal recipient) const {
  std::vector<core::Way> ways;
  auto next = std::lower_bound(all_.begin(), all_.end(), first_of(recipient, core::ChannelKind::mqtt));
  for (; next != all_.end() && next->recipient == recipient; ++next) {
    ways.push_back(next->way);
  }
  return ways;
}

ToldBy ToldBy::without(const ToldBy& others) const {
  ToldBy rest;
  std::set_difference(all_.begin(), all_.end(), others.all_.begin(), others.all_.end(),
                      std::back_inserter(rest.all_));
  return rest;
}

}  // namespace tuanyuan::engine
