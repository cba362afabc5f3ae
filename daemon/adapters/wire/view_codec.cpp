#include "adapters/wire/view_codec.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "adapters/wire/enums.hpp"
#include "adapters/wire/notice_codec.hpp"
#include "adapters/wire/recipient_codec.hpp"
#include "adapters/wire/report_codec.hpp"
#include "adapters/wire/times.hpp"
#include "core/detail.hpp"
#include "tuanyuan/v1/notice.pb.h"

namespace tuanyuan::wire {
namespace {

// Both sides count from UNSPECIFIED or from none, in the same order.
static_assert(v1::AlertAnswer::RETRACTED == static_cast<int>(core::AlertState::retracted));
static_assert(v1::AlertAnswer::NOT_MISSING == static_cast<int>(core::Outcome::not_missing));
static_assert(v1::AlertAnswer::UNKNOWN == static_cast<int>(core::Cause::unknown));
static_assert(v1::ReportAnswer::RELEASED == static_cast<int>(core::ReportState::released) + 1);

v1::Notice notice_of(const core::SignedCopy& copy) {
  v1::SignedNotice envelope;
  v1::Notice notice;
  if (!envelope.ParseFromString(copy.protobuf) || !notice.ParseFromString(envelope.notice())) {
    throw std::logic_error("a signed copy does not hold a notice");
  }
  return notice;
}

template <class Counts>
void put_counts(const core::TallyRow& row, Counts& counts) {
  for (const core::AnswerKind kind : core::all_answer_kinds) {
    counts[std::string(core::to_string(kind))] = row.count(kind);
  }
}

template <class Tallies>
void put_tallies(const std::map<std::string, core::TallyRow>& rows, Tallies& tallies) {
  for (const auto& [name, row] : rows) {
    v1::Tally& tally = tallies[name];
    tally.set_expected(row.expected);
    put_counts(row, *tally.mutable_counts());
  }
}

v1::EndpointHealth::State state_of(core::EndpointState state) {
  switch (state) {
    case core::EndpointState::up:
      return v1::EndpointHealth::UP;
    case core::EndpointState::down:
      return v1::EndpointHealth::DOWN;
    case core::EndpointState::paused:
      return v1::EndpointHealth::PAUSED;
    case core::EndpointState::held:
      return v1::EndpointHealth::HELD;
    case core::EndpointState::retired:
      return v1::EndpointHealth::RETIRED;
    case core::EndpointState::off:
      break;
  }
  return v1::EndpointHealth::OFF;
}

void put_liaison(const core::Liaison& liaison, v1::Liaison& message) {
  message.set_post(liaison.post);
  message.set_telephone(liaison.telephone);
}

v1::SilentRecipient silent_message(const core::SilentRecipient& silent) {
  v1::SilentRecipient message;
  message.set_recipient_id(silent.recipient_id.value);
  message.set_name(silent.name);
  message.set_category(to_proto(silent.category));
  put_liaison(silent.liaison, *message.mutable_liaison());
  for (const core::ChannelKind channel : silent.tried) {
    message.add_tried(to_proto(channel));
  }
  for (const core::EndpointHealth& health : silent.endpoints) {
    v1::EndpointHealth& endpoint = *message.add_endpoints();
    endpoint.set_channel(to_proto(health.channel));
    endpoint.set_state(state_of(health.state));
    endpoint.set_tried(health.tried);
  }
  message.set_next_step(silent.next_step);
  *message.mutable_due_at() = to_proto(silent.due_at);
  if (silent.reason != core::UnableReason::none) {
    message.set_reason(to_proto(silent.reason));
  }
  message.set_awaited(to_proto(silent.awaited));
  message.set_revision(silent.revision);
  message.set_unit_vouches(silent.unit_vouches);
  return message;
}

v1::Unreachable unreachable_message(const ports::UnreachableRecipient& unreachable) {
  v1::Unreachable message;
  message.set_recipient_id(unreachable.id.value);
  message.set_name(unreachable.name);
  message.set_reason(unreachable.reason);
  if (unreachable.since) {
    *message.mutable_since() = to_proto(*unreachable.since);
  }
  put_liaison(unreachable.liaison, *message.mutable_liaison());
  return message;
}

const std::string* find(const core::Detail& detail, const char* name) {
  const auto found = detail.find(name);
  return found == detail.end() ? nullptr : &found->second;
}

std::optional<std::uint32_t> number(const core::Detail& detail, const char* name) {
  const std::string* text = find(detail, name);
  std::uint32_t value = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{}) {
    return std::nullopt;
  }
  return value;
}

/// A group commit tells how many there were of each kind, not whose they were.
void put_answers(const ports::JournalLine& line, v1::Event& event) {
  core::DetailReader reader(line.detail);
  std::map<std::string, std::uint32_t> counts;
  reader("counts", counts);
  event.mutable_counts()->insert(counts.begin(), counts.end());
}

void put_sighting(const ports::JournalLine& line, v1::Event& event) {
  v1::SightingRecord& record = *event.mutable_sighting();
  record.set_alert_id(event.alert_id());
  if (const std::string* id = find(line.detail, "sightingId")) {
    record.set_sighting_id(*id);
  }
  if (const std::string* recipient = find(line.detail, "recipientId")) {
    record.set_recipient_id(*recipient);
  }
  const std::string* word = find(line.detail, "assessment");
  if (const auto assessment = word ? core::parse_assessment(*word) : std::nullopt) {
    record.set_assessment(to_proto(*assessment));
  }
}

void put_chase(const ports::JournalLine& line, v1::Event& event) {
  const std::optional<core::EntryBody> body = core::from_detail(line.type, line.detail);
  const auto* chased = body ? std::get_if<core::SilentChased>(&*body) : nullptr;
  if (chased == nullptr) {
    return;
  }
  event.set_revision(chased->revision);
  v1::Chase& chase = *event.mutable_chase();
  if (const std::optional<core::AnswerKind> awaited = core::parse_answer_kind(chased->awaited)) {
    chase.set_awaited(to_proto(*awaited));
  }
  chase.set_step(chased->step);
  chase.set_count(chased->count);
  if (chased->told) {
    chase.set_told(*chased->told);
  }
  chase.mutable_recipient_ids()->Add(chased->recipients.begin(), chased->recipients.end());
}

/// The journal keeps lines of answers and sightings apart from the alert's own: `<alert>/answers`.
std::string subject_of(const ports::JournalLine& line) {
  return line.subject.substr(0, line.subject.find('/'));
}

/// The alert: told by the detail where it is one of several subjects, otherwise the subject itself.
void put_subject(const ports::JournalLine& line, v1::Event& event) {
  const std::string* alert = find(line.detail, "alertId");
  const bool of_no_alert = line.type.starts_with("recipient") || line.type.starts_with("endpoint.") ||
                           line.type.starts_with("channel.");
  if (alert) {
    event.set_alert_id(*alert);
  } else if (!line.subject.empty() && !of_no_alert) {
    event.set_alert_id(subject_of(line));
  }
  if (const std::string* report = find(line.detail, "reportId")) {
    event.set_report_id(*report);
  }
}

std::uint32_t counted(std::uint64_t rows) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(rows, UINT32_MAX));
}

