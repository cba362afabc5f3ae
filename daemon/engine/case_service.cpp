#include "engine/case_service.hpp"

#include <utility>

#include "core/authority.hpp"
#include "engine/bytes.hpp"
#include "engine/idempotency.hpp"
#include "engine/outbox.hpp"
#include "engine/tallies.hpp"

namespace tuanyuan::engine {
namespace {

std::string log_event(core::NoticeKind kind) {
  switch (kind) {
    case core::NoticeKind::alert:
      return "alert.released";
    case core::NoticeKind::update:
      return "alert.updated";
    case core::NoticeKind::close:
      return "alert.closed";
    case core::NoticeKind::retract:
      return "alert.retracted";
  }
  return "alert.changed";
}

}  // namespace

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

CaseService::Answer<CaseService::Opened> CaseService::open_report(const core::Caller& caller,
                                                                  const core::ReportId& id,
                                                                  const ports::Idempotency& once) {
  core::Result<CaseFile*> found = decidable(caller, world_.cases.find(id));
  if (!found) {
    co_return found.error();
  }
  core::Result<std::optional<ports::IdempotencyRecord>> before = co_await earlier(world_, once);
  if (!before) {
    co_return before.error();
  }
  Opened opened;
  opened.file = *found;
  opened.repeated = std::move(*before);
  co_return std::move(opened);
}

CaseService::Answer<CaseService::Opened> CaseService::open_alert(const core::Caller& caller,
                                                                 const core::AlertId& id,
                                                                 const ports::Idempotency& once) {
  const CaseFile* file = std::as_const(world_.cases).find(id);
  if (file == nullptr || file->state.report_state != core::ReportState::released) {
    co_return core::Refusal(core::Errc::not_found);
  }
  co_return co_await open_report(caller, file->state.report_id, once);
}

CaseService::Answer<CaseService::Decision> CaseService::begin(core::Caller caller, CaseFile& file,
                                                              std::string reason, ports::Idempotency once) {
  core::Result<ports::DataKey> key = co_await documents_.key(file);
  if (!key) {
    co_return key.error();
  }
  Decision decision{file,
                    std::move(caller),
                    std::move(once),
                    std::move(reason),
                    world_.tools.clock.wall_now(),
                    std::move(*key),
                    ports::Commit()};
  co_return std::move(decision);
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

void CaseService::enter(Decision& decision, std::vector<core::EntryBody> bodies) {
  const core::CaseState& state = decision.file.state;
  decision.commit.expected.push_back({state.alert_id.value, state.entries});
  for (core::EntryBody& body : bodies) {
    decision.commit.entries.push_back(
        {decision.now, decision.caller.actor(), state.alert_id.value, std::move(body)});
  }
  remember(decision.commit, decision.once, state.alert_id.value,
           state.entries + static_cast<std::uint32_t>(bodies.size()), decision.now);
}

void CaseService::keep_reason(Decision& decision) const {
  if (!decision.reason.empty()) {
    // Free text about a case: sealed like the rest of it, so that the journal survives its erasure.
    std::string name = Documents::reason_name(decision.commit.entries.back().body);
    decision.commit.documents.push_back(
        documents_.seal(decision.file.state.alert_id, decision.key, std::move(name), decision.reason));
  }
}

core::Result<std::string> CaseService::publish_copies(Decision& decision,
                                                      const std::vector<core::Notice>& copies) const {
  std::string all;
  for (const core::Notice& notice : copies) {
    core::Result<core::SignedCopy> copy = world_.tools.notary.sign(notice, decision.now);
    if (!copy) {
      world_.tools.log.error("notary.no_key", {{"status", std::string(core::to_string(notice.status))}});
      return copy.error();
    }
    const std::string packed = Documents::pack(*copy);
    all += world_.tools.vault.digest(packed);
    std::string name = Documents::copy_name(notice.audience, notice.version);
    decision.commit.documents.push_back(
        documents_.seal(decision.file.state.alert_id, decision.key, std::move(name), packed));
  }
  return to_hex(world_.tools.vault.digest(all));
}

void CaseService::announce(Decision& decision, const Mailing& mailing) const {
  ports::Commit& commit = decision.commit;
  const core::CaseState& state = decision.file.state;
  std::vector<core::Delivery> rows = deliveries(world_, state, mailing, decision.now);
  commit.deliveries.insert(commit.deliveries.end(), std::make_move_iterator(rows.begin()),
                           std::make_move_iterator(rows.end()));
  ports::Supersede older;
  older.alert_id = state.alert_id;
  older.before = mailing.version;
  commit.supersede.push_back(std::move(older));
  commit.documents.push_back(documents_.seal(
      state.alert_id, decision.key, Documents::addressed_name(mailing.version), to_bytes(mailing.addressed)));
}

CaseService::Attempt<ports::AlertView> CaseService::conclude(Decision decision,
                                                             std::vector<core::EntryBody> decided, Mailing mailing,
                                                             core::RecipientSet newly) {
  CaseFile& file = decision.file;
  enter(decision, std::move(decided));
  announce(decision, mailing);
  keep_reason(decision);
  const bool is_content = mailing.kind == core::NoticeKind::alert || mailing.kind == core::NoticeKind::update;
  if (is_content) {
    decision.commit.recipients_expected.push_back({file.state.alert_id, mailing.version, newly});
  }
  ports::CommitResult result = co_await world_.commit(std::move(decision.commit));
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return not_committed<ports::AlertView>(result);
  }
  if (is_content) {
    expect(world_, file, mailing.version.revision, newly, mailing.circle);
  }
  file.addressed |= mailing.addressed;
  file.tally_loaded = true;
  world_.tools.log.info(log_event(mailing.kind), {{"alert", file.state.alert_id.value},
                                                  {"status", std::string(core::to_string(file.state.status))},
                                                  {"revision", std::to_string(mailing.version.revision)},
                                                  {"expected", std::to_string(mailing.expected.cardinality())},
                                                  {"divisions", std::to_string(mailing.divisions.size())}});
  core::CaseState state = file.state;
  co_return answered(co_await alert_view(file, std::move(state), core::Audience::police, true));
}

}  // namespace tuanyuan::engine
