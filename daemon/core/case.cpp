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

/// Somebody else has decided since: what was typed is not refused for what it says.
Refusal stale(const CaseState& state) {
  const std::string stands = std::to_string(state.version.revision);
  Refusal refusal(Errc::stale_revision);
  refusal.fields.emplace_back("expectedRevision",
                              Text("现为第 " + stands + " 版", "revision " + stands + " stands now"));
  return refusal;
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
  Entries entries{command.submitted};
  if (command.exercise) {
    if (command.submitted.status != Status::exercise) {
      return conflict("只有演练可由系统自行发布", "the daemon issues nothing by itself but exercises");
    }
    entries.emplace_back(*command.exercise);
  }
  if (command.lookout) {
    entries.emplace_back(*command.lookout);
  }
  return entries;
}

/// Whoever had the lookout has to take it down.
Result<Entries> on(const CaseState& state, const RejectReport& command) {
  if (state.report_state != ReportState::submitted) {
    return report_not_open(state);
  }
  Entries entries{ReportRejected{}};
  if (state.alert_state == AlertState::lookout) {
    entries.emplace_back(AlertRetracted{next_revision(state), command.copies_digest});
  }
  return entries;
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
  if (command.expected_revision != 0 && command.expected_revision != state.version.revision) {
    return stale(state);
  }
  AlertUpdated updated = command.updated;
  updated.version = next_revision(state);
  return Entries{std::move(updated)};
}

Result<Entries> on(const CaseState& state, const StepAlert& command) {
  if (!state.in_force()) {
    return not_in_force(state);
  }
  AlertStepped stepped = command.stepped;
  stepped.version = next_step(state, Audience::police);
  return Entries{std::move(stepped)};
}

Result<Entries> on(const CaseState& state, const HoldCircle&) {
  if (!state.in_force()) {
    return not_in_force(state);
  }
  if (state.circle_held) {
    return conflict("范围已暂停扩大", "the circle is held already");
  }
  return Entries{CircleHeld{state.copy(Audience::police).version}};
}

Refusal wrong_audiences(std::string zh, std::string en) {
  std::vector<FieldError> fields;
  fields.emplace_back("audiences", Text(std::move(zh), std::move(en)));
  return Refusal(std::move(fields));
}

/// The case and its police copy stay: only an end of the case takes it from the police.
Result<Entries> on(const CaseState& state, const SuspendAlert& command) {
  if (!state.in_force()) {
    return not_in_force(state);
  }
  if (state.suspended.intersects(command.audiences)) {
    return conflict("对所列受众已暂停", "it is suspended for one of these audiences already");
  }
  if (command.audiences.empty() || command.audiences.contains(Audience::police)) {
    return wrong_audiences("须给出除公安以外的受众", "name audiences, but not the police");
  }
  if (!state.audiences.contains_all(command.audiences)) {
    return wrong_audiences("该警情未向所列受众发布", "the alert was not released to all of these audiences");
  }
  if (command.reason == SuspendReason::none) {
    std::vector<FieldError> fields;
    fields.emplace_back("reason", Text("须给出暂停原因", "why it is suspended has to be given"));
    return Refusal(std::move(fields));
  }
  return Entries{AlertSuspended{next_revision(state), command.audiences, command.reason, command.copies_digest}};
}

Result<Entries> on(const CaseState& state, const ResumeAlert& command) {
  if (!state.in_force()) {
    return not_in_force(state);
  }
  if (command.resumed.audiences.empty()) {
    return wrong_audiences("须给出受众", "name audiences");
  }
  if (!state.suspended.contains_all(command.resumed.audiences)) {
    return conflict("对所列受众并未暂停", "it is not suspended for all of these audiences");
  }
  AlertResumed resumed = command.resumed;
  resumed.version = next_revision(state);
  return Entries{std::move(resumed)};
}

