#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/answer.hpp"
#include "core/chase_step.hpp"
#include "core/delivery.hpp"
#include "core/entry.hpp"
#include "core/ids.hpp"
#include "core/recipient.hpp"
#include "core/recipient_set.hpp"
#include "core/time.hpp"
#include "core/way.hpp"

namespace tuanyuan::ports {

/// How many journal entries a subject is expected to have when a commit is made: the condition that makes
/// two decisions on one case exclude each other.
struct ExpectedEntries {
  std::string subject;
  std::uint32_t count = 0;
};

/// A sealed document of a case, by name: "report/1", "photo", "copy/police/2/0", "reason/4".
/// The same name again replaces it.
struct SealedDocument {
  core::AlertId alert_id;
  std::string name;
  std::string sealed;
};

/// The wrapped data key of a new case.
struct WrappedKey {
  core::AlertId alert_id;
  std::string wrapped;
};

/// Recipients newly expected at one version; what is expected altogether is the union.
struct ExpectedRecipients {
  core::AlertId alert_id;
  core::Version version;
  core::RecipientSet added;
  core::Instant at;
};

/// Recipients whose silence was followed up: which answer was missing, and what was done about it.
struct ChasedRecipients {
  core::AlertId alert_id;
  std::uint32_t revision = 0;
  core::AnswerKind awaited = core::AnswerKind::received;
  core::ChaseStep step = core::ChaseStep::direct;
  core::Instant at;
  core::Instant counts_from;  ///< from when the time until the next step runs; not before `at`
  core::RecipientSet recipients;
};

/// Everything of this alert for this audience that is still queued and older than `before` is superseded.
struct Supersede {
  core::AlertId alert_id;
  core::Audience audience = core::Audience::police;
  core::Version before;
};

/// How an outbox row stands after an attempt, or that it was superseded.
struct DeliveryUpdate {
  std::uint64_t id = 0;
  core::DeliveryState state = core::DeliveryState::queued;
  std::uint32_t attempts = 0;
  bool maybe_sent = false;
  core::Instant not_before;
  core::Instant settled_at{};  ///< where it is settled by this
};

/// A row that was rejected or had expired becomes queued again. Any other row is a conflict.
struct Requeue {
  std::uint64_t id = 0;
  core::Instant not_before;
};

/// A recipient's address that is not used any more, or is used again. Where the directory has another one by now,
/// nothing happens; a change of the directory leaves it as it is while the address is the same.
struct RetiredEndpoint {
  core::Ordinal ordinal = 0;
  core::ChannelKind channel = core::ChannelKind::mqtt;
  std::string address;
  core::Instant at;  ///< the epoch: it is used again
};

/// An idempotency key that is used up by this commit. `key` holds the caller and the call beside what the
/// client sent; the answer is found again by folding `subject` up to `entries`, or stands in `answer`.
struct IdempotencyRecord {
  std::string key;
  std::string body_digest;
  std::string subject;
  std::uint32_t entries = 0;
  std::string answer;
  core::Instant recorded_at;
};

/// One acknowledgement on its way into the ledger. Its identity is (alert, revision, recipient, kind); who is
/// not in the directory has no ordinal and is told by id.
struct AnswerRow {
  core::AlertId alert_id;
  std::uint32_t revision = 0;
  core::Ordinal ordinal = 0;
  core::AnswerKind kind = core::AnswerKind::received;
  core::AnswerSource source = core::AnswerSource::station;
  core::UnableReason reason = core::UnableReason::none;
  core::Instant recorded_at;
  std::optional<core::Instant> at;             ///< by the recipient's clock
  std::string sealed_note;                     ///< sealed under the alert's key; empty: none
  std::optional<core::ChannelKind> channel{};  ///< by which it came, where that is known
};

/// What the case's unit thinks of a sighting.
struct Verdict {
  core::Assessment assessment = core::Assessment::unassessed;
  core::Instant at;         ///< only with an assessment
  core::Actor by;           ///< likewise
  std::string sealed_note;  ///< why, under the alert's key; empty: none
};

struct SightingRow {
  core::SightingId sighting_id;
  core::AlertId alert_id;
  core::Ordinal ordinal = 0;
  core::RecipientId recipient_id;
  core::Instant recorded_at;
  std::string sealed;  ///< the sighting, under the alert's key
  Verdict verdict{};
};

struct AssessmentRow {
  core::SightingId sighting_id;
  Verdict verdict{};
};

/// A change of the directory. A new id gets a new ordinal, and so does one that was deleted before: ordinals
/// are never reused.
struct RecipientChange {
  core::Recipient recipient;
  bool deleted = false;  ///< only `recipient.id` counts
  /// By which of its former endpoints alerts were told; the others are forgotten. None: all are kept.
  std::optional<core::EndpointKeys> needed{};
};

/// Since when a recipient has had no connection; nothing: it had one when this was written.
struct PresenceRow {
  core::Ordinal ordinal = 0;
  std::optional<core::Instant> away_since;

