#include "engine/case_service.hpp"

#include <utility>

#include "core/authority.hpp"
#include "engine/bytes.hpp"
#include "engine/outbox.hpp"

namespace tuanyuan::engine {

core::Result<CaseFile*> CaseService::visible(const core::Caller& caller, CaseFile* file) const {
  if (file == nullptr || !core::sees(caller, file->state)) {
    return core::Refusal(core::Errc::not_found);
  }
  return file;
}

core::Result<CaseFile*> CaseService::decidable(const core::Caller& caller, CaseFile* file) const {
  core::Result<CaseFile*> seen = visible(caller, file);
  if (seen && !core::decides_on(caller, file->state)) {
    return core::Refusal(core::Errc::forbidden,
                         core::Text("该案件不在本单位辖区", "the case is not in the unit's own division"));
  }
  return seen;
}

CaseService::Answer<core::CaseState> CaseService::state_at(const core::AlertId& alert, std::uint32_t entries) {
  std::string subject = alert.value;
  auto read = co_await world_.tools.ledger.journal(0, std::move(subject), entries);
  if (!read) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  core::CaseState state;
  for (const ports::RecordedEntry& recorded : *read) {
    state = core::apply(std::move(state), recorded.entry);
  }
  co_return state;
}

void CaseService::enter(ports::Commit& commit, const CaseFile& file, std::vector<core::EntryBody> bodies,
                        const core::Caller& caller, core::Instant now) {
  const std::string& subject = file.state.alert_id.value;
  commit.expected.push_back({subject, file.state.entries});
  for (core::EntryBody& body : bodies) {
    commit.entries.push_back({now, caller.actor(), subject, std::move(body)});
  }
}

void CaseService::keep_reason(ports::Commit& commit, const CaseFile& file, const ports::DataKey& key,
                              const std::string& reason) const {
  if (!reason.empty()) {
    // Free text about a case: sealed like the rest of it, so that the journal survives its erasure.
    std::string name = Documents::reason_name(commit.entries.back().body);
    commit.documents.push_back(documents_.seal(file.state.alert_id, key, std::move(name), reason));
  }
}

core::Result<std::string> CaseService::publish_copies(ports::Commit& commit, const CaseFile& file,
                                                      const ports::DataKey& key,
                                                      const std::vector<core::Notice>& copies,
                                                      core::Instant now) const {
  std::string all;
  for (const core::Notice& notice : copies) {
    core::Result<core::SignedCopy> copy = world_.tools.notary.sign(notice, now);
    if (!copy) {
      world_.tools.log.error("notary.no_key", {{"status", std::string(core::to_string(notice.status))}});
      return copy.error();
    }
    const std::string packed = Documents::pack(*copy);
    all += world_.tools.vault.digest(packed);
    commit.documents.push_back(
        documents_.seal(file.state.alert_id, key, Documents::copy_name(notice.audience, notice.version), packed));
  }
  return to_hex(world_.tools.vault.digest(all));
}

void CaseService::announce(ports::Commit& commit, const CaseFile& file, const ports::DataKey& key,
                           const Mailing& mailing, core::Instant now) const {
  std::vector<core::Delivery> rows = deliveries(world_, file.state, mailing, now);
  commit.deliveries.insert(commit.deliveries.end(), std::make_move_iterator(rows.begin()),
                           std::make_move_iterator(rows.end()));
  ports::Supersede older;
  older.alert_id = file.state.alert_id;
  older.before = mailing.version;
  commit.supersede.push_back(std::move(older));
  commit.documents.push_back(documents_.seal(file.state.alert_id, key, Documents::addressed_name(mailing.version),
                                             to_bytes(mailing.addressed)));
}

}  // namespace tuanyuan::engine
