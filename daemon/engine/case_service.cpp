#include "engine/case_service.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/authority.hpp"
#include "engine/bytes.hpp"
#include "engine/idempotency.hpp"
#include "engine/outbox.hpp"
#include "engine/tallies.hpp"
#include "engine/telling.hpp"

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

CaseService::Answer<CaseService::Opened> CaseService::open_report(const core::Caller& caller,
                                                                  const core::ReportId& id,
                                                                  const ports::Idempotency& once) {
  core::Result<CaseFile*> found = decidable(caller, world_.cases.find(id));
  if (!found) {
    co_return found.error();
  }
  Opened opened;
  opened.file = *found;
  for (int tried = 0; tried < decision_attempts_max; ++tried) {
    opened.entries = (*found)->state.entries;
    core::Result<std::optional<ports::IdempotencyRecord>> before = co_await earlier(world_, once);
    if (!before) {
      co_return before.error();
    }
    opened.repeated = std::move(*before);
    // What was committed while the record was read may be this very request, come twice at once: then it is there
    // now, and must not be refused for what it has done itself.
    if (opened.repeated || opened.entries == (*found)->state.entries) {
      co_return std::move(opened);
    }
  }
  co_return core::Refusal(core::Errc::overloaded);
}

CaseService::Answer<CaseService::Opened> CaseService::open_alert(const core::Caller& caller,
                                                                 const core::AlertId& id,
                                                                 const ports::Idempotency& once) {
  const CaseFile* file = std::as_const(world_.cases).find(id);
  if (file == nullptr || !file->state.issued()) {
    co_return core::Refusal(core::Errc::not_found);
  }
  co_return co_await open_report(caller, file->state.report_id, once);
}

CaseService::Answer<CaseFile*> CaseService::loaded(const core::AlertId& id) {
  CaseFile* file = world_.cases.find(id);
  if (file == nullptr) {
    co_return core::Refusal(core::Errc::not_found);
  }
  core::Result<void> loaded = co_await load_tally(world_, documents_, *file);
  if (!loaded) {
    co_return loaded.error();
  }
  co_return file;
}

CaseService::Answer<CaseService::Decision> CaseService::begin(core::Actor actor, std::string issuer,
                                                              CaseFile& file, std::uint32_t planned_on,
                                                              std::string reason, ports::Idempotency once) {
  core::Result<ports::DataKey> key = co_await documents_.key(file);
  if (!key) {
    co_return key.error();
  }
  Decision decision{file,
                    planned_on,
                    std::move(actor),
                    std::move(issuer),
                    std::move(once),
                    std::move(reason),
                    world_.tools.clock.wall_now(),
                    std::move(*key),
                    ports::Commit()};
  co_return std::move(decision);
}

CaseService::Answer<CaseService::Decision> CaseService::begin(const core::Caller& caller, const Opened& opened,
                                                              std::string reason, ports::Idempotency once) {
  return begin(caller.actor(), caller.unit, *opened.file, opened.entries, std::move(reason), std::move(once));
}

CaseService::Answer<CaseService::Decision> CaseService::begin_by_clock(CaseFile& file, std::uint32_t planned_on) {
  std::string issuer = file.state.exercise ? file.state.unit : file.state.released_by.unit;
  return begin(core::system_actor(), std::move(issuer), file, planned_on, std::string(), ports::Idempotency());
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
  // What was decided meanwhile was not looked at: then nothing is written, and it is decided anew.
  decision.commit.expected.push_back({state.alert_id.value, decision.planned_on});
  for (core::EntryBody& body : bodies) {
    decision.commit.entries.push_back({decision.now, decision.actor, state.alert_id.value, std::move(body)});
  }
  remember(decision.commit, decision.once, state.alert_id.value,
           decision.planned_on + static_cast<std::uint32_t>(bodies.size()), decision.now);
}

