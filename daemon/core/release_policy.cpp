#include "core/release_policy.hpp"

namespace tuanyuan::core {

Result<void> may_release(const ReleasePolicy& policy, const Caller& officer, const CaseState& state,
                         bool break_glass, Instant now) {
  if (policy.mode == ReleaseMode::certified || officer.actor() != state.submitted_by) {
    return {};
  }
  if (!break_glass) {
    return Refusal(Errc::forbidden, Text("须由受理人以外的民警发布；无人可替时可紧急发布（breakGlass）",
                                         "an officer other than the one who took the report has to release it; "
                                         "where there is none, break the glass (breakGlass)"));
  }
  if (now < state.submitted_at + policy.break_glass_after) {
    return Refusal(Errc::forbidden,
                   Text("受理后须满规定时间方可单人紧急发布",
                        "the officer who took the report may release it alone only some time after it was taken"));
  }
  return {};
}

}  // namespace tuanyuan::core
