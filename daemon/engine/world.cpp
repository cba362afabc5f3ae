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

void Casebook::apply(const core::Entry& entry) {
  if (const auto* submitted = std::get_if<core::ReportSubmitted>(&entry.body)) {
    CaseFile& file = cases_[submitted->alert_id];
    by_report_[submitted->report_id] = &file;
    if (!submitted->link_digest.empty()) {
      by_link_[submitted->link_digest].push_back(submitted->report_id);
    }
  }
  if (CaseFile* file = find(core::AlertId(entry.subject))) {
    file->state = core::apply(std::move(file->state), entry);
  }
}

std::vector<core::ReportId> Casebook::linked(const CaseFile& file) const {
  std::vector<core::ReportId> others;
  const auto found = by_link_.find(file.state.link_digest);
  if (file.state.link_digest.empty() || found == by_link_.end()) {
    return others;
  }
  for (const core::ReportId& id : found->second) {
    const CaseFile& other = *by_report_.at(id);
    if (id != file.state.report_id && other.state.report_state != core::ReportState::rejected) {
      others.push_back(id);
    }
  }
  return others;
}

boost::asio::awaitable<ports::CommitResult> World::commit(ports::Commit commit) {
  if (doubt.any()) {
    const bool resolved = co_await resolve(*this);
    if (!resolved) {
      ports::CommitResult not_now = ports::NotCommitted{"an earlier outcome is unknown"};
      co_return not_now;
    }
  }
  const std::vector<core::Entry> entries = commit.entries;
  const Doubt::Of concerned(commit);
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
      co_await resolve(*this);
    }
    co_return result;
  }
  const std::chrono::duration<double> took = tools.clock.steady_now() - begun;
  tools.metrics.observe("tuanyuan_ledger_commit_seconds", {}, took.count());
  for (const core::Entry& entry : entries) {
    cases.apply(entry);
    pauses.apply(entry);
  }
  if (!entries.empty()) {
    clock_changed.notify();
  }
  journal.raise(committed->last_sequence);
  if (has_deliveries) {
    outbox_grew.notify();
  }
  co_return result;
}

void World::note_time() {
  if (running.note(tools.clock.steady_now())) {
    tools.log.warning("clock.stood_still");
  }
}

void World::enter(core::Ordinal ordinal, const core::Recipient& recipient,
                  const std::vector<core::Endpoint>& former) {
  directory.put(ordinal, recipient);
  endpoints.put(ordinal, recipient.endpoints, former);
  if (strangers_online.erase(recipient.id.value) != 0) {
    online.add(ordinal);
  }
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