void CaseService::keep_reason(Decision& decision, const core::EntryBody& decided) const {
  if (!decision.reason.empty()) {
    // Free text about a case: sealed like the rest of it, so that the journal survives its erasure.
    std::string name = Documents::reason_name(decided);
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

void CaseService::announce(Decision& decision, Mailing& mailing) const {
  // Whom a chase has told, or begun to, since this was planned: they hear of it too, and stay in the list.
  mailing.addressed |= decision.file.addressed | decision.file.maybe_addressed;
  for (const ToldBy* told_by : {&decision.file.told_by, &decision.file.maybe_told_by}) {
    mailing.sent_by.add(told_by->without(mailing.told_by));
    mailing.told_by.add(*told_by);
  }
  ports::Commit& commit = decision.commit;
  const core::CaseState& state = decision.file.state;
  std::vector<core::Delivery> rows = deliveries(world_, state, mailing, world_.paced.now());
  commit.deliveries.insert(commit.deliveries.end(), std::make_move_iterator(rows.begin()),
                           std::make_move_iterator(rows.end()));
  for (core::Audience audience : core::all_audiences) {
    if (mailing.issues.audiences().contains(audience)) {
      commit.supersede.push_back({state.alert_id, audience, mailing.issues.of(audience).version});
    }
  }
  commit.documents.push_back(
      documents_.seal(state.alert_id, decision.key, Documents::addressed_name, to_bytes(mailing.addressed)));
  if (const ToldBy newly = mailing.told_by.without(decision.file.told_by); !newly.empty()) {
    commit.documents.push_back(told_by_document(world_, documents_, state.alert_id, decision.key, newly));
  }
}

/// Every topic that the alert has ever used hears of it, those now outside the circle too: they take down.
Mailing CaseService::mailing_after(const CaseFile& file, const Content& content,
                                   const core::Targets& targets) const {
  Mailing mailing = mailing_of(world_, content, targets);
  std::vector<core::Division>& divisions = mailing.divisions;
  divisions.insert(divisions.end(), file.state.divisions.begin(), file.state.divisions.end());
  std::sort(divisions.begin(), divisions.end());
  divisions.erase(std::unique(divisions.begin(), divisions.end()), divisions.end());
  mailing.addressed |= file.addressed | file.maybe_addressed;
  mailing.expected |= file.tally.expected();
  // Who is told for somebody silent stays for those from whom it is taken for the time being, too.
  const core::AudienceSet ever_told = content.issues.audiences() | file.state.audiences;
  const core::Targets within =
      ever_told == content.issues.audiences()
          ? targets
          : core::target_drawn(world_.directory, content.circle, content.divisions, ever_told);
  const core::Targets staying =
      with_deleted(world_.directory, content.circle, within, mailing.expected | mailing.addressed);
  // Of the other audiences nothing changes.
  const core::RecipientSet concerned = world_.directory.of_audiences(content.issues.audiences());
  const core::RecipientSet left = left_unaddressed(world_.directory, mailing.addressed & concerned, staying);
  mailing.withdrawn = (file.withdrawn - concerned) | left;
  mailing.outside = (file.tally.outside() - concerned) | left_outside(mailing.expected & concerned, staying);
  mailing.outside -= kept_by_units(mailing.addressed, mailing.withdrawn, staying) & concerned;
  told_through_gateways(file, concerned, staying, mailing);
  return mailing;
}

/// A gateway keeps nothing, and each message there rings. A revision goes to everybody who has the alert; a step
/// to whom it newly covers or covers again, and to those of whom nobody knows yet that they have heard: it
/// supersedes what is still on its way to them. Whom the circle has left behind is told each time to take it down,
/// which rings nobody, for of that no answer comes.
void CaseService::told_through_gateways(const CaseFile& file, const core::RecipientSet& concerned,
                                        const core::Targets& staying, Mailing& mailing) const {
  core::RecipientSet heard;
  for (const core::Audience audience : core::all_audiences) {
    const core::CopyState& copy = file.state.copy(audience);
    const bool issued = mailing.issues.audiences().contains(audience);
    if (issued && mailing.issues.of(audience).version.revision == copy.version.revision) {
      heard |= file.tally.answered(copy.content.revision, core::AnswerKind::received) &
               world_.directory.of_audience(audience);
    }
  }
  heard -= file.withdrawn;
  ToldBy told_by = file.told_by;
  told_by.add(file.maybe_told_by);
  const core::RecipientSet left = left_unaddressed(world_.directory, told_by.everybody() & concerned, staying);
  mailing.withdrawn |= left;
  ToldBy again;
  ToldBy spared;
  for (const Told& told : told_by) {
    if (concerned.contains(told.recipient)) {
      const bool goes = left.contains(told.recipient) || !heard.contains(told.recipient);
      (goes ? again : spared).add(told.recipient, told.way);
    }
  }
  mailing.sent_by = mailing.sent_by.without(spared);
  mailing.sent_by.add(again);
  mailing.told_by.add(told_by);
}

void CaseService::put_expected(Decision& decision, const World& world, const Mailing& mailing,
                               const core::RecipientSet& newly) {
  std::map<core::Version, core::RecipientSet> by_version;
  for (core::Audience audience : core::all_audiences) {
    if (mailing.issues.audiences().contains(audience)) {
      by_version[mailing.issues.of(audience).version] |= newly & world.directory.of_audience(audience);
    }
  }
  for (const auto& [version, added] : by_version) {
    decision.commit.recipients_expected.push_back({decision.file.state.alert_id, version, added, decision.now});
  }
}

boost::asio::awaitable<ports::CommitResult> CaseService::write(CaseFile& file, ports::Commit commit) {
  ++file.deciding;
  ports::CommitResult result = co_await world_.commit(std::move(commit));
  --file.deciding;
  co_return result;
}

CaseService::Attempt<ports::AlertView> CaseService::conclude(Decision decision,
                                                             std::vector<core::EntryBody> decided, Mailing mailing,
                                                             core::RecipientSet newly) {
  CaseFile& file = decision.file;
  if (file.state.issued() && !file.tally_loaded) {
    co_return std::optional<ports::AlertView>();  // they are being read again, and it was planned on half of them
  }
  const core::EntryBody last = decided.back();
  enter(decision, std::move(decided));
  announce(decision, mailing);
  keep_reason(decision, last);
  if (mailing.circle) {
    put_expected(decision, world_, mailing, newly);
  }
  const std::vector<ports::ExpectedRecipients> expected = decision.commit.recipients_expected;
  ports::CommitResult result = co_await write(file, std::move(decision.commit));
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return not_committed<ports::AlertView>(result);
  }
  take_in(world_, file, expected, mailing);
  world_.tools.log.info(std::string(core::type_name(last)),
                        {{"alert", file.state.alert_id.value},
                         {"status", std::string(core::to_string(file.state.status))},
                         {"revision", std::to_string(file.state.version.revision)},
                         {"step", std::to_string(file.state.version.step)},
                         {"expected", std::to_string(mailing.expected.cardinality())},
                         {"divisions", std::to_string(mailing.divisions.size())}});
  core::CaseState state = file.state;
  co_return answered(co_await alert_view(file, std::move(state), who_decided));
}

}  // namespace tuanyuan::engine
