#include "adapters/ledger/memory/memory_store.hpp"

#include <iterator>
#include <stdexcept>

namespace tuanyuan::ledger {
namespace {

bool has_died(core::DeliveryState state) {
  return state == core::DeliveryState::rejected || state == core::DeliveryState::expired;
}

/// What was known of an address stays known while it is the same.
void keep_retired(core::Recipient& recipient, const core::Recipient& before) {
  for (core::Endpoint& endpoint : recipient.endpoints) {
    endpoint.retired_at = core::Instant{};
    for (const core::Endpoint& old : before.endpoints) {
      if (old.channel == endpoint.channel && old.address == endpoint.address) {
        endpoint.retired_at = old.retired_at;
      }
    }
  }
}

/// An answer without an entry would have no sequence: whoever made the commit is wrong.
void check_answers_have_entries(const ports::Commit& commit) {
  std::set<core::AlertId> alerts;
  for (const core::Entry& entry : commit.entries) {
    if (const auto* recorded = std::get_if<core::AnswersRecorded>(&entry.body)) {
      alerts.insert(recorded->alert_id);
    }
  }
  for (const ports::AnswerRow& row : commit.answers) {
    if (!alerts.contains(row.alert_id)) {
      throw std::logic_error("an answer without an entry for its alert");
    }
  }
}

}  // namespace

ports::CommitResult MemoryStore::commit(const ports::Commit& commit) {
  check_answers_have_entries(commit);
  if (const auto why = conflict(commit)) {
    return *why;
  }
  ports::Committed committed;
  committed.answers_first.resize(commit.answers.size());
  committed.answers_recorded_at.resize(commit.answers.size());
  write_entries(commit, committed);
  write_documents(commit);
  for (const ports::Supersede& older : commit.supersede) {
    supersede(older);
  }
  write_outbox(commit, committed);
  write_sightings(commit, committed);
  for (const ports::RecipientChange& changed : commit.recipients) {
    committed.ordinals.push_back(change(changed));
  }
  for (const ports::RetiredEndpoint& retired : commit.retired) {
    retire(retired);
  }
  for (const ports::PresenceRow& row : commit.presence) {
    presence_[row.ordinal] = row.away_since;
  }
  presence_noted_at_ = commit.presence_noted_at.value_or(presence_noted_at_);
  if (commit.idempotency) {
    idempotency_.emplace(commit.idempotency->key, *commit.idempotency);
  }
  committed.last_sequence = journal_.size();
  return committed;
}

std::optional<ports::Conflict> MemoryStore::conflict(const ports::Commit& commit) const {
  if (commit.idempotency && idempotency_.contains(commit.idempotency->key)) {
    return ports::Conflict{true};
  }
  for (const ports::ExpectedEntries& expected : commit.expected) {
    const auto found = subject_entries_.find(expected.subject);
    if ((found == subject_entries_.end() ? 0 : found->second) != expected.count) {
      return ports::Conflict{};
    }
  }
  for (const ports::Requeue& again : commit.requeued) {
    const auto found = outbox_.find(again.id);
    if (found == outbox_.end() || !has_died(found->second.delivery.state)) {
      return ports::Conflict{};
    }
  }
  for (const ports::WrappedKey& key : commit.keys) {
    if (keys_.contains(key.alert_id)) {
      return ports::Conflict{};
    }
  }
  return std::nullopt;
}

void MemoryStore::write_entries(const ports::Commit& commit, ports::Committed& committed) {
  for (const core::Entry& entry : commit.entries) {
    core::Entry written = entry;
    if (auto* recorded = std::get_if<core::AnswersRecorded>(&written.body)) {
      recorded->counts = write_answers(commit, recorded->alert_id, committed);
      if (recorded->counts.empty()) {
        continue;
      }
    }
    const auto* seen = std::get_if<core::SightingRecorded>(&written.body);
    if (seen != nullptr && sighting_places_.contains(seen->sighting_id)) {
      continue;
    }
    if (!written.subject.empty()) {
      ++subject_entries_[written.subject];
    }
    journal_.push_back({journal_.size() + 1, std::move(written)});
  }
}

std::map<std::string, std::uint32_t> MemoryStore::write_answers(const ports::Commit& commit,
                                                                const core::AlertId& alert,
                                                                ports::Committed& committed) {
  std::map<std::string, std::uint32_t> counts;
  auto& answered = answered_[alert];
  for (std::size_t index = 0; index < commit.answers.size(); ++index) {
    const ports::AnswerRow& row = commit.answers[index];
    if (row.alert_id != alert) {
      continue;
    }
    const auto [place, first] = answered.emplace(AnswerKey{row.revision, row.kind, row.ordinal}, row.recorded_at);
    committed.answers_recorded_at[index] = place->second;
    if (first) {
      committed.answers_first[index] = true;
      ++counts[std::string(core::to_string(row.kind))];
      answers_.push_back({journal_.size() + 1, row.alert_id, row.revision, row.ordinal, row.kind, row.source,
                          row.reason, row.recorded_at, row.channel});
    }
  }
  return counts;
}

void MemoryStore::write_documents(const ports::Commit& commit) {
  for (const ports::WrappedKey& key : commit.keys) {
    keys_.emplace(key.alert_id, key.wrapped);
  }
  for (const ports::SealedDocument& document : commit.documents) {
    documents_[{document.alert_id, document.name}] = document.sealed;
  }
  for (const ports::ExpectedRecipients& expected : commit.recipients_expected) {
    const auto [place, first] = expected_.emplace(std::pair(expected.alert_id, expected.version), expected);
    if (!first) {
      place->second.added |= expected.added;
    }
  }
  chased_.insert(chased_.end(), commit.chased.begin(), commit.chased.end());
}

void MemoryStore::settle(OutboxRow& row, core::DeliveryState state) {
  row.delivery.state = state;
  unsettled_.erase({row.delivery.channel, row.delivery.urgency, row.delivery.id});
}

void MemoryStore::supersede(const ports::Supersede& supersede) {
  for (auto& [id, row] : outbox_) {
    const core::Delivery& delivery = row.delivery;
    if (delivery.alert_id != supersede.alert_id || delivery.audience != supersede.audience ||
        delivery.version >= supersede.before) {
      continue;
    }
    if (delivery.state == core::DeliveryState::queued) {
      settle(row, core::DeliveryState::superseded);
    } else if (delivery.state == core::DeliveryState::in_flight) {
      row.outdated = true;
    }
  }
}

void MemoryStore::write_outbox(const ports::Commit& commit, ports::Committed& committed) {
  for (const ports::DeliveryUpdate& changed : commit.delivery_updates) {
    update(changed);
  }
  for (const ports::Requeue& again : commit.requeued) {
    requeue(again);
  }
  for (const core::Delivery& delivery : commit.deliveries) {
    OutboxRow row{delivery, delivery.not_before, core::Instant{}};
    row.delivery.id = outbox_.size() + 1;
    committed.delivery_ids.push_back(row.delivery.id);
    if (!core::is_settled(delivery.state)) {
      unsettled_.insert({delivery.channel, delivery.urgency, row.delivery.id});
    }
    outbox_.emplace(row.delivery.id, std::move(row));
  }
}

void MemoryStore::update(const ports::DeliveryUpdate& update) {
  const auto found = outbox_.find(update.id);
  if (found == outbox_.end()) {
    return;
  }
  OutboxRow& row = found->second;
  row.delivery.maybe_sent = row.delivery.maybe_sent || update.maybe_sent;
  if (core::is_settled(row.delivery.state)) {
    return;
  }
  row.delivery.attempts = update.attempts;
  row.delivery.not_before = update.not_before;
  const bool gone = row.outdated && update.state == core::DeliveryState::queued;
  const core::DeliveryState state = gone ? core::DeliveryState::superseded : update.state;
  if (core::is_settled(state)) {
    row.settled_at = update.settled_at;
    settle(row, state);
  } else {
    row.delivery.state = state;
  }
}

void MemoryStore::requeue(const ports::Requeue& requeue) {
  OutboxRow& row = outbox_.at(requeue.id);
  row.delivery.state = core::DeliveryState::queued;
  row.delivery.not_before = requeue.not_before;
  row.committed_due = requeue.not_before;
  row.outdated = false;
  unsettled_.insert({row.delivery.channel, row.delivery.urgency, row.delivery.id});
}

void MemoryStore::retire(const ports::RetiredEndpoint& retired) {
  if (retired.ordinal == 0 || retired.ordinal > directory_.size()) {
    return;
  }
  for (core::Endpoint& endpoint : directory_[retired.ordinal - 1].recipient.endpoints) {
    if (endpoint.channel == retired.channel && endpoint.address == retired.address) {
      endpoint.retired_at = retired.at;
    }
  }
}

std::vector<core::Delivery> MemoryStore::claim(core::ChannelKind channel, core::Instant now,
                                               core::Instant lease_until, std::size_t limit) {
  std::vector<core::Delivery> claimed;
  auto next = unsettled_.lower_bound(Urgency{channel, INT64_MIN, 0});
  while (next != unsettled_.end() && std::get<0>(*next) == channel && claimed.size() < limit) {
    OutboxRow& row = outbox_.at(std::get<2>(*next));
    ++next;
    const bool is_held = row.delivery.state == core::DeliveryState::in_flight;
    const bool lost = is_held && row.lease_until <= now;
    row.delivery.maybe_sent = row.delivery.maybe_sent || lost;
    if (row.outdated && (lost || !is_held)) {
      settle(row, core::DeliveryState::superseded);
    } else if (lost || core::is_due(row.delivery, now)) {
      row.delivery.state = core::DeliveryState::queued;
      claimed.push_back(row.delivery);
      row.delivery.state = core::DeliveryState::in_flight;
      row.lease_until = lease_until;
    }
  }
  return claimed;
}

ports::Ledger::Backlog MemoryStore::backlog(core::ChannelKind channel) const {
  ports::Ledger::Backlog backlog;
  for (auto place = unsettled_.lower_bound(Urgency{channel, INT64_MIN, 0});
       place != unsettled_.end() && std::get<0>(*place) == channel; ++place) {
    const OutboxRow& row = outbox_.at(std::get<2>(*place));
    backlog.oldest = backlog.rows == 0 ? row.committed_due : std::min(backlog.oldest, row.committed_due);
    ++backlog.rows;
  }
  return backlog;
}

std::vector<ports::Ledger::DeadDelivery> MemoryStore::dead(const ports::Ledger::DeadQuery& query,
                                                           std::size_t limit) const {
  std::vector<ports::Ledger::DeadDelivery> found;
  if (query.only != 0) {
    if (const auto row = outbox_.find(query.only); row != outbox_.end()) {
      found.push_back({row->second.delivery, row->second.settled_at});
    }
    return found;
  }
  for (auto row = std::make_reverse_iterator(outbox_.lower_bound(query.before));
       row != outbox_.rend() && found.size() < limit; ++row) {
    const core::Delivery& delivery = row->second.delivery;
    const bool asked = (!query.channel || *query.channel == delivery.channel) &&
                       (query.alert.empty() || query.alert == delivery.alert_id);
    if (asked && has_died(delivery.state)) {
      found.push_back({delivery, row->second.settled_at});
    }
  }
  return found;
}

std::vector<ports::Ledger::Waiting> MemoryStore::waiting(const core::AlertId& alert) const {
  std::map<core::ChannelKind, std::uint64_t> places;
  std::map<core::ChannelKind, ports::Ledger::Waiting> found;
  for (const auto& [channel, urgency, id] : unsettled_) {
    const std::uint64_t place = ++places[channel];
    if (outbox_.at(id).delivery.alert_id == alert) {
      ports::Ledger::Waiting& waiting = found[channel];
      waiting.channel = channel;
      waiting.last_place = place;
      ++waiting.rows;
    }
  }
  std::vector<ports::Ledger::Waiting> lines;
  for (const auto& [channel, waiting] : found) {
    lines.push_back(waiting);
  }
  return lines;
}

std::vector<ports::Ledger::Place> MemoryStore::places(const core::AlertId& alert, core::ChannelKind channel,
                                                      std::uint64_t after, std::size_t limit) const {
  std::vector<ports::Ledger::Place> found;
  std::uint64_t place = 0;
  for (auto next = unsettled_.lower_bound(Urgency{channel, INT64_MIN, 0});
       next != unsettled_.end() && std::get<0>(*next) == channel && found.size() < limit; ++next) {
    const core::Delivery& delivery = outbox_.at(std::get<2>(*next)).delivery;
    const auto* recipient = std::get_if<core::RecipientId>(&delivery.target);
    ++place;
    const bool is_asked_for = alert.empty() || delivery.alert_id == alert;
    if (place > after && recipient != nullptr && is_asked_for) {
      found.push_back({*recipient, delivery.endpoint, place, delivery.alert_id});
    }
  }
  return found;
}

void MemoryStore::begin_anew() {
  for (const Urgency& place : unsettled_) {
    OutboxRow& row = outbox_.at(std::get<2>(place));
    row.delivery.maybe_sent = row.delivery.maybe_sent || row.delivery.state == core::DeliveryState::in_flight;
    row.delivery.state = core::DeliveryState::queued;
    row.delivery.not_before = core::Instant{};
  }
}

void MemoryStore::write_sightings(const ports::Commit& commit, ports::Committed& committed) {
  for (const ports::SightingRow& sighting : commit.sightings) {
    const bool first = sighting_places_.emplace(sighting.sighting_id, sightings_.size()).second;
    committed.sightings_first.push_back(first);
    if (first) {
      sightings_.push_back(sighting);
    }
  }
  for (const ports::AssessmentRow& assessment : commit.assessments) {
    const auto found = sighting_places_.find(assessment.sighting_id);
    if (found != sighting_places_.end()) {
      sightings_[found->second].verdict = assessment.verdict;
    }
  }
}

core::Ordinal MemoryStore::change(const ports::RecipientChange& change) {
  const auto found = live_.find(change.recipient.id);
  if (change.deleted) {
    if (found == live_.end()) {
      return 0;
    }
    const core::Ordinal ordinal = found->second;
    directory_[ordinal - 1].deleted = true;
    live_.erase(found);
    return ordinal;
  }
  if (found != live_.end()) {
    ports::DirectoryEntry& entry = directory_[found->second - 1];
    core::Recipient changed = change.recipient;
    keep_retired(changed, entry.recipient);
    entry.former = core::former_endpoints(std::move(entry.former), entry.recipient.endpoints, changed.endpoints,
                                          change.needed);
    entry.recipient = std::move(changed);
    return found->second;
  }
  const auto ordinal = static_cast<core::Ordinal>(directory_.size() + 1);
  directory_.push_back({ordinal, change.recipient});
  live_.emplace(change.recipient.id, ordinal);
  return ordinal;
}

std::vector<ports::RecordedEntry> MemoryStore::journal(core::Sequence after, const std::string& subject,
                                                       std::size_t limit) const {
  std::vector<ports::RecordedEntry> entries;
  for (std::size_t index = after; index < journal_.size() && entries.size() < limit; ++index) {
    if (subject.empty() || journal_[index].entry.subject == subject) {
      entries.push_back(journal_[index]);
    }
  }
  return entries;
}

std::optional<ports::IdempotencyRecord> MemoryStore::idempotency(const std::string& key) const {
  const auto found = idempotency_.find(key);
  return found == idempotency_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> MemoryStore::wrapped_key(const core::AlertId& alert) const {
  const auto found = keys_.find(alert);
  return found == keys_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> MemoryStore::document(const core::AlertId& alert, const std::string& name) const {
  const auto found = documents_.find({alert, name});
  return found == documents_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<ports::SealedDocument> MemoryStore::documents(const core::AlertId& alert,
                                                          const std::string& beginning) const {
  std::vector<ports::SealedDocument> found;
  for (auto place = documents_.lower_bound({alert, beginning});
       place != documents_.end() && place->first.first == alert && place->first.second.starts_with(beginning);
       ++place) {
    found.push_back({alert, place->first.second, place->second});
  }
  return found;
}

std::vector<ports::ExpectedRecipients> MemoryStore::expected(const core::AlertId& alert) const {
  std::vector<ports::ExpectedRecipients> sets;
  for (auto place = expected_.lower_bound({alert, core::Version{}});
       place != expected_.end() && place->first.first == alert; ++place) {
    sets.push_back(place->second);
  }
  return sets;
}

std::vector<ports::ChasedRecipients> MemoryStore::chased(const core::AlertId& alert) const {
  std::vector<ports::ChasedRecipients> rows;
  for (const ports::ChasedRecipients& row : chased_) {
    if (row.alert_id == alert) {
      rows.push_back(row);
    }
  }
  return rows;
}

std::vector<ports::SightingRow> MemoryStore::sightings(const core::AlertId& alert) const {
  std::vector<ports::SightingRow> rows;
  for (const ports::SightingRow& row : sightings_) {
    if (row.alert_id == alert) {
      rows.push_back(row);
    }
  }
  return rows;
}

std::optional<ports::SightingRow> MemoryStore::sighting(const core::SightingId& id) const {
  const auto found = sighting_places_.find(id);
  return found == sighting_places_.end() ? std::nullopt : std::optional(sightings_[found->second]);
}

std::vector<ports::DirectoryEntry> MemoryStore::recipients_by_id(const core::RecipientId& after,
                                                                 std::size_t limit) const {
  std::vector<ports::DirectoryEntry> page;
  for (auto place = live_.upper_bound(after); place != live_.end() && page.size() < limit; ++place) {
    page.push_back(directory_[place->second - 1]);
  }
  return page;
}

std::vector<ports::DirectoryEntry> MemoryStore::recipients(const std::vector<core::Ordinal>& ordinals) const {
  std::vector<ports::DirectoryEntry> entries;
  for (core::Ordinal ordinal : ordinals) {
    if (ordinal != 0 && ordinal <= directory_.size()) {
      entries.push_back(directory_[ordinal - 1]);
    }
  }
  return entries;
}

ports::Ledger::Presence MemoryStore::presence() const {
  ports::Ledger::Presence presence;
  presence.noted_at = presence_noted_at_;
  for (const auto& [ordinal, away_since] : presence_) {
    presence.rows.push_back({ordinal, away_since});
  }
  return presence;
}

}  // namespace tuanyuan::ledger