void put_forecast(const core::Forecast& forecast, v1::Forecast& message) {
  message.set_waiting(counted(forecast.waiting));
  if (forecast.sent_by) {
    *message.mutable_sent_by() = to_proto(*forecast.sent_by);
  }
  for (const core::Forecast::Line& line : forecast.channels) {
    v1::ChannelForecast& added = *message.add_channels();
    added.set_channel(to_proto(line.channel));
    added.set_waiting(counted(line.waiting));
    added.set_ahead(counted(line.ahead));
    if (line.sent_by) {
      *added.mutable_sent_by() = to_proto(*line.sent_by);
    }
  }
}

}  // namespace

v1::ReportAnswer to_proto(const ports::ReportView& view) {
  v1::ReportAnswer message;
  message.set_id(view.id.value);
  message.set_state(static_cast<v1::ReportAnswer::State>(static_cast<int>(view.state) + 1));
  message.set_alert_id(view.alert_id.value);
  *message.mutable_report() = to_proto(view.report);
  *message.mutable_submitted_at() = to_proto(view.submitted_at);
  message.set_submitted_by(core::to_string(view.submitted_by));
  for (const core::ReportId& duplicate : view.duplicates) {
    message.add_duplicates(duplicate.value);
  }
  message.set_unit_decides(view.unit_decides);
  message.set_revision(view.revision);
  return message;
}