Result<Entries> on(const CaseState& state, const ClearAlert&) {
  if (!state.recalled() || state.cleared) {
    return conflict("该警情尚未结束或已清除", "the alert has not ended, or was cleared before");
  }
  return Entries{AlertCleared{}};
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

void add_link(CaseState& state, const std::string& digest) {
  std::vector<std::string>& all = state.link_digests;
  if (!digest.empty() && std::find(all.begin(), all.end(), digest) == all.end()) {
    all.push_back(digest);
  }
}

void change(CaseState& state, const Entry& entry, const ReportSubmitted& body) {
  state.report_id = body.report_id;
  state.alert_id = body.alert_id;
  state.unit = body.unit;
  state.division = body.division;
  state.status = body.status;
  state.last_seen_at = body.last_seen_at;
  add_link(state, body.link_digest);
  state.submitted_at = entry.time;
  state.submitted_by = entry.actor;
  state.documents = 1;
}

void change(CaseState& state, const Entry&, const ExerciseOrdered& body) {
  state.exercise = body;
}

void change(CaseState& state, const Entry&, const ReportRejected&) {
  state.report_state = ReportState::rejected;
}

void set_copy(CaseState& state, Audience audience, Version version, NoticeKind kind, Instant at) {
  CopyState& copy = state.copies[static_cast<std::size_t>(audience)];
  if (is_recall(kind)) {
    copy.recall_revision = version.revision;
    copy.recalled_at = at;
  } else {
    if (!copy.issued || copy.recall_revision != 0 || copy.content.revision != version.revision) {
      copy.content_at = at;
    }
    copy.content = version;
    copy.recall_revision = 0;
  }
  copy.issued = true;
  copy.version = version;
  copy.kind = kind;
  state.version = std::max(state.version, version);
  state.issued_at = at;
}

void set_copies(CaseState& state, AudienceSet audiences, Version version, NoticeKind kind, Instant at) {
  for (Audience audience : all_audiences) {
    if (audiences.contains(audience)) {
      set_copy(state, audience, version, kind, at);
    }
  }
}

/// Topics once used stay the alert's own: a recall has to reach them too.
void add_divisions(CaseState& state, const std::vector<Division>& divisions) {
  state.divisions.insert(state.divisions.end(), divisions.begin(), divisions.end());
  std::sort(state.divisions.begin(), state.divisions.end());
  state.divisions.erase(std::unique(state.divisions.begin(), state.divisions.end()), state.divisions.end());
}

void change(CaseState& state, const Entry& entry, const LookoutIssued& body) {
  state.alert_state = AlertState::lookout;
  state.looked_out = true;
  state.audiences = AudienceSet{Audience::police};
  state.radius_km = body.radius_km;
  state.expires_at = body.expires_at;
  add_divisions(state, body.divisions);
  set_copies(state, state.audiences, Version{0, 0}, NoticeKind::alert, entry.time);
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
  state.released_by = entry.actor;
  add_divisions(state, body.divisions);
  set_copies(state, state.audiences, Version{1, 0}, NoticeKind::alert, entry.time);
}

void change(CaseState& state, const Entry& entry, const AlertUpdated& body) {
  state.stepped_at = entry.time;
  state.radius_km = body.radius_km;
  state.expires_at = body.expires_at;
  add_divisions(state, body.divisions);
  set_copies(state, state.showing(), body.version, NoticeKind::update, entry.time);
  add_link(state, body.link_digest);
  ++state.documents;
}

void change(CaseState& state, const Entry& entry, const AlertStepped& body) {
  state.stepped_at = entry.time;
  state.radius_km = body.radius_km;
  state.radius_chosen = body.radius_chosen;
  state.centre_chosen = body.centre_chosen;
  state.circle_held = body.held;
  state.expires_at = body.expires_at;
  add_divisions(state, body.divisions);
  for (Audience audience : all_audiences) {
    if (state.showing().contains(audience)) {
      set_copy(state, audience, next_step(state, audience), state.copy(audience).kind, entry.time);
    }
  }
}

void change(CaseState& state, const Entry&, const CircleHeld&) {
  state.circle_held = true;
}

void change(CaseState& state, const Entry& entry, const AlertSuspended& body) {
  state.suspended = state.suspended | body.audiences;
  state.alert_state = AlertState::suspended;
  set_copies(state, body.audiences, body.version, NoticeKind::close, entry.time);
}

void change(CaseState& state, const Entry& entry, const AlertResumed& body) {
  state.suspended = state.suspended - body.audiences;
  state.alert_state = state.suspended.empty() ? AlertState::active : AlertState::suspended;
  state.expires_at = body.expires_at;
  add_divisions(state, body.divisions);
  set_copies(state, body.audiences, body.version, NoticeKind::update, entry.time);
}

void change(CaseState& state, const Entry&, const AlertCleared&) {
  state.cleared = true;
}

void recall(CaseState& state, const Entry& entry, Version version, NoticeKind kind) {
  state.alert_state = kind == NoticeKind::close ? AlertState::closed : AlertState::retracted;
  state.ended_at = entry.time;
  set_copies(state, state.audiences, version, kind, entry.time);
}

void change(CaseState& state, const Entry& entry, const AlertClosed& body) {
  recall(state, entry, body.version, NoticeKind::close);
  state.outcome = body.outcome;
  state.cause = body.cause;
}

void change(CaseState& state, const Entry& entry, const AlertRetracted& body) {
  recall(state, entry, body.version, NoticeKind::retract);
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

std::optional<ReportState> parse_report_state(std::string_view name) {
  return report_state_names.find(name);
}
std::optional<AlertState> parse_alert_state(std::string_view name) {
  return name.empty() ? std::nullopt : alert_state_names.find(name);
}

AudienceSet CaseState::showing() const {
  return in_force() || alert_state == AlertState::lookout ? audiences - suspended : AudienceSet();
}

std::optional<Instant> CaseState::closes_at(Instant now) const {
  if (!exercise || !in_force()) {
    return std::nullopt;
  }
  const std::chrono::seconds lasts(exercise->lasts_seconds);
  return now + lasts < released_at ? now : released_at + lasts;
}

Standings standings(const CaseState& state) {
  Standings all;
  for (Audience audience : all_audiences) {
    const bool told = state.copy(audience).issued;
    const CopyState& copy = state.copy(told ? audience : Audience::police);
    all[static_cast<std::size_t>(audience)] = {copy.content.revision, copy.recall_revision};
  }
  return all;
}

Version next_revision(const CaseState& state) {
  return {state.version.revision + 1, 0};
}

Version next_step(const CaseState& state, Audience audience) {
  const Version& content = state.copy(audience).content;
  return {content.revision, content.step + 1};
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