  friend bool operator==(const PresenceRow&, const PresenceRow&) = default;
};

/// All that has to become true at once, or not at all.
struct Commit {
  std::vector<ExpectedEntries> expected;
  /// Numbered in their order. Every alert in `answers` has one AnswersRecorded entry here (an answer without
  /// is a programmer's error, thrown); the ledger fills its counts from the answers that were first, and drops
  /// the entry, without losing a number, when none was.
  std::vector<core::Entry> entries;
  std::vector<WrappedKey> keys;
  std::vector<SealedDocument> documents;
  std::vector<ExpectedRecipients> recipients_expected;
  std::vector<ChasedRecipients> chased;  ///< each a row of its own
  std::vector<Supersede> supersede;
  std::vector<core::Delivery> deliveries;  ///< ids are allotted by the ledger
  std::vector<DeliveryUpdate> delivery_updates;
  std::vector<Requeue> requeued;
  std::vector<RetiredEndpoint> retired;
  std::vector<AnswerRow> answers;
  std::vector<SightingRow> sightings;
  std::vector<AssessmentRow> assessments;
  std::vector<RecipientChange> recipients;
  std::vector<PresenceRow> presence;               ///< each replaces what was known of that recipient
  std::optional<core::Instant> presence_noted_at;  ///< until when those without a time were seen
  std::optional<IdempotencyRecord> idempotency;

  Commit() = default;
};

/// What was committed. Parallel vectors answer for the rows of the commit in their order.
struct Committed {
  core::Sequence last_sequence = 0;                ///< of the last entry; entries are numbered without gaps
  std::vector<bool> answers_first;                 ///< false: the same acknowledgement was there before
  std::vector<core::Instant> answers_recorded_at;  ///< of the first of its kind
  std::vector<bool> sightings_first;
  std::vector<core::Ordinal> ordinals;  ///< of each changed recipient
  std::vector<std::uint64_t> delivery_ids;

  Committed() = default;
};

/// Nothing was written: an expected count did not hold, or the idempotency key is there already.
struct Conflict {
  bool idempotency = false;  ///< it was the key; read it and answer what was answered then
};
/// Nothing was written, and it is known: full disk, busy, read-only. The same commit may be tried again.
struct NotCommitted {
  std::string reason;
};
/// It may have been written or not. Whoever needs to know reads; the same commit with the same idempotency
/// key may be tried again.
struct UnknownCommit {
  std::string reason;
};

using CommitResult = std::variant<Committed, Conflict, NotCommitted, UnknownCommit>;

/// A journal line as it stands.
struct RecordedEntry {
  core::Sequence sequence = 0;
  core::Entry entry;
};

struct AnswerRecord {
  core::Sequence sequence = 0;
  core::AlertId alert_id;
  std::uint32_t revision = 0;
  core::Ordinal ordinal = 0;
  core::AnswerKind kind = core::AnswerKind::received;
  core::AnswerSource source = core::AnswerSource::station;
  core::UnableReason reason = core::UnableReason::none;
  core::Instant recorded_at;
  std::optional<core::ChannelKind> channel{};  ///< by which it came, where that is known
};

struct DirectoryEntry {
  core::Ordinal ordinal = 0;
  core::Recipient recipient;
  bool deleted = false;
  /// What it had before, oldest first: whoever was told there is recalled there (core/way.hpp).
  std::vector<core::Endpoint> former{};
};

/// Answers of a read that could not be made are an empty optional; the caller answers "unavailable".
template <class T>
using Read = std::optional<T>;

/// The truth. One conditional commit, and reads. Every call is made on the loop thread and resumes there; the
/// work is done elsewhere. Commits made one after another are committed in that order (some of them may
/// share one transaction and one flush), and a read sees every commit that was answered before it was made.
class Ledger {
 public:
  virtual ~Ledger() = default;

  virtual boost::asio::awaitable<CommitResult> commit(Commit commit) = 0;

  // Journal, oldest first. `subject` empty: of all. At most `limit` entries.
  virtual boost::asio::awaitable<Read<std::vector<RecordedEntry>>> journal(core::Sequence after,
                                                                           std::string subject,
                                                                           std::size_t limit) = 0;
  virtual boost::asio::awaitable<Read<std::optional<IdempotencyRecord>>> idempotency(std::string key) = 0;

  // Sealed documents and keys. The inner optional: there is none (any more).
  virtual boost::asio::awaitable<Read<std::optional<std::string>>> wrapped_key(core::AlertId alert) = 0;
  virtual boost::asio::awaitable<Read<std::optional<std::string>>> document(core::AlertId alert,
                                                                            std::string name) = 0;
  /// All of that alert whose names begin so, by name.
  virtual boost::asio::awaitable<Read<std::vector<SealedDocument>>> documents(core::AlertId alert,
                                                                              std::string beginning) = 0;

