#include "engine/told_by.hpp"

#include <algorithm>
#include <iterator>

namespace tuanyuan::engine {
namespace {

Told first_of(core::Ordinal recipient, core::ChannelKind channel) {
  return {recipient, core::Way{channel, 0}};
}

}  // namespace

bool ToldBy::contains(core::Ordinal recipient) const {
  const auto found = all_.lower_bound(first_of(recipient, core::ChannelKind::mqtt));
  return found != all_.end() && found->recipient == recipient;
}

bool ToldBy::contains(core::Ordinal recipient, core::ChannelKind gateway) const {
  const auto found = all_.lower_bound(first_of(recipient, gateway));
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
  for (auto next = all_.lower_bound(first_of(recipient, core::ChannelKind::mqtt));
       next != all_.end() && next->recipient == recipient; ++next) {
    ways.push_back(next->way);
  }
  return ways;
}

ToldBy ToldBy::without(const ToldBy& others) const {
  ToldBy rest;
  std::set_difference(all_.begin(), all_.end(), others.all_.begin(), others.all_.end(),
                      std::inserter(rest.all_, rest.all_.end()));
  return rest;
}

}  // namespace tuanyuan::engine
