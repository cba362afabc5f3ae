#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include "engine/world.hpp"

namespace tuanyuan::engine {

/// How often what changed is written. Who is back by then was never away: a storm of reconnections costs nothing.
inline constexpr auto presence_written_every = std::chrono::seconds(60);
/// How old the ledger's word on those who are connected may get.
inline constexpr core::Duration presence_noted_every = std::chrono::minutes(10);
/// In one commit, so that none makes an acknowledgement wait for long.
inline constexpr std::size_t presence_rows_max = 5'000;

/// Keeps in the ledger who was seen last when, so that neither a restart nor a broker that has forgotten everybody
/// makes all who are away look as if they had left just now, or had never been there. It promises nobody anything,
/// so it is written in batches, a minute late. MQTT cannot tell it instead: a will is written before its time, and
/// `offline` carries none.
/// Loop thread.
class PresenceKeeper {
 public:
  explicit PresenceKeeper(World& world) : world_(world) {}

  /// Takes into memory what the ledger knows: everybody is away until its connection is heard of. False: it could
  /// not be read.
  boost::asio::awaitable<bool> read();
  boost::asio::awaitable<void> run();
  /// What changed, now; and at the end, until when the others were seen. False: it could not be written, and will
  /// be with the next.
  enum class When { now, at_the_end };
  boost::asio::awaitable<bool> write(When when = When::now);

 private:
  bool is_known(core::Instant now, const core::RecipientSet& changed) const;
  ports::Commit batch(std::vector<core::Ordinal>& changed) const;
  void take_in(const std::vector<ports::PresenceRow>& written);
  void doubt(const std::vector<ports::PresenceRow>& written);

  World& world_;
  core::RecipientSet online_;   ///< as the ledger has it, as far as that is known
  core::RecipientSet pending_;  ///< what is being written, until it is: a stop may come between
  core::Instant noted_at_;
};

}  // namespace tuanyuan::engine
