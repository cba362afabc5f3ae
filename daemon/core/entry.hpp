#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/division.hpp"
#include "core/ids.hpp"
#include "core/notice.hpp"
#include "core/recipient.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

/// Who did it: the unit and the officer's number, never the raw certificate subject; a recipient; or the
/// daemon itself, when a timer decided.
struct Actor {
  std::string unit;
  std::string officer;

  friend bool operator==(const Actor&, const Actor&) = default;
};
/// "210102000000/021533", as the journal shows it.
std::string to_string(const Actor& actor);
Actor parse_actor(std::string_view text);
Actor system_actor();

/// How a search ended, and why the child was gone (contract, section 2: `:close`). "Found" includes the dead,
/// so the outcome has to say which.
enum class Outcome : std::uint8_t { none, found_safe, found_injured, found_deceased, not_missing };
enum class Cause : std::uint8_t {
  none,
  runaway,
  lost,
  abducted,
  family_dispute,
  accident,
  homicide,
  other,
  unknown
};
std::string_view to_string(Outcome outcome);
std::string_view to_string(Cause cause);
std::optional<Outcome> parse_outcome(std::string_view name);
std::optional<Cause> parse_cause(std::string_view name);

/// Why an alert is taken from some audiences while the case goes on (contract, section 2: `:suspend`).
enum class SuspendReason : std::uint8_t { none, leads_held, child_at_risk, other };
std::string_view to_string(SuspendReason reason);
std::optional<SuspendReason> parse_suspend_reason(std::string_view name);

// What can happen. An entry says that it has happened; it holds metadata and digests of sealed documents,
// never the child's data, so that the journal stays whole when an alert's key is destroyed.

struct ReportSubmitted {
  ReportId report_id;
  AlertId alert_id;
  std::string unit;
  Division division;
  Status status = Status::exercise;
  Instant last_seen_at;
  std::string content_digest;  ///< of the sealed report, 32 bytes in hex
  std::string link_digest;     ///< keyed, of normalised name, birth date and day of loss; hex, may be empty
};

/// The early police copy, revision 0, with the report itself (快速查找机制).
struct LookoutIssued {
  double radius_km = 0;
  std::vector<Division> divisions;
  Instant expires_at;
  std::string copies_digest;
};

struct ReportRejected {};

struct AlertReleased {
  AudienceSet audiences;
  double radius_km = 0;
  bool radius_chosen = false;  ///< by the officer, so that the clock does not widen it
  bool wake = false;           ///< deadlines run outside the recipients' hours too
  bool plate_open = false;     ///< the plate may be shown to the public
  bool break_glass = false;    ///< by the officer who took the report, alone
  std::vector<Division> divisions;
  Instant expires_at;
  std::string copies_digest;
};

struct AlertUpdated {
  Version version;
  std::vector<std::string> fields;  ///< the update mask: paths, no values
  double radius_km = 0;
  std::vector<Division> divisions;  ///< all in use now, those of earlier versions included
  Instant expires_at;
  std::string content_digest;
  std::string copies_digest;
  std::string link_digest;  ///< as ReportSubmitted's, of the report as it is now; absent in older journals
};

/// Only the circle, the divisions or the expiry changed: a new step of the same revision, for everybody who
/// has the alert. The version is the police copy's.
struct AlertStepped {
  Version version;
  double radius_km = 0;
  bool radius_chosen = false;
  bool centre_chosen = false;
  bool held = false;
  std::vector<Division> divisions;
  Instant expires_at;
  std::string copies_digest;
};

/// The clock no longer widens the circle, until an officer advances it.
struct CircleHeld {
  Version version;  ///< in force then
};

struct AlertSuspended {
  Version version;  ///< of the recall that these audiences get
  AudienceSet audiences;
  SuspendReason reason = SuspendReason::none;
  std::string copies_digest;
};

struct AlertResumed {
  Version version;  ///< of the content that these audiences get again
  AudienceSet audiences;
  std::vector<Division> divisions;
  Instant expires_at;
  std::string copies_digest;
};

/// The retention of a recall is over: its notices leave the broker.
struct AlertCleared {};

