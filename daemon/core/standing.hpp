#pragma once

#include <array>
#include <cstdint>

#include "core/recipient.hpp"

namespace tuanyuan::core {

/// Which revision an audience has to answer for: the content's, and, once it was taken down, the recall's.
struct Standing {
  std::uint32_t content_revision = 0;
  std::uint32_t recall_revision = 0;  ///< 0: not taken down

  friend bool operator==(const Standing&, const Standing&) = default;
};

using Standings = std::array<Standing, audience_count>;  ///< by Audience

}  // namespace tuanyuan::core