v1::ReportList to_proto(const ports::Listed<ports::ReportView>& list) {
  v1::ReportList message;
  for (const ports::ReportView& view : list.items) {
    *message.add_reports() = to_proto(view);
  }
  message.set_next_page_token(list.next_token);
  return message;
}

v1::AlertAnswer to_proto(const ports::AlertView& view) {
  v1::AlertAnswer message;
  message.set_id(view.id.value);
  if (!view.report_id.empty()) {
    message.set_report_id(view.report_id.value);
  }
  message.set_revision(view.version.revision);
  message.set_step(view.version.step);
  message.set_state(static_cast<v1::AlertAnswer::State>(view.state));
  message.set_status(to_proto(view.status));
  if (view.outcome != core::Outcome::none) {
    message.set_outcome(static_cast<v1::AlertAnswer::Outcome>(view.outcome));
  }
  if (view.cause != core::Cause::none) {
    message.set_cause(static_cast<v1::AlertAnswer::Cause>(view.cause));
  }
  if (view.circle) {
    *message.mutable_circle() = to_proto(*view.circle);
  }
  if (view.released_at != core::Instant{}) {
    *message.mutable_released_at() = to_proto(view.released_at);
  }
  if (view.widens_at) {
    *message.mutable_widens_at() = to_proto(*view.widens_at);
  }
  if (view.notice) {
    *message.mutable_notice() = notice_of(*view.notice);
  }
  if (view.display_until) {
    *message.mutable_display_until() = to_proto(*view.display_until);
  }
  message.set_display_ended(view.display_ended);
  if (!view.lead_officer.empty()) {
    message.set_lead_officer(view.lead_officer);
  }
  for (const core::ReportId& duplicate : view.duplicates) {
    message.add_duplicates(duplicate.value);
  }
  for (const core::Audience audience : core::all_audiences) {
    if (view.audiences.contains(audience)) {
      message.add_audiences(to_proto(audience));
    }
    if (view.suspended.contains(audience)) {
      message.add_suspended(to_proto(audience));
    }
  }
  if (view.circle_held) {
    message.set_circle_held(*view.circle_held);
  }
  if (view.unit_decides) {
    message.set_unit_decides(*view.unit_decides);
  }
  return message;
}

v1::AlertList to_proto(const ports::Listed<ports::AlertView>& list) {
  v1::AlertList message;
  for (const ports::AlertView& view : list.items) {
    *message.add_alerts() = to_proto(view);
  }
  message.set_next_page_token(list.next_token);
  return message;
}

v1::PreviewAnswer to_proto(const ports::PreviewView& view) {
  v1::PreviewAnswer message;
  if (view.circle) {
    *message.mutable_circle() = to_proto(*view.circle);
  }
  for (const core::Division division : view.divisions) {
    message.add_divisions(core::to_string(division));
  }
  message.set_expected(view.expected);
  message.mutable_by_category()->insert(view.by_category.begin(), view.by_category.end());
  for (const ports::UnreachableRecipient& unreachable : view.unreachable) {
    *message.add_unreachable() = unreachable_message(unreachable);
  }
  message.set_unreachable_total(view.unreachable_total);
  for (const core::ReportId& duplicate : view.duplicates) {
    message.add_duplicates(duplicate.value);
  }
  message.mutable_missing()->Add(view.missing.begin(), view.missing.end());
  for (const core::Notice& copy : view.copies) {
    *message.add_copies() = to_proto(copy);
  }
  message.set_preview_token(view.preview_token);
  if (view.forecast) {
    put_forecast(*view.forecast, *message.mutable_forecast());
  }
  return message;
}

