#include "engine/answer_service.hpp"

#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "core/answer_validation.hpp"
#include "core/authority.hpp"
#include "engine/idempotency.hpp"
#include "engine/tallies.hpp"

namespace tuanyuan::engine {
namespace {

/// Why an answer was refused, as a receipt says it: stable words, for programs.
constexpr std::string_view unknown_alert = "unknown-alert";
constexpr std::string_view unknown_recipient = "unknown-recipient";
constexpr std::string_view unknown_revision = "unknown-revision";
constexpr std::string_view not_yours = "not-yours";
constexpr std::string_view invalid = "invalid";

constexpr std::string_view note_context = "/note";

}  // namespace

bool AnswerService::may_answer(const core::RecipientId& connection, core::Ordinal ordinal) const {
  const core::Directory::Entry recipient = world_.directory.at(ordinal);
  if (recipient.id == connection.value) {
    return true;
  }
  return recipient.via && world_.directory.at(*recipient.via).id == connection.value;
}

AnswerService::Judged AnswerService::judge(const ports::InboundAnswer& inbound) const {
  const core::Acknowledgement& answer = inbound.answer;
  Judged judged;
  judged.receipt.alert_id = answer.alert_id;
  judged.receipt.revision = answer.revision;
  judged.receipt.recipient_id = answer.recipient_id;
  judged.receipt.kind = answer.kind;
  judged.receipt.result = core::ReceiptResult::refused;
  judged.receipt.recorded_at = world_.tools.clock.wall_now();
  const auto refuse = [&judged](std::string_view why) {
    judged.receipt.reason = why;
    return judged;
  };
  const bool by_officer = inbound.source == core::AnswerSource::officer;
  const CaseFile* file = std::as_const(world_.cases).find(answer.alert_id);
  std::optional<core::Ordinal> ordinal = world_.directory.find(answer.recipient_id.value);
  if (!ordinal && file != nullptr) {
    ordinal = ordinal_in(world_, *file, answer.recipient_id);
  }
  if (!ordinal) {
    // Only officers and those who ask for themselves are told who is in the directory.
    const bool may_know = by_officer || answer.recipient_id == inbound.connection;
    return refuse(may_know ? unknown_recipient : not_yours);
  }
  if (!by_officer && !may_answer(inbound.connection, *ordinal)) {
    return refuse(not_yours);
  }
  if (file == nullptr || !file->state.issued()) {
    return refuse(unknown_alert);
  }
  if (by_officer && !core::vouches_for(inbound.officer, world_.directory.at(*ordinal), file->state)) {
    return refuse(not_yours);
  }
  const bool is_early = answer.revision == 0 && !file->state.looked_out;
  if (is_early || answer.revision > file->state.version.revision) {
    return refuse(unknown_revision);
  }
  if (!core::validate(answer, judged.receipt.recorded_at)) {
    return refuse(invalid);
  }
  judged.accepted = true;
  judged.ordinal = *ordinal;
  judged.receipt.result = core::ReceiptResult::recorded;
  return judged;
}

/// Notes are free text about a case, so they are sealed like the rest of it; their keys are looked up before
/// anything is judged, because judging does not wait.
boost::asio::awaitable<core::Result<void>> AnswerService::open_keys(
    const std::vector<ports::InboundAnswer>& answers) {
  std::set<core::AlertId> noted;
  for (const ports::InboundAnswer& inbound : answers) {
    if (!inbound.answer.note.empty()) {
      noted.insert(inbound.answer.alert_id);
    }
  }
  for (const ports::InboundAnswer& inbound : answers) {
    // Who was deleted is known to its alerts alone; a refusal would be for ever.
    CaseFile* file = world_.cases.find(inbound.answer.alert_id);
    if (file != nullptr && !file->tally_loaded && !world_.directory.find(inbound.answer.recipient_id.value)) {
      core::Result<void> loaded = co_await load_tally(world_, documents_, *file);
      if (!loaded) {
        co_return loaded.error();
      }
    }
  }
  for (const core::AlertId& alert : noted) {
    CaseFile* file = world_.cases.find(alert);
    if (file == nullptr) {
      continue;
    }
    core::Result<ports::DataKey> key = co_await documents_.key(*file);
    if (!key && key.error().code == core::Errc::unavailable) {
      co_return key.error();
    }
  }
  co_return core::Result<void>();
}

std::string AnswerService::sealed_note(const core::Acknowledgement& answer) {
  CaseFile* file = world_.cases.find(answer.alert_id);
  if (answer.note.empty() || file == nullptr || !file->key) {
    return {};
  }
  return world_.tools.vault.seal(*file->key, answer.note, answer.alert_id.value + std::string(note_context));
}

core::Audience AnswerService::audience_of(core::Ordinal ordinal) const {
  return world_.directory.at(ordinal).audience;
}

void AnswerService::take_in(const ports::AnswerRow& row, bool first, core::Instant recorded_at,
                            FirstAnswers& firsts) {
  CaseFile& file = *world_.cases.find(row.alert_id);
  const bool newly_heard = core::implies(row.kind, core::AnswerKind::received) &&
                           row.revision == file.state.copy(audience_of(row.ordinal)).content.revision &&
                           !file.tally.answered(row.revision, core::AnswerKind::received).contains(row.ordinal);
  file.tally.answer(row.revision, row.kind, core::CameBy(row.source, row.channel), row.ordinal,
                    {row.reason, recorded_at});
  ++file.answers;
  if (!first) {
    return;
  }
  const core::Category category = world_.directory.at(row.ordinal).category;
  ++firsts[static_cast<std::size_t>(row.kind)][static_cast<std::size_t>(category)];
  if (newly_heard) {
    const std::chrono::duration<double> took =
        row.recorded_at - file.state.copy(audience_of(row.ordinal)).content_at;
    world_.tools.metrics.observe("tuanyuan_release_to_received_seconds", {}, std::max(took.count(), 0.0));
  }
}

void AnswerService::count(const FirstAnswers& firsts) {
  for (const core::AnswerKind kind : core::all_answer_kinds) {
    for (std::size_t index = 0; index < core::category_count; ++index) {
      const std::uint32_t number = firsts[static_cast<std::size_t>(kind)][index];
      if (number != 0) {
        const std::string_view category = core::to_string(static_cast<core::Category>(index));
        world_.tools.metrics.add("tuanyuan_acknowledgements_total",
                                 {{"kind", core::to_string(kind)}, {"category", category}}, number);
      }
    }
  }
}

boost::asio::awaitable<core::Result<std::vector<core::Receipt>>> AnswerService::acknowledge(
    std::vector<ports::InboundAnswer> answers) {
  co_return co_await record(std::move(answers), ports::Idempotency());
}

boost::asio::awaitable<core::Result<std::vector<core::Receipt>>> AnswerService::record(
    std::vector<ports::InboundAnswer> answers, ports::Idempotency once) {
  // Whoever is refused does not ask again; what it names may be in doubt.
  const bool certain = co_await is_certain(world_);
  if (!certain) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  core::Result<void> opened = co_await open_keys(answers);
  if (!opened) {
    co_return opened.error();
  }
  std::vector<core::Receipt> receipts;
  receipts.reserve(answers.size());
  std::vector<std::size_t> receipt_of;  // of each row
  std::map<core::AlertId, core::Actor> alerts;
  ports::Commit commit;
  for (const ports::InboundAnswer& inbound : answers) {
    Judged judged = judge(inbound);
    receipts.push_back(std::move(judged.receipt));
    if (!judged.accepted) {
      continue;
    }
    ports::AnswerRow row;
    row.alert_id = inbound.answer.alert_id;
    row.revision = inbound.answer.revision;
    row.ordinal = judged.ordinal;
    row.kind = inbound.answer.kind;
    row.source = inbound.source;
    row.reason = inbound.answer.reason;
    row.recorded_at = receipts.back().recorded_at;
    row.at = inbound.answer.at;
    row.sealed_note = sealed_note(inbound.answer);
    row.channel = inbound.channel;
    alerts.emplace(row.alert_id,
                   inbound.source == core::AnswerSource::officer ? inbound.officer.actor() : core::system_actor());
    commit.answers.push_back(std::move(row));
    receipt_of.push_back(receipts.size() - 1);
  }
  if (commit.answers.empty()) {
    co_return std::move(receipts);
  }
  const core::Instant now = world_.tools.clock.wall_now();
  for (const auto& [alert, actor] : alerts) {
    core::AnswersRecorded recorded;
    recorded.alert_id = alert;
    commit.entries.push_back({now, actor, alert.value + "/answers", std::move(recorded)});
  }
  remember(commit, once, alerts.begin()->first.value + "/answers", 0, now);
  const std::vector<ports::AnswerRow> rows = commit.answers;
  ports::CommitResult result = co_await world_.commit(std::move(commit));
  const auto* committed = std::get_if<ports::Committed>(&result);
  if (committed == nullptr) {
    co_return refusal_of(result);
  }
  FirstAnswers firsts{};
  for (std::size_t index = 0; index < rows.size(); ++index) {
    const bool first = committed->answers_first[index];
    core::Receipt& receipt = receipts[receipt_of[index]];
    receipt.result = first ? core::ReceiptResult::recorded : core::ReceiptResult::duplicate;
    receipt.recorded_at = committed->answers_recorded_at[index];
    take_in(rows[index], first, receipt.recorded_at, firsts);
  }
  count(firsts);
  co_return std::move(receipts);
}

boost::asio::awaitable<core::Result<core::Receipt>> AnswerService::acknowledge(core::Caller caller,
                                                                               core::Acknowledgement answer,
                                                                               ports::Idempotency once) {
  CaseFile* file = world_.cases.find(answer.alert_id);
  const bool officer = caller.recipient.empty();
  bool known = file != nullptr && file->state.issued();
  if (officer) {
    known = known && core::sees(caller, file->state);
  }
  if (!known) {
    co_return core::Refusal(core::Errc::not_found);
  }
  core::Result<void> valid = core::validate(answer, world_.tools.clock.wall_now());
  if (!valid) {
    co_return valid.error();
  }
  core::Result<std::optional<ports::IdempotencyRecord>> before = co_await earlier(world_, once);
  if (!before) {
    co_return before.error();
  }
  ports::InboundAnswer inbound;
  inbound.answer = std::move(answer);
  inbound.connection = caller.recipient;
  inbound.source = officer ? core::AnswerSource::officer : core::AnswerSource::station;
  inbound.officer = std::move(caller);
  std::vector<ports::InboundAnswer> one;
  one.push_back(std::move(inbound));
  // A repeat finds its own answer there already, which says when that was.
  ports::Idempotency fresh = *before ? ports::Idempotency() : std::move(once);
  core::Result<std::vector<core::Receipt>> receipts = co_await record(std::move(one), std::move(fresh));
  if (!receipts) {
    co_return receipts.error();
  }
  core::Receipt receipt = std::move(receipts->front());
  if (*before && receipt.recorded_at == (*before)->recorded_at) {
    receipt.result = core::ReceiptResult::recorded;
  }
  co_return std::move(receipt);
}

void AnswerService::presence(core::RecipientId recipient, bool online) {
  const std::optional<core::Ordinal> ordinal = world_.directory.find(recipient.value);
  if (!ordinal) {
    std::unordered_set<std::string>& strangers = world_.strangers_online;
    if (!online) {
      strangers.erase(recipient.value);
    } else if (strangers.size() < strangers_online_max) {
      strangers.insert(recipient.value);
    }
    return;
  }
  // A broker says it again to whoever subscribes anew; who was away already left when it was last seen.
  const bool was_away = !world_.online.contains(*ordinal) && world_.offline_since.contains(*ordinal);
  if (online ? world_.online.contains(*ordinal) : was_away) {
    return;
  }
  world_.presence_changed.add(*ordinal);
  if (online) {
    world_.online.add(*ordinal);
    world_.offline_since.erase(*ordinal);
  } else {
    world_.online.remove(*ordinal);
    world_.offline_since[*ordinal] = world_.tools.clock.wall_now();
  }
}

void AnswerService::nobody_online() {
  const core::Instant now = world_.tools.clock.wall_now();
  for (const core::Ordinal ordinal : world_.online) {
    world_.offline_since[ordinal] = now;
  }
  world_.presence_changed |= world_.online;
  world_.online = core::RecipientSet();
  world_.strangers_online.clear();
}

}  // namespace tuanyuan::engine
