#include "core/case.hpp"

#include <algorithm>

#include "core/names.hpp"

namespace tuanyuan::core {
namespace {

constexpr Names<ReportState, 3> report_state_names{{"SUBMITTED", "REJECTED", "RELEASED"}};
constexpr Names<AlertState, 6> alert_state_names{{"", "LOOKOUT", "ACTIVE", "SUSPENDED", "CLOSED", "RETRACTED"}};

using Entries = std::vector<EntryBody>;

Refusal conflict(std::string zh, std::string en) {
  return {Errc::conflict, Text(std::move(zh), std::move(en))};
}

Refusal ended() {
  return conflict("该警情已结束，不能再更改", "the alert has ended and cannot be changed");
}
Refusal not_released() {
  return conflict("该报告尚未发布", "the report has not been released");
}

/// Why an alert that should be in force is not.
Refusal not_in_force(const CaseState& state) {
  return state.recalled() ? ended() : not_released();
}

Refusal report_not_open(const CaseState& state) {
  return state.report_state == ReportState::rejected
             ? conflict("该报告已被驳回", "the report was rejected")
             : conflict("该报告已发布", "the report has been released already");
}

Result<Entries> on(const CaseState& state, const SubmitReport& command) {
  if (state.exists()) {
    return conflict("该报告已存在", "the report is there already");
  }
  return Entries{command.submitted};
}

Result<Entries> on(const CaseState& state, const RejectReport&) {
  if (state.report_state != ReportState::submitted) {
    return report_not_open(state);
  }
  return Entries{ReportRejected{}};
}

Result<Entries> on(const CaseState& state, const ReleaseReport& command) {
  if (state.report_state != ReportState::submitted) {
    return report_not_open(state);
  }
  if (command.status && *command.status != state.status) {
    return conflict("所选状态与报告不符（演练与实战不得混淆）",
                    "the status is not the report's: an exercise and the real thing must not be confused");
  }
  AlertReleased released = command.released;
  released.audiences.insert(Audience::police);
  return Entries{std::move(released)};
}

Result<Entries> on(const CaseState& state, const UpdateAlert& command) {
  if (!state.in_force()) {
    return not_in_force(state);
  }
  AlertUpdated updated = command.updated;
  updated.version = next_revision(state);
  return Entries{std::move(updated)};
}

/// "Found" includes the dead, and a child that ran away is not one that was taken: without both codes no
/// statistics could ever be trusted.
Result<void> outcome_given(const CloseAlert& command) {
  std::vector<FieldError> wrong;
  if (command.outcome == Outcome::none) {
    wrong.emplace_back("outcome", Text("必须给出结案结果", "how the search ended has to be given"));
  }
  if (command.cause == Cause::none) {
    wrong.emplace_back("cause", Text("必须给出走失原因，未知填 UNKNOWN",
                                     "the cause has to be given; UNKNOWN where it is not known"));
  }
  if (!wrong.empty()) {
    return Refusal(std::move(wrong));
  }
  return {};
}

Result<Entries> on(const CaseState& state, const CloseAlert& command) {
  if (!state.in_force()) {
    return not_in_force(state);
  }
  if (Result<void> complete = outcome_given(command); !complete) {
    return complete.error();
  }
  return Entries{AlertClosed{next_revision(state), command.outcome, command.cause, command.copies_digest}};
}

Result<Entries> on(const CaseState& state, const RetractAlert& command) {
  if (!state.in_force()) {
    return not_in_force(state);
  }
  return Entries{AlertRetracted{next_revision(state), command.copies_digest}};
}

// How each kind of entry changes the case.

void change(CaseState& state, const Entry& entry, const ReportSubmitted& body) {
  state.report_id = body.report_id;
  state.alert_id = body.alert_id;
  state.unit = body.unit;
  state.division = body.division;
  state.status = body.status;
  state.last_seen_at = body.last_seen_at;
  state.link_digest = body.link_digest;
  state.submitted_at = entry.time;
  state.submitted_by = entry.actor;
  state.documents = 1;
}

void change(CaseState& state, const Entry&, const ReportRejected&) {
  state.report_state = ReportState::rejected;
}

void set_version(CaseState& state, Version version, Instant at) {
  state.version = version;
  state.issued_at = at;
}

void set_content(CaseState& state, Version version, Instant at) {
  set_version(state, version, at);
  state.content = version;
}

/// Topics once used stay the alert's own: a recall has to reach them too.
void add_divisions(CaseState& state, const std::vector<Division>& divisions) {
  state.divisions.insert(state.divisions.end(), divisions.begin(), divisions.end());
  std::sort(state.divisions.begin(), state.divisions.end());
  state.divisions.erase(std::unique(state.divisions.begin(), state.divisions.end()), state.divisions.end());
}

void change(CaseState& state, const Entry& entry, const AlertReleased& body) {
  state.report_state = ReportState::released;
  state.alert_state = AlertState::active;
  state.audiences = body.audiences;
  state.radius_km = body.radius_km;
  state.radius_chosen = body.radius_chosen;
  state.wake = body.wake;
  state.plate_open = body.plate_open;
  state.expires_at = body.expires_at;
  state.released_at = entry.time;
  add_divisions(state, body.divisions);
  set_content(state, Version{1, 0}, entry.time);
}

void change(CaseState& state, const Entry& entry, const AlertUpdated& body) {
  state.radius_km = body.radius_km;
  state.expires_at = body.expires_at;
  add_divisions(state, body.divisions);
  set_content(state, body.version, entry.time);
  ++state.documents;
}

void change(CaseState& state, const Entry& entry, const AlertStepped& body) {
  state.radius_km = body.radius_km;
  state.radius_chosen = body.radius_chosen;
  state.expires_at = body.expires_at;
  add_divisions(state, body.divisions);
  set_content(state, body.version, entry.time);
}

void recall(CaseState& state, const Entry& entry, Version version, AlertState end) {
  state.alert_state = end;
  state.recall_revision = version.revision;
  state.ended_at = entry.time;
  set_version(state, version, entry.time);
}

void change(CaseState& state, const Entry& entry, const AlertClosed& body) {
  recall(state, entry, body.version, AlertState::closed);
  state.outcome = body.outcome;
  state.cause = body.cause;
}

void change(CaseState& state, const Entry& entry, const AlertRetracted& body) {
  recall(state, entry, body.version, AlertState::retracted);
}

template <class Body>
concept OfACase = requires(CaseState& state, const Entry& entry, const Body& body) {
  change(state, entry, body);
};

}  // namespace

std::string_view to_string(ReportState state) {
  return report_state_names[state];
}
std::string_view to_string(AlertState state) {
  return alert_state_names[state];
}

Version next_revision(const CaseState& state) {
  return {state.version.revision + 1, 0};
}

Result<std::vector<EntryBody>> decide(const CaseState& state, const CaseCommand& command) {
  if (!state.exists() && !std::holds_alternative<SubmitReport>(command)) {
    return Refusal(Errc::not_found);
  }
  return std::visit([&state](const auto& asked) { return on(state, asked); }, command);
}

CaseState apply(CaseState state, const Entry& entry) {
  std::visit(
      [&]<class Body>(const Body& body) {
        if constexpr (OfACase<Body>) {
          change(state, entry, body);
          ++state.entries;
        }
      },
      entry.body);
  return state;
}

}  // namespace tuanyuan::core
