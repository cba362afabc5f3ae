#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <vector>

#include "engine/world.hpp"
#include "ports/readiness_desk.hpp"

namespace tuanyuan::engine {

/// Of how many recipients the addresses are looked at, to see which of them a gateway leaves alone; the rest are
/// taken to be reached.
inline constexpr std::size_t addresses_looked_at_max = 20'000;
/// How old the gauges' word on them may get: it costs reads of the ledger.
inline constexpr auto addresses_looked_at_every = std::chrono::seconds(60);

/// Whose usual way is a gateway that leaves this recipient's address alone for now, because it failed again and
/// again. Of a gateway that is paused, or away as a whole, `reachable` knows without.
boost::asio::awaitable<core::RecipientSet> left_alone(World& world);

/// Who would hear an alert at once: has a connection, or is told by a gateway that goes, or stands behind a hub of
/// which that is true. What the chase would try minutes later does not count.
core::RecipientSet reachable(const World& world, const core::RecipientSet& left_alone);

/// Names those who cannot be reached, why, and since when.
boost::asio::awaitable<core::Result<std::vector<ports::UnreachableRecipient>>> name_unreachable(
    World& world, std::vector<core::Ordinal> ordinals);

/// What presence and the channels tell before there is an alert.
class Readiness final : public ports::ReadinessDesk {
 public:
  explicit Readiness(World& world) : world_(world) {}

  boost::asio::awaitable<core::Result<ports::ReadinessView>> readiness(core::Caller caller,
                                                                       ports::ReadinessQuery query,
                                                                       ports::Page page) override;
  /// Unreachable recipients by category and by province.
  boost::asio::awaitable<void> refresh_gauges();

 private:
  core::RecipientSet concerned(const ports::ReadinessQuery& query) const;
  void show(const core::RecipientSet& unreachable) const;

  World& world_;
  core::RecipientSet left_alone_;  ///< as of when the gauges last looked
  ports::Clock::Steady looked_at_{};
};

}  // namespace tuanyuan::engine
