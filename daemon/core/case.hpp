#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/entry.hpp"
#include "core/refusal.hpp"

namespace tuanyuan::core {

enum class ReportState : std::uint8_t { submitted, rejected, released };
enum class AlertState : std::uint8_t { none, lookout, active, suspended, closed, retracted };
std::string_view to_string(ReportState state);
std::string_view to_string(AlertState state);

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
  std::string link_digest;

  ReportState report_state = ReportState::submitted;
  AlertState alert_state = AlertState::none;
  Version version;                    ///< of the copies in force, recalls included
  Version content;                    ///< the latest version that is not a recall
  std::uint32_t recall_revision = 0;  ///< 0: not recalled
  std::uint32_t documents = 0;        ///< number of the latest sealed report
  AudienceSet audiences;
  double radius_km = 0;
  bool radius_chosen = false;
  bool wake = false;
  bool plate_open = false;
  std::vector<Division> divisions;  ///< every division whose topics the alert has used, sorted
  Instant released_at;
  Instant issued_at;   ///< of the version in force
  Instant expires_at;  ///< of the display, never of the case
  Instant ended_at;
  Outcome outcome = Outcome::none;
  Cause cause = Cause::none;

  bool exists() const { return entries != 0; }
  bool in_force() const { return alert_state == AlertState::active || alert_state == AlertState::suspended; }
  bool recalled() const { return alert_state == AlertState::closed || alert_state == AlertState::retracted; }
};

// Commands: what somebody wants to happen. All that has to be looked up or reckoned for them (divisions,
// radius, digests) is done before, by whoever decides; the state machine says whether it may be.

struct SubmitReport {
  ReportSubmitted submitted;
};
struct RejectReport {};
struct ReleaseReport {
  AlertReleased released;
  std::optional<Status> status;  ///< what the officer believes it is; must equal the report's
};
struct UpdateAlert {
  AlertUpdated updated;  ///< its version is filled in by decide
};
struct CloseAlert {
  Outcome outcome = Outcome::none;
  Cause cause = Cause::none;
  std::string copies_digest;
};
struct RetractAlert {
  std::string copies_digest;
};
using CaseCommand = std::variant<SubmitReport, RejectReport, ReleaseReport, UpdateAlert, CloseAlert, RetractAlert>;

/// What the command comes to in this state: the entries to be committed, or why not. Total: every command is
/// answered in every state. An ended case stays ended: nothing reopens it (promise 4).
Result<std::vector<EntryBody>> decide(const CaseState& state, const CaseCommand& command);

/// The version that the next content revision or recall of this case will carry.
Version next_revision(const CaseState& state);

/// The state after an entry of this case. Entries that are not of a case change nothing.
CaseState apply(CaseState state, const Entry& entry);

}  // namespace tuanyuan::core