  // Outbox. `claim` gives the most urgent queued rows of a channel that are due and leases them to the caller
  // until `lease_until`: nobody else is given them before. A row whose lease ran out is given again, marked
  // maybe_sent. `unsettled` counts rows that are queued or in flight and tells the oldest one's commitment.
  virtual boost::asio::awaitable<Read<std::vector<core::Delivery>>> claim(core::ChannelKind channel,
                                                                          core::Instant now,
                                                                          core::Instant lease_until,
                                                                          std::size_t limit) = 0;
  struct Backlog {
    std::uint64_t rows = 0;
    core::Instant oldest;  ///< not_before of the oldest
  };
  virtual boost::asio::awaitable<Read<Backlog>> backlog(core::ChannelKind channel) = 0;
  /// What died: rows that were rejected or had expired, the latest first.
  struct DeadQuery {
    std::optional<core::ChannelKind> channel;
    core::AlertId alert;                ///< empty: of all
    std::uint64_t before = UINT64_MAX;  ///< only rows with smaller ids
    /// This one row, in whatever state it is; 0: all that died.
    std::uint64_t only = 0;

    DeadQuery() = default;
  };
  struct DeadDelivery {
    core::Delivery delivery;
    core::Instant settled_at;  ///< the epoch: by a program that did not note it
  };
  virtual boost::asio::awaitable<Read<std::vector<DeadDelivery>>> dead(DeadQuery query, std::size_t limit) = 0;
  /// What of an alert is still to be sent, by channel.
  struct Waiting {
    core::ChannelKind channel = core::ChannelKind::mqtt;
    std::uint64_t rows = 0;
    std::uint64_t last_place = 0;  ///< of the last of them in the channel's queue, from 1
  };
  virtual boost::asio::awaitable<Read<std::vector<Waiting>>> waiting(core::AlertId alert) = 0;
  /// Those of them that go to one recipient each and stand behind `after` in the channel's queue, in its order.
  /// `alert` empty: of all alerts.
  struct Place {
    core::RecipientId recipient;
    std::uint64_t endpoint = 0;  ///< as its row names it
    std::uint64_t place = 0;
    core::AlertId alert;
  };
  virtual boost::asio::awaitable<Read<std::vector<Place>>> places(core::AlertId alert, core::ChannelKind channel,
                                                                  std::uint64_t after, std::size_t limit) = 0;

  // Expected recipients and answers, for boards. The visitor runs on the loop thread in slices and is called
  // with at most some thousand rows at a time.
  virtual boost::asio::awaitable<Read<std::vector<ExpectedRecipients>>> expected(core::AlertId alert) = 0;
  /// In the order of commitment.
  virtual boost::asio::awaitable<Read<std::vector<ChasedRecipients>>> chased(core::AlertId alert) = 0;
  using AnswerVisitor = std::function<void(const std::vector<AnswerRecord>&)>;
  /// All answers with a sequence after `after`, in sequence order; `alert` empty: of all alerts.
  virtual boost::asio::awaitable<bool> answers(core::AlertId alert, core::Sequence after,
                                               AnswerVisitor visitor) = 0;

  virtual boost::asio::awaitable<Read<std::vector<SightingRow>>> sightings(core::AlertId alert) = 0;
  virtual boost::asio::awaitable<Read<std::optional<SightingRow>>> sighting(core::SightingId id) = 0;

  // Directory. `recipients_by_id` pages by id, deleted ones left out; `recipients` come as asked, and as often.
  virtual boost::asio::awaitable<Read<std::vector<DirectoryEntry>>> recipients_by_id(core::RecipientId after,
                                                                                     std::size_t limit) = 0;
  virtual boost::asio::awaitable<Read<std::vector<DirectoryEntry>>> recipients(
      std::vector<core::Ordinal> ordinals) = 0;
  using DirectoryVisitor = std::function<void(const std::vector<DirectoryEntry>&)>;
  /// Every recipient ever, deleted ones included (marked), in ordinal order, in slices.
  virtual boost::asio::awaitable<bool> directory(DirectoryVisitor visitor) = 0;

  /// Of everybody who was ever seen, in the order of ordinals.
  struct Presence {
    std::vector<PresenceRow> rows;
    core::Instant noted_at;  ///< the epoch: never

    Presence() = default;
  };
  virtual boost::asio::awaitable<Read<Presence>> presence() = 0;

  /// Whether a commit could be made now, for /readyz: empty when it could, else what is wrong.
  virtual boost::asio::awaitable<std::string> health() = 0;
};

}  // namespace tuanyuan::ports
