#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>

#include "engine/case_service.hpp"
#include "engine/chaser.hpp"
#include "engine/follower.hpp"
#include "engine/world.hpp"

namespace tuanyuan::engine {

/// How long the clock sleeps at the most. Wall time may be stepped while it sleeps on steady time.
inline constexpr core::Duration tick_max = std::chrono::seconds(1);
/// After something that could not be committed.
inline constexpr core::Duration retry_pause = std::chrono::seconds(5);

/// The clock of all alerts: widens circles, renews notices, goes after those who moved, follows up silence, closes
/// the daemon's own exercises, clears what was recalled. It keeps no timers: at each tick it asks the rules what
/// is due by the state as it is, so that a restart, a stopped machine or a stepped clock needs nothing of its own.
class Timekeeper {
 public:
  Timekeeper(World& world, CaseService& cases) : world_(world), cases_(cases), chaser_(world), follower_(world) {}

  /// Runs until cancelled.
  boost::asio::awaitable<void> run();

 private:
  boost::asio::awaitable<core::Instant> turn(core::AlertId alert);
  boost::asio::awaitable<bool> decide(const core::AlertId& alert);
  std::optional<core::Instant> next_decision(const core::CaseState& state) const;

  World& world_;
  CaseService& cases_;
  Chaser chaser_;
  Follower follower_;
  /// When each case has to be looked at again, and how many entries and answers it had then.
  struct Look {
    core::Instant at;
    std::uint32_t entries = 0;
    std::uint64_t answers = 0;
    ports::Clock::Steady looked{};
  };
  bool is_due(const core::AlertId& id, const CaseFile& file) const;
  std::map<core::AlertId, Look> looks_;
  core::Instant last_;           ///< the latest tick
  std::uint64_t directory_ = 0;  ///< its generation then
};

}  // namespace tuanyuan::engine