struct AlertClosed {
  Version version;
  Outcome outcome = Outcome::none;
  Cause cause = Cause::none;
  std::string copies_digest;
};

struct AlertRetracted {
  Version version;
  std::string copies_digest;
};

/// One committed batch of acknowledgements of one alert; the acknowledgements themselves are rows that carry
/// this entry's sequence.
struct AnswersRecorded {
  AlertId alert_id;
  std::map<std::string, std::uint32_t> counts;  ///< kind -> how many were first
};

/// The daemon went after recipients that kept silent: those listed with this entry's rows.
struct SilentChased {
  AlertId alert_id;
  std::uint32_t revision = 0;
  std::string awaited;  ///< the answer that is missing, "RECEIVED"
  std::string step;     ///< "direct", "unit", "late", "again"
  std::uint32_t count = 0;
  /// For how many of them anybody was told: a unit may be missing, or may not have the alert. Entries of before
  /// this was counted have none.
  std::optional<std::uint32_t> told{};
  /// By id, of the step `late`: the list is evidence, and a reader of the journal has nothing else.
  std::vector<std::string> recipients{};
};

struct SightingRecorded {
  AlertId alert_id;
  SightingId sighting_id;
  RecipientId recipient_id;
};

struct SightingAssessed {
  AlertId alert_id;
  SightingId sighting_id;
  Assessment assessment = Assessment::unassessed;
};

struct RecipientPut {
  RecipientId recipient_id;
};
struct RecipientDeleted {
  RecipientId recipient_id;
};
struct RecipientsImported {
  std::uint32_t count = 0;
};

/// Nothing goes out by this channel until it is resumed; what is due waits.
struct ChannelPaused {
  ChannelKind channel = ChannelKind::mqtt;
  std::string reason;
};
struct ChannelResumed {
  ChannelKind channel = ChannelKind::mqtt;
};

/// A row of the outbox that was rejected or had expired is sent after all.
struct DeliveryRequeued {
  AlertId alert_id;
  ChannelKind channel = ChannelKind::mqtt;
  std::string delivery;  ///< its number
};

/// The gateway said that nobody is at this recipient's address any more: it is not used until it is another, or is
/// put again, or a test of it is accepted.
struct EndpointRetired {
  RecipientId recipient_id;
  ChannelKind channel = ChannelKind::mqtt;
};

/// A test was accepted at an address that was retired: it is used again.
struct EndpointRevived {
  RecipientId recipient_id;
  ChannelKind channel = ChannelKind::mqtt;
};

/// The report before it is an exercise that the daemon carries out by itself: releases, and closes when its time
/// is over. The report and this are one commit.
struct ExerciseOrdered {
  std::string name;                 ///< of the plan in the configuration
  Instant due_at;                   ///< which of its times this is
  Instant begin_until;              ///< not released by then, it is rejected
  std::uint32_t lasts_seconds = 0;  ///< from its release
  std::string approved_by;          ///< the officer who answers for the plan, as actors are written
};

using EntryBody = std::variant<ReportSubmitted, LookoutIssued, ReportRejected, AlertReleased, AlertUpdated,
                               AlertStepped, CircleHeld, AlertSuspended, AlertResumed, AlertClosed, AlertRetracted,
                               AlertCleared, AnswersRecorded, SilentChased, SightingRecorded, SightingAssessed,
                               RecipientPut, RecipientDeleted, RecipientsImported, ExerciseOrdered, ChannelPaused,
                               ChannelResumed, DeliveryRequeued, EndpointRetired, EndpointRevived>;

/// One line of the journal before the ledger has numbered it.
struct Entry {
  Instant time;
  Actor actor;
  std::string subject;  ///< the alert's id for all of a case; the recipient's; or empty
  EntryBody body;
};

/// The stable name of what happened: "report.submitted", "alert.released", "acknowledgement", …
std::string_view type_name(const EntryBody& body);

/// An entry's body as ordered names and texts, as the ledger stores and `GET /journal` shows it. Reading back
/// gives nothing where a name is missing or a text is not of its kind.
using Detail = std::map<std::string, std::string>;
Detail to_detail(const EntryBody& body);
std::optional<EntryBody> from_detail(std::string_view type, const Detail& detail);

}  // namespace tuanyuan::core
