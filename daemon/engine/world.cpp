#include "engine/world.hpp"

#include <algorithm>

namespace tuanyuan::engine {

CaseFile* Casebook::find(const core::AlertId& id) {
  const auto found = cases_.find(id);
  return found == cases_.end() ? nullptr : &found->second;
}

const CaseFile* Casebook::find(const core::AlertId& id) const {
  const auto found = cases_.find(id);
  return found == cases_.end() ? nullptr : &found->second;
}

CaseFile* Casebook::find(const core::ReportId& id) {
  const auto found = by_report_.find(id);
  return found == by_report_.end() ? nullptr : found->second;
}

void Casebook::apply(const core::Entry& entry, core::Sequence sequence) {
  if (const auto* submitted = std::get_if<core::ReportSubmitted>(&entry.body)) {
    by_report_[submitted->report_id] = &cases_[submitted->alert_id];
  }
  if (CaseFile* file = find(core::AlertId(entry.subject))) {
    const std::size_t links = file->state.link_digests.size();
    file->state = core::apply(std::move(file->state), entry);
    if (file->state.link_digests.size() != links) {
      index(*file);
    }
    if (std::holds_alternative<core::AlertReleased>(entry.body)) {
      file->release_sequence = sequence;
      latest_release_ = std::max(latest_release_, sequence);
    } else if (std::holds_alternative<core::AlertUpdated>(entry.body)) {
      file->photo.reset();  // it may be another now
    }
  }
  if (const auto* sighting = std::get_if<core::SightingRecorded>(&entry.body)) {
    if (CaseFile* file = find(sighting->alert_id)) {
      file->sighted = true;
    }
  }
}

void Casebook::index(const CaseFile& file) {
  for (const std::string& digest : file.state.link_digests) {
    by_link_[digest].insert(file.state.report_id);
  }
}

std::vector<core::ReportId> Casebook::linked(const CaseFile& file, std::optional<core::Instant> as_of) const {
  std::set<core::ReportId> others;
  for (const std::string& digest : file.state.link_digests) {
    const auto found = by_link_.find(digest);
    if (found != by_link_.end()) {
      others.insert(found->second.begin(), found->second.end());
    }
  }
  std::erase_if(others, [&](const core::ReportId& id) {
    const core::CaseState& other = by_report_.at(id)->state;
    return id == file.state.report_id || other.report_state == core::ReportState::rejected ||
           other.status != file.state.status || (as_of && other.submitted_at > *as_of);
  });
  return {others.begin(), others.end()};
}

boost::asio::awaitable<ports::CommitResult> World::commit(ports::Commit commit) {
  const bool certain = co_await is_certain(*this);
  if (!certain) {
    ports::CommitResult not_now = ports::NotCommitted{"an earlier outcome is unknown"};
    co_return not_now;
  }
  ports::CommitResult result = co_await commit_now(std::move(commit));
  if (std::holds_alternative<ports::UnknownCommit>(result)) {
    co_await is_certain(*this);
  }
  co_return result;
}

boost::asio::awaitable<ports::CommitResult> World::commit_now(ports::Commit commit) {
  const std::vector<core::Entry> entries = commit.entries;
  const Doubt::Of concerned(commit);
  std::optional<runtime::UnderWay::One> on_its_way;
  if (concerned.any()) {  // of the others, as of outcomes of rows, memory has nothing
    on_its_way.emplace(doubt.hand_over());
  }
  const bool has_deliveries = !commit.deliveries.empty() || !commit.requeued.empty();
  const ports::Clock::Steady begun = tools.clock.steady_now();
  ports::CommitResult result = co_await tools.ledger.commit(std::move(commit));
  const auto* committed = std::get_if<ports::Committed>(&result);
  if (committed == nullptr) {
    if (!std::holds_alternative<ports::Conflict>(result)) {
      tools.metrics.add("tuanyuan_ledger_failures_total", {});
    }
    if (std::holds_alternative<ports::UnknownCommit>(result)) {
      doubt.add(concerned);
      tools.log.warning("ledger.outcome_unknown");
    }
    co_return result;
  }
  const std::chrono::duration<double> took = tools.clock.steady_now() - begun;
  tools.metrics.observe("tuanyuan_ledger_commit_seconds", {}, took.count());
  const core::Sequence learnt = learnt_as(committed->last_sequence);
  for (const core::Entry& entry : entries) {
    cases.apply(entry, learnt);
    pauses.apply(entry);
  }
  if (!entries.empty()) {
    clock_changed.notify();
    journal.raise(committed->last_sequence);  // without entries it may be another's, which is still on its way
  }
  if (has_deliveries) {
    outbox_grew.notify();
  }
  co_return result;
}

core::Sequence World::learnt_as(core::Sequence sequence) const {
  return std::max(sequence, newest() + 1);
}

core::Sequence World::newest() const {
  return std::max<core::Sequence>(journal.level(), cases.latest_release());
}

void World::note_time() {
  if (running.note(tools.clock.steady_now())) {
    tools.log.warning("clock.stood_still");
  }
}

ports::Clock::Steady World::grace_over() const {
  return running.since() + settings.chase_grace;
}

void World::enter(core::Ordinal ordinal, const core::Recipient& recipient,
                  const std::vector<core::Endpoint>& former) {
  directory.put(ordinal, recipient);
  endpoints.put(ordinal, recipient.endpoints, former);
  if (strangers_online.erase(recipient.id.value) != 0) {
    online.add(ordinal);
    offline_since.erase(ordinal);
    presence_changed.add(ordinal);
  }
}

/// Entered once more, it would be in the way of who has come back under its id, until that one is read too.
bool World::is_known_to_be_deleted(const ports::DirectoryEntry& entry) const {
  return entry.deleted && !directory.live().contains(entry.ordinal) &&
         directory.of_audience(entry.recipient.audience).contains(entry.ordinal);
}

/// Its equipment stays connected, and is online again if it is entered anew.
void World::strike(core::Ordinal ordinal) {
  directory.remove(ordinal);
  if (online.contains(ordinal)) {
    online.remove(ordinal);
    strangers_online.emplace(directory.at(ordinal).id);
  }
}

boost::asio::awaitable<bool> World::read_directory() {
  ports::Ledger::DirectoryVisitor visitor = [this](const std::vector<ports::DirectoryEntry>& entries) {
    for (const ports::DirectoryEntry& entry : entries) {
      if (is_known_to_be_deleted(entry)) {
        continue;
      }
      enter(entry.ordinal, entry.recipient, entry.former);
      if (entry.deleted) {
        strike(entry.ordinal);
      }
    }
  };
  co_return co_await tools.ledger.directory(std::move(visitor));
}

core::Refusal refusal_of(const ports::CommitResult& result) {
  if (std::holds_alternative<ports::Conflict>(result)) {
    return core::Refusal(core::Errc::conflict);
  }
  return core::Refusal(core::Errc::unavailable);
}

}  // namespace tuanyuan::engine