v1::Board to_proto(const core::Board& board) {
  v1::Board message;
  message.set_alert_id(board.alert_id.value);
  message.set_revision(board.version.revision);
  message.set_step(board.version.step);
  message.set_expected(board.total.expected);
  message.set_unexpected(board.unexpected);
  put_counts(board.total, *message.mutable_counts());
  put_tallies(board.by_category, *message.mutable_by_category());
  put_tallies(board.by_division, *message.mutable_by_division());
  put_tallies(board.by_ring, *message.mutable_by_ring());
  put_tallies(board.by_channel, *message.mutable_by_channel());
  put_tallies(board.by_revision, *message.mutable_by_revision());
  for (const core::SilentRecipient& silent : board.silent) {
    *message.add_silent() = silent_message(silent);
  }
  message.set_silent_total(board.silent_total);
  put_forecast(board.forecast, *message.mutable_forecast());
  return message;
}

v1::SightingRecord to_proto(const ports::SightingView& view) {
  const core::Sighting& sighting = view.sighting;
  v1::SightingRecord message;
  message.set_sighting_id(sighting.sighting_id.value);
  message.set_alert_id(sighting.alert_id.value);
  message.set_recipient_id(sighting.recipient_id.value);
  if (!view.recipient_name.empty()) {
    message.set_recipient_name(view.recipient_name);
    put_liaison(view.liaison, *message.mutable_liaison());
  }
  *message.mutable_seen_at() = to_proto(sighting.seen_at);
  if (sighting.position) {
    *message.mutable_position() = to_proto(*sighting.position, sighting.crs);
  }
  message.set_description(sighting.description);
  if (!sighting.photo.empty()) {
    *message.mutable_photo() = to_proto(sighting.photo);
  }
  *message.mutable_recorded_at() = to_proto(view.recorded_at);
  message.set_assessment(to_proto(view.assessment));
  if (view.assessment != core::Assessment::unassessed) {
    *message.mutable_assessed_at() = to_proto(view.assessed_at);
    message.set_assessed_by(core::to_string(view.assessed_by));
    if (!view.note.empty()) {
      message.set_note(view.note);
    }
  }
  return message;
}

v1::RecipientList to_proto(const ports::Listed<core::Recipient>& list) {
  v1::RecipientList message;
  for (const core::Recipient& recipient : list.items) {
    *message.add_recipients() = to_proto(recipient);
  }
  message.set_next_page_token(list.next_token);
  return message;
}

v1::JournalEntry to_proto(const ports::JournalLine& line) {
  v1::JournalEntry message;
  message.set_sequence(line.sequence);
  *message.mutable_time() = to_proto(line.time);
  message.set_actor(line.actor);
  message.set_type(line.type);
  message.set_subject(subject_of(line));
  message.mutable_detail()->insert(line.detail.begin(), line.detail.end());
  return message;
}

v1::Event to_event(const ports::JournalLine& line) {
  v1::Event event;
  event.set_sequence(line.sequence);
  *event.mutable_time() = to_proto(line.time);
  event.set_type(line.type);
  put_subject(line, event);
  if (line.type.starts_with("alert.")) {
    // The entries that begin an alert do not spell it out: its lookout is revision 0, its release the first.
    event.set_revision(number(line.detail, "revision").value_or(line.type == "alert.released" ? 1 : 0));
    event.set_step(number(line.detail, "step").value_or(0));
  } else if (line.type == "acknowledgement") {
    put_answers(line, event);
  } else if (line.type.starts_with("sighting")) {
    put_sighting(line, event);
  } else if (line.type == "silent") {
    put_chase(line, event);
  }
  return event;
}

v1::ReadinessAnswer to_proto(const ports::ReadinessView& view) {
  v1::ReadinessAnswer message;
  message.set_recipients(view.recipients);
  message.set_reachable(view.reachable);
  for (const ports::UnreachableRecipient& unreachable : view.unreachable.items) {
    *message.add_unreachable() = unreachable_message(unreachable);
  }
  for (const ports::DivisionReadiness& part : view.divisions) {
    v1::DivisionReadiness& division = *message.add_divisions();
    division.set_division(part.division.digits);
    division.set_recipients(part.recipients);
    division.set_reachable(part.reachable);
  }
  return message;
}

}  // namespace tuanyuan::wire
