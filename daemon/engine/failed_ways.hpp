#pragma once

#include <optional>
#include <unordered_map>

#include "core/recipient_set.hpp"
#include "core/way.hpp"

namespace tuanyuan::engine {

/// Whom a way has failed, and which. They may be all that an alert is for, and are gone through at each look, so
/// they stand as a set too.
class FailedWays {
 public:
  /// The latest counts.
  void add(core::Ordinal whom, core::Way way) {
    everybody_.add(whom);
    ways_.insert_or_assign(whom, way);
  }
  void remove(core::Ordinal whom) {
    everybody_.remove(whom);
    ways_.erase(whom);
  }
  void clear() {
    everybody_ = core::RecipientSet();
    ways_.clear();
  }

  bool empty() const { return ways_.empty(); }
  const core::RecipientSet& everybody() const { return everybody_; }
  std::optional<core::Way> of(core::Ordinal whom) const {
    const auto found = ways_.find(whom);
    return found == ways_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  core::RecipientSet everybody_;
  std::unordered_map<core::Ordinal, core::Way> ways_;
};

}  // namespace tuanyuan::engine
