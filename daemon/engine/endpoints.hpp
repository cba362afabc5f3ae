#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/recipient.hpp"
#include "core/recipient_set.hpp"
#include "core/way.hpp"

namespace tuanyuan::engine {

/// By which ways each recipient can be reached, in its own order (contract, section 5): the usual one first, the
/// others for chasing. Addresses and secrets stay in the ledger until they are needed.
class Endpoints {
 public:
  /// This gateway can be used; until then whatever names it is passed over.
  void offer(core::ChannelKind gateway);
  /// Replaces what was known of it. `former`: what its entry had before, as far as the ledger knows of it.
  void put(core::Ordinal recipient, const std::vector<core::Endpoint>& endpoints,
           const std::vector<core::Endpoint>& former = {});
  bool is_retired(core::Ordinal recipient, core::Way way) const;
  /// The first of its ways that can be used; MQTT where it has named none.
  core::Way usual(core::Ordinal recipient) const;
  /// Those that can be used beside the usual one, but for what is shut.
  using Shut = std::function<bool(core::ChannelKind)>;
  std::vector<core::Way> further(core::Ordinal recipient, const Shut& is_shut) const;
  /// By which it is told at once: the usual way or, where that is shut, the first of the others, since nobody
  /// waits for an operator.
  core::Way open(core::Ordinal recipient, const Shut& is_shut) const;
  /// Whom a chase may tell by more than one of its further ways: who has several, or had others before.
  const core::RecipientSet& walked() const { return walked_; }
  /// Which endpoint a record means that names no more than the channel: the first one that is known of.
  core::Way oldest(core::Ordinal recipient, core::ChannelKind gateway) const;
  /// Whether its entry has had endpoints that it has no more.
  bool has_former(core::Ordinal recipient) const { return former_.contains(recipient); }
  /// How many addresses that these recipients have at this gateway are not used any more. What a deleted one had
  /// is kept, and is for nobody to put right.
  std::uint32_t retired(core::ChannelKind gateway, const core::RecipientSet& among) const;
  /// Who may have this telephone number there, or has had it; whether that is so, its entry says.
  std::vector<core::Ordinal> maybe_at(core::ChannelKind gateway, const std::string& national_number) const;
  /// Who is told at once through a gateway that goes.
  using Is = std::function<bool(core::ChannelKind)>;
  core::RecipientSet told_by_gateway(const Is& is_paused, const Is& goes) const;
  /// Whose usual way is a gateway.
  const core::RecipientSet& usual_by_gateway() const { return by_gateway_; }

 private:
  using Ways = std::vector<core::Way>;

  bool can_use(core::Way way) const {
    return way.channel == core::ChannelKind::mqtt || offered_[static_cast<std::size_t>(way.channel)];
  }
  void place(core::Ordinal recipient);
  void keep_retired(core::Ordinal recipient, const std::vector<core::Endpoint>& endpoints);
  void keep_former(core::Ordinal recipient, const Ways& ways, const std::vector<core::Endpoint>& former);
  void keep_number(core::Ordinal recipient, const core::Endpoint& endpoint);

  std::array<bool, core::channel_count> offered_{};
  std::unordered_map<core::Ordinal, Ways> ways_;    ///< only of those who have named a gateway
  std::unordered_map<core::Ordinal, Ways> former_;  ///< only of those who have any, oldest first
  core::RecipientSet by_gateway_;
  core::RecipientSet walked_;
  /// By a hash of gateway and number, for replies that name nothing else: numbers themselves stay in the ledger.
  std::unordered_multimap<std::size_t, core::Ordinal> numbers_;
  std::unordered_map<core::Ordinal, std::vector<std::size_t>> numbers_of_;
  std::unordered_map<core::Ordinal, Ways> retired_;
};

}  // namespace tuanyuan::engine
