#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/recipient.hpp"
#include "core/recipient_set.hpp"

namespace tuanyuan::engine {

/// Recipients by the gateway that they were told through.
using GatewaySets = std::map<core::ChannelKind, core::RecipientSet>;
core::RecipientSet everybody(const GatewaySets& sets);
bool contains(const GatewaySets& sets, core::Ordinal recipient);
/// Adds the one to the other.
void unite(GatewaySets& sets, const GatewaySets& others);

/// By which ways each recipient can be reached, in its own order (contract, section 5): the usual one first, the
/// others for chasing. Addresses and secrets stay in the ledger until they are needed.
class Endpoints {
 public:
  /// This gateway can be used; until then whatever names it is passed over.
  void offer(core::ChannelKind gateway);
  /// Replaces what was known of it; an address that was retired stays so while it is the same.
  void put(core::Ordinal recipient, const std::vector<core::Endpoint>& endpoints);
  /// The first of its ways that can be used; MQTT where it has named none.
  core::ChannelKind usual(core::Ordinal recipient) const;
  /// The one after the usual one, or the usual one again.
  core::ChannelKind next(core::Ordinal recipient) const;
  /// Likewise, passing over what is shut.
  using Shut = std::function<bool(core::ChannelKind)>;
  core::ChannelKind next(core::Ordinal recipient, const Shut& is_shut) const;
  /// How many addresses of this gateway are not used any more.
  std::uint32_t retired(core::ChannelKind gateway) const;
  /// Who may have this telephone number there; whether it has, its endpoints say.
  std::vector<core::Ordinal> maybe_at(core::ChannelKind gateway, const std::string& national_number) const;
  /// Who is told at once through a gateway that goes: by the usual way or, where that is paused, by the next one.
  using Is = std::function<bool(core::ChannelKind)>;
  core::RecipientSet told_by_gateway(const Is& is_paused, const Is& goes) const;
  /// Whose usual way is a gateway.
  const core::RecipientSet& usual_by_gateway() const { return by_gateway_; }

 private:
  bool can_use(core::ChannelKind way) const {
    return way == core::ChannelKind::mqtt || offered_[static_cast<std::size_t>(way)];
  }
  void place(core::Ordinal recipient);
  bool is_retired(core::Ordinal recipient, const core::Endpoint& endpoint) const;
  void keep_retired(core::Ordinal recipient, const std::vector<core::Endpoint>& endpoints);
  void forget_numbers(core::Ordinal recipient);

  std::array<bool, core::channel_count> offered_{};
  std::unordered_map<core::Ordinal, std::vector<core::ChannelKind>>
      ways_;  ///< only of those who have named a gateway
  core::RecipientSet by_gateway_;
  /// By a hash of gateway and number, for replies that name nothing else: numbers themselves stay in the ledger.
  std::unordered_multimap<std::size_t, core::Ordinal> numbers_;
  std::unordered_map<core::Ordinal, std::vector<std::size_t>> numbers_of_;
  struct Retired {
    core::ChannelKind gateway = core::ChannelKind::mqtt;
    std::size_t address = 0;  ///< a hash of it
  };
  std::unordered_map<core::Ordinal, std::vector<Retired>> retired_;
};

}  // namespace tuanyuan::engine
