#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ports/ledger.hpp"

namespace tuanyuan::ledger {

/// What a ledger knows, in memory. It outlives the MemoryLedger that works on it, so that a test or the
/// simulation can let the daemon crash and start again on what was committed. One thread.
class MemoryStore {
 public:
  ports::CommitResult commit(const ports::Commit& commit);

  std::vector<ports::RecordedEntry> journal(core::Sequence after, const std::string& subject,
                                            std::size_t limit) const;
  std::optional<ports::IdempotencyRecord> idempotency(const std::string& key) const;
  std::optional<std::string> wrapped_key(const core::AlertId& alert) const;
  std::optional<std::string> document(const core::AlertId& alert, const std::string& name) const;
  std::vector<ports::SealedDocument> documents(const core::AlertId& alert, const std::string& beginning) const;

  std::vector<core::Delivery> claim(core::ChannelKind channel, core::Instant now, core::Instant lease_until,
                                    std::size_t limit);
  ports::Ledger::Backlog backlog(core::ChannelKind channel) const;
  std::vector<ports::Ledger::DeadDelivery> dead(const ports::Ledger::DeadQuery& query, std::size_t limit) const;
  std::vector<ports::Ledger::Waiting> waiting(const core::AlertId& alert) const;
  std::vector<ports::Ledger::Place> places(const core::AlertId& alert, core::ChannelKind channel,
                                           std::uint64_t after, std::size_t limit) const;
  /// As at a start: nobody holds a lease any more, for whoever did is gone; and whatever is queued is due, for the
  /// clock that said when may have run ahead, and at worst something is tried a few minutes early.
  void begin_anew();

  std::vector<ports::ExpectedRecipients> expected(const core::AlertId& alert) const;
  std::vector<ports::ChasedRecipients> chased(const core::AlertId& alert) const;
  /// In the order of commitment; only grows.
  const std::vector<ports::AnswerRecord>& answers() const { return answers_; }
  std::vector<ports::SightingRow> sightings(const core::AlertId& alert) const;
  std::optional<ports::SightingRow> sighting(const core::SightingId& id) const;

  std::vector<ports::DirectoryEntry> recipients_by_id(const core::RecipientId& after, std::size_t limit) const;
  std::vector<ports::DirectoryEntry> recipients(const std::vector<core::Ordinal>& ordinals) const;
  /// In the order of ordinals, which begin at 1; only grows.
  const std::vector<ports::DirectoryEntry>& directory() const { return directory_; }
  ports::Ledger::Presence presence() const;

 private:
  struct OutboxRow {
    core::Delivery delivery;
    core::Instant committed_due;  ///< its first not_before
    core::Instant lease_until;
    core::Instant settled_at{};
    bool outdated = false;  ///< superseded while in flight: not to be given again
  };
  using Urgency = std::tuple<core::ChannelKind, std::int64_t, std::uint64_t>;
  using AnswerKey = std::tuple<std::uint32_t, core::AnswerKind, core::Ordinal>;

  std::optional<ports::Conflict> conflict(const ports::Commit& commit) const;
  void write_entries(const ports::Commit& commit, ports::Committed& committed);
  /// How many of the entry's answers were first, by kind; none: the entry is not written.
  std::map<std::string, std::uint32_t> write_answers(const ports::Commit& commit, const core::AlertId& alert,
                                                     ports::Committed& committed);
  void write_documents(const ports::Commit& commit);
  void supersede(const ports::Supersede& supersede);
  void write_outbox(const ports::Commit& commit, ports::Committed& committed);
  void update(const ports::DeliveryUpdate& update);
  void requeue(const ports::Requeue& requeue);
  void retire(const ports::RetiredEndpoint& retired);
  void settle(OutboxRow& row, core::DeliveryState state);
  void write_sightings(const ports::Commit& commit, ports::Committed& committed);
  core::Ordinal change(const ports::RecipientChange& change);

  std::vector<ports::RecordedEntry> journal_;
  std::unordered_map<std::string, std::uint32_t> subject_entries_;
  std::unordered_map<std::string, ports::IdempotencyRecord> idempotency_;
  std::unordered_map<core::AlertId, std::string> keys_;
  std::map<std::pair<core::AlertId, std::string>, std::string> documents_;
  std::map<std::pair<core::AlertId, core::Version>, ports::ExpectedRecipients> expected_;
  std::vector<ports::ChasedRecipients> chased_;
  std::map<std::uint64_t, OutboxRow> outbox_;
  std::set<Urgency> unsettled_;
  std::unordered_map<core::AlertId, std::map<AnswerKey, core::Instant>> answered_;
  std::vector<ports::AnswerRecord> answers_;
  std::vector<ports::SightingRow> sightings_;
  std::unordered_map<core::SightingId, std::size_t> sighting_places_;
  std::vector<ports::DirectoryEntry> directory_;
  std::map<core::RecipientId, core::Ordinal> live_;
  std::map<core::Ordinal, std::optional<core::Instant>> presence_;
  core::Instant presence_noted_at_;
};

}  // namespace tuanyuan::ledger
