#pragma once

#include <cstddef>
#include <vector>

#include "core/ids.hpp"
#include "core/recipient_set.hpp"

namespace tuanyuan::engine {

/// The first of a set, at most so many, in the order of their ordinals.
inline std::vector<core::Ordinal> first_of(const core::RecipientSet& recipients, std::size_t most) {
  std::vector<core::Ordinal> first;
  for (const core::Ordinal ordinal : recipients) {
    if (first.size() == most) {
      break;
    }
    first.push_back(ordinal);
  }
  return first;
}

}  // namespace tuanyuan::engine
