#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "engine/world.hpp"
#include "ports/readiness_desk.hpp"

namespace tuanyuan::engine {

/// Who has a connection now, his own or his hub's.
core::RecipientSet reachable(const World& world);

/// Names those who cannot be reached, and since when.
boost::asio::awaitable<core::Result<std::vector<ports::UnreachableRecipient>>> name_unreachable(
    World& world, std::vector<core::Ordinal> ordinals);

/// What presence tells before there is an alert.
class Readiness final : public ports::ReadinessDesk {
 public:
  explicit Readiness(World& world) : world_(world) {}

  boost::asio::awaitable<core::Result<ports::ReadinessView>> readiness(core::Caller caller,
                                                                       ports::ReadinessQuery query,
                                                                       ports::Page page) override;
  /// Unreachable recipients by category and by province.
  void refresh_gauges();

 private:
  core::RecipientSet concerned(const ports::ReadinessQuery& query) const;

  World& world_;
};

}  // namespace tuanyuan::engine
