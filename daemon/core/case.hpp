#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/entry.hpp"
#include "core/refusal.hpp"
#include "core/standing.hpp"

namespace tuanyuan::core {

enum class ReportState : std::uint8_t { submitted, rejected, released };
enum class AlertState : std::uint8_t { none, lookout, active, suspended, closed, retracted };
std::string_view to_string(ReportState state);
std::string_view to_string(AlertState state);
std::optional<ReportState> parse_report_state(std::string_view name);
std::optional<AlertState> parse_alert_state(std::string_view name);

/// One audience's copy of an alert. Audiences share the alert's revisions, but not each has every one of them: a
/// suspension takes a new one for those it takes the alert from, and the others keep what they have, because
/// whoever got a higher revision would ring again.
struct CopyState {
  bool issued = false;
  Version version;                      ///< in force, a recall included
  NoticeKind kind = NoticeKind::alert;  ///< likewise
  Version content;                      ///< the latest that is not a recall
  Instant content_at;                   ///< when that revision began
  std::uint32_t recall_revision = 0;    ///< 0: not taken down
  Instant recalled_at;
};

/// One case: the report and the alert that may come of it, folded from its journal entries. Holds no data of
/// the child; the documents are sealed in the ledger under the alert's key.
struct CaseState {
  std::uint32_t entries = 0;  ///< how many were applied: what a conditional commit expects
  ReportId report_id;
  AlertId alert_id;
  std::string unit;
  Division division;
  Status status = Status::exercise;
  Instant last_seen_at;
  Instant submitted_at;
  Actor submitted_by;
  /// Of the child as it was ever called in this case: who reports it by a former, wrong name means it too.
  std::vector<std::string> link_digests;
  std::optional<ExerciseOrdered> exercise;  ///< carried out by the daemon itself

  ReportState report_state = ReportState::submitted;
  AlertState alert_state = AlertState::none;
  Version version;              ///< the highest of all copies, recalls included
  std::uint32_t documents = 0;  ///< number of the latest sealed report
  AudienceSet audiences;        ///< who was ever told
  AudienceSet suspended;        ///< among them, from whom it is taken for the time being
  std::array<CopyState, audience_count> copies;
  double radius_km = 0;
  bool looked_out = false;     ///< there was a lookout, revision 0
  bool radius_chosen = false;  ///< by the officer: the clock does not widen it
  bool centre_chosen = false;  ///< likewise; the centre stands in the copies
  bool circle_held = false;    ///< the clock does not widen it until it is advanced
  bool wake = false;
  bool plate_open = false;
  std::vector<Division> divisions;  ///< every division whose topics the alert has used, sorted
  Actor released_by;
  Instant released_at;
  Instant issued_at;   ///< of the latest version
  Instant stepped_at;  ///< when the circle was last drawn
  Instant expires_at;  ///< of the display, never of the case
  Instant ended_at;
  bool cleared = false;  ///< the recall's own notices were taken from the broker, their retention being over
  Outcome outcome = Outcome::none;
  Cause cause = Cause::none;

  bool exists() const { return entries != 0; }
  bool in_force() const { return alert_state == AlertState::active || alert_state == AlertState::suspended; }
  bool recalled() const { return alert_state == AlertState::closed || alert_state == AlertState::retracted; }
  /// When the daemon closes it by itself: an exercise that it carries out. At once where it was released in the
  /// future, by a clock that was wrong.
  std::optional<Instant> closes_at(Instant now) const;
  /// Somebody was told: a lookout, or more.
  bool issued() const { return alert_state != AlertState::none; }
  /// Somebody was told, and the case is not over.
  bool is_open() const { return issued() && !recalled(); }
  /// Displays have taken it down by themselves; what is left of it is the case.
  bool display_ended(Instant now) const { return is_open() && expires_at <= now; }
  const CopyState& copy(Audience audience) const { return copies[static_cast<std::size_t>(audience)]; }
  /// The audiences that have the alert now.
  AudienceSet showing() const;
};

/// What is asked of each audience now; of those that were never told, the same as of the police.
Standings standings(const CaseState& state);

// Commands: what somebody wants to happen. All that has to be looked up or reckoned for them (divisions,
// radius, digests) is done before, by whoever decides; the state machine says whether it may be.

struct SubmitReport {
  ReportSubmitted submitted;
  std::optional<LookoutIssued> lookout;
  std::optional<ExerciseOrdered> exercise{};  ///< refused for a report that is meant
};
struct RejectReport {
  std::string copies_digest;  ///< of the recall of a lookout
};
struct ReleaseReport {
  AlertReleased released;
  std::optional<Status> status;  ///< what the officer believes it is; must equal the report's
};
struct UpdateAlert {
  AlertUpdated updated;  ///< its version is filled in by decide
  /// That whoever asks has read; 0: whichever stands. Of a case whose revision is another one nothing is replaced.
  std::uint32_t expected_revision = 0;
};
/// Circle, divisions or expiry change: the clock's, or an officer's.
struct StepAlert {
  AlertStepped stepped;  ///< its version is filled in by decide
};
/// The clock shall leave the circle as it is.
struct HoldCircle {};
struct SuspendAlert {
  AudienceSet audiences;
  SuspendReason reason = SuspendReason::none;
  std::string copies_digest;
};
struct ResumeAlert {
  AlertResumed resumed;  ///< its version is filled in by decide
};
/// The retention of a recall is over.
struct ClearAlert {};
struct CloseAlert {
  Outcome outcome = Outcome::none;
  Cause cause = Cause::none;
  std::string copies_digest;
};
struct RetractAlert {
  std::string copies_digest;
};
using CaseCommand = std::variant<SubmitReport, RejectReport, ReleaseReport, UpdateAlert, StepAlert, HoldCircle,
                                 SuspendAlert, ResumeAlert, ClearAlert, CloseAlert, RetractAlert>;

/// What the command comes to in this state: the entries to be committed, or why not. Total: every command is
/// answered in every state. An ended case stays ended: nothing reopens it (promise 4).
Result<std::vector<EntryBody>> decide(const CaseState& state, const CaseCommand& command);

/// The version that the next content revision or recall of this case will carry.
Version next_revision(const CaseState& state);

/// The version that the next step of an audience's content will carry.
Version next_step(const CaseState& state, Audience audience);

/// The state after an entry of this case. Entries that are not of a case change nothing.
CaseState apply(CaseState state, const Entry& entry);

}  // namespace tuanyuan::core
