#pragma once

#include <chrono>

#include "core/caller.hpp"
#include "core/case.hpp"
#include "core/refusal.hpp"

namespace tuanyuan::core {

/// Who may release a report that its unit may decide on: one certified officer, as 团圆 works, or somebody other
/// than the officer who took it.
enum class ReleaseMode : std::uint8_t { certified, two_person };

struct ReleasePolicy {
  ReleaseMode mode = ReleaseMode::certified;
  /// With two persons: how long after the submission whoever took the report may release it alone, by breaking
  /// the glass, when nobody else is to be had. A child must not wait for a signature.
  Duration break_glass_after = std::chrono::minutes(15);
};

/// Refuses (forbidden) where the policy wants another officer. Breaking the glass is always allowed, and kept in
/// the journal, where it is not needed.
Result<void> may_release(const ReleasePolicy& policy, const Caller& officer, const CaseState& state,
                         bool break_glass, Instant now);

}  // namespace tuanyuan::core
