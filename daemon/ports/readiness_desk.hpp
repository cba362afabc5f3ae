#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/caller.hpp"
#include "core/geo.hpp"
#include "core/refusal.hpp"
#include "core/time.hpp"
#include "ports/case_desk.hpp"

namespace tuanyuan::ports {

/// Of whom it is asked: everybody, or those in a circle, or of a division; both narrow it.
struct ReadinessQuery {
  std::optional<core::Circle> circle;
  std::optional<core::DivisionPrefix> division;
  bool by_division = false;  ///< also each division one level below that one; of none, the provinces

  ReadinessQuery() = default;
};

/// Of those it is asked of, whom alerts of a division would be for: who covers several is counted in each.
struct DivisionReadiness {
  core::DivisionPrefix division;
  std::uint32_t recipients = 0;
  std::uint32_t reachable = 0;
};

struct ReadinessView {
  std::uint32_t recipients = 0;
  std::uint32_t reachable = 0;
  std::vector<DivisionReadiness>
      divisions;  ///< by their codes; where it was asked for, and of whom there is anybody
  Listed<UnreachableRecipient> unreachable;
};

/// Who would not hear an alert now, known before there is one. Loop thread.
class ReadinessDesk {
 public:
  virtual ~ReadinessDesk() = default;

  virtual boost::asio::awaitable<core::Result<ReadinessView>> readiness(core::Caller caller, ReadinessQuery query,
                                                                        Page page) = 0;
};

}  // namespace tuanyuan::ports
