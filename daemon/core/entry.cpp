#include "core/entry.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "core/detail.hpp"
#include "core/names.hpp"

namespace tuanyuan::core {
namespace {

constexpr Names<Outcome, 5> outcome_names{{"", "FOUND_SAFE", "FOUND_INJURED", "FOUND_DECEASED", "NOT_MISSING"}};
constexpr Names<Cause, 9> cause_names{
    {"", "RUNAWAY", "LOST", "ABDUCTED", "FAMILY_DISPUTE", "ACCIDENT", "HOMICIDE", "OTHER", "UNKNOWN"}};

constexpr Names<SuspendReason, 4> suspend_reason_names{{"", "LEADS_HELD", "CHILD_AT_RISK", "OTHER"}};

constexpr std::string_view system_unit = "system";

// One function an entry type says how it is written and read: `both(entry, fields)` names each member once,
// and DetailWriter and DetailReader do the one or the other with it.

template <class Fields>
void both(ReportSubmitted& entry, Fields& fields) {
  fields("reportId", entry.report_id);
  fields("alertId", entry.alert_id);
  fields("unit", entry.unit);
  fields("division", entry.division);
  fields("status", entry.status);
  fields("lastSeenAt", entry.last_seen_at);
  fields("contentDigest", entry.content_digest);
  fields("linkDigest", entry.link_digest);
}

template <class Fields>
void both(LookoutIssued& entry, Fields& fields) {
  fields("radiusKm", entry.radius_km);
  fields("divisions", entry.divisions);
  fields("expiresAt", entry.expires_at);
  fields("copiesDigest", entry.copies_digest);
}

template <class Fields>
void both(ReportRejected&, Fields&) {}

template <class Fields>
void both(AlertReleased& entry, Fields& fields) {
  fields("audiences", entry.audiences);
  fields("radiusKm", entry.radius_km);
  fields("radiusChosen", entry.radius_chosen);
  fields("wake", entry.wake);
  fields("plateOpen", entry.plate_open);
  fields("breakGlass", entry.break_glass);
  fields("divisions", entry.divisions);
  fields("expiresAt", entry.expires_at);
  fields("copiesDigest", entry.copies_digest);
}

template <class Fields>
void both(AlertUpdated& entry, Fields& fields) {
  fields("revision", entry.version.revision);
  fields("step", entry.version.step);
  fields("fields", entry.fields);
  fields("radiusKm", entry.radius_km);
  fields("divisions", entry.divisions);
  fields("expiresAt", entry.expires_at);
  fields("contentDigest", entry.content_digest);
  fields("copiesDigest", entry.copies_digest);
  fields.optional("linkDigest", entry.link_digest);
}

template <class Fields>
void both(AlertStepped& entry, Fields& fields) {
  fields("revision", entry.version.revision);
  fields("step", entry.version.step);
  fields("radiusKm", entry.radius_km);
  fields("radiusChosen", entry.radius_chosen);
  fields("centreChosen", entry.centre_chosen);
  fields("held", entry.held);
  fields("divisions", entry.divisions);
  fields("expiresAt", entry.expires_at);
  fields("copiesDigest", entry.copies_digest);
}

template <class Fields>
void both(CircleHeld& entry, Fields& fields) {
  fields("revision", entry.version.revision);
  fields("step", entry.version.step);
}

template <class Fields>
void both(AlertSuspended& entry, Fields& fields) {
  fields("revision", entry.version.revision);
  fields("step", entry.version.step);
  fields("audiences", entry.audiences);
  fields("reason", entry.reason);
  fields("copiesDigest", entry.copies_digest);
}

template <class Fields>
void both(AlertResumed& entry, Fields& fields) {
  fields("revision", entry.version.revision);
  fields("step", entry.version.step);
  fields("audiences", entry.audiences);
  fields("divisions", entry.divisions);
  fields("expiresAt", entry.expires_at);
  fields("copiesDigest", entry.copies_digest);
}

template <class Fields>
void both(AlertCleared&, Fields&) {}

template <class Fields>
void both(AlertClosed& entry, Fields& fields) {
  fields("revision", entry.version.revision);
  fields("step", entry.version.step);
  fields("outcome", entry.outcome);
  fields("cause", entry.cause);
  fields("copiesDigest", entry.copies_digest);
}

template <class Fields>
void both(AlertRetracted& entry, Fields& fields) {
  fields("revision", entry.version.revision);
  fields("step", entry.version.step);
  fields("copiesDigest", entry.copies_digest);
}

template <class Fields>
void both(AnswersRecorded& entry, Fields& fields) {
  fields("alertId", entry.alert_id);
  fields("counts", entry.counts);
}

template <class Fields>
void both(SilentChased& entry, Fields& fields) {
  fields("alertId", entry.alert_id);
  fields("revision", entry.revision);
  fields("awaited", entry.awaited);
  fields("step", entry.step);
  fields("count", entry.count);
  fields.optional("told", entry.told);
  fields.optional("recipients", entry.recipients);
}

template <class Fields>
void both(SightingRecorded& entry, Fields& fields) {
  fields("alertId", entry.alert_id);
  fields("sightingId", entry.sighting_id);
  fields("recipientId", entry.recipient_id);
}

template <class Fields>
void both(SightingAssessed& entry, Fields& fields) {
  fields("alertId", entry.alert_id);
  fields("sightingId", entry.sighting_id);
  fields("assessment", entry.assessment);
}

template <class Fields>
void both(RecipientPut& entry, Fields& fields) {
  fields("recipientId", entry.recipient_id);
}

template <class Fields>
void both(RecipientDeleted& entry, Fields& fields) {
  fields("recipientId", entry.recipient_id);
}

template <class Fields>
void both(RecipientsImported& entry, Fields& fields) {
  fields("count", entry.count);
}

template <class Fields>
void both(ExerciseOrdered& entry, Fields& fields) {
  fields("name", entry.name);
  fields("dueAt", entry.due_at);
  fields("beginUntil", entry.begin_until);
  fields("lastsSeconds", entry.lasts_seconds);
  fields("approvedBy", entry.approved_by);
}

template <class Fields>
void both(ChannelPaused& entry, Fields& fields) {
  fields("channel", entry.channel);
  fields("reason", entry.reason);
}

template <class Fields>
void both(ChannelResumed& entry, Fields& fields) {
  fields("channel", entry.channel);
}

template <class Fields>
void both(DeliveryRequeued& entry, Fields& fields) {
  fields("alertId", entry.alert_id);
  fields("channel", entry.channel);
  fields("delivery", entry.delivery);
}

template <class Fields>
void both(EndpointRetired& entry, Fields& fields) {
  fields("recipientId", entry.recipient_id);
  fields("channel", entry.channel);
}

template <class Fields>
void both(EndpointRevived& entry, Fields& fields) {
  fields("recipientId", entry.recipient_id);
  fields("channel", entry.channel);
}

// In the order of EntryBody's alternatives.
constexpr std::array<std::string_view, std::variant_size_v<EntryBody>> type_names{"report.submitted",
                                                                                  "alert.lookout",
                                                                                  "report.rejected",
                                                                                  "alert.released",
                                                                                  "alert.updated",
                                                                                  "alert.stepped",
                                                                                  "alert.held",
                                                                                  "alert.suspended",
                                                                                  "alert.resumed",
                                                                                  "alert.closed",
                                                                                  "alert.retracted",
                                                                                  "alert.cleared",
                                                                                  "acknowledgement",
                                                                                  "silent",
                                                                                  "sighting",
                                                                                  "sighting.assessed",
                                                                                  "recipient.put",
                                                                                  "recipient.deleted",
                                                                                  "recipients.imported",
                                                                                  "exercise.ordered",
                                                                                  "channel.paused",
                                                                                  "channel.resumed",
                                                                                  "delivery.requeued",
                                                                                  "endpoint.retired",
                                                                                  "endpoint.revived"};

template <std::size_t Index = 0>
std::optional<EntryBody> read_body(std::string_view type, const Detail& detail) {
  if constexpr (Index < type_names.size()) {
    if (type != type_names[Index]) {
      return read_body<Index + 1>(type, detail);
    }
    std::variant_alternative_t<Index, EntryBody> body;
    DetailReader reader(detail);
    both(body, reader);
    if (reader.failed()) {
      return std::nullopt;
    }
    return EntryBody(std::in_place_index<Index>, std::move(body));
  } else {
    return std::nullopt;
  }
}

}  // namespace

std::string to_string(const Actor& actor) {
  return actor.officer.empty() ? actor.unit : actor.unit + "/" + actor.officer;
}

Actor parse_actor(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return {std::string(text), {}};
  }
  return {std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
}

Actor system_actor() {
  return {std::string(system_unit), {}};
}

std::string_view to_string(Outcome outcome) {
  return outcome_names[outcome];
}
std::string_view to_string(Cause cause) {
  return cause_names[cause];
}
std::optional<Outcome> parse_outcome(std::string_view name) {
  return outcome_names.find(name);
}
std::optional<Cause> parse_cause(std::string_view name) {
  return cause_names.find(name);
}

std::string_view to_string(SuspendReason reason) {
  return suspend_reason_names[reason];
}
std::optional<SuspendReason> parse_suspend_reason(std::string_view name) {
  return suspend_reason_names.find(name);
}

std::string_view type_name(const EntryBody& body) {
  return type_names.at(body.index());
}

Detail to_detail(const EntryBody& body) {
  DetailWriter writer;
  // Writing reads only; one description of the members serves both directions, so it takes a copy.
  std::visit([&writer](auto copy) { both(copy, writer); }, body);
  return writer.take();
}

std::optional<EntryBody> from_detail(std::string_view type, const Detail& detail) {
  return read_body(type, detail);
}

}  // namespace tuanyuan::core
