#include <string>
#include <unordered_map>
#include <utility>

#include "core/answer_validation.hpp"
#include "core/authority.hpp"
#include "engine/answer_service.hpp"
#include "engine/idempotency.hpp"
#include "engine/ordinals.hpp"

namespace tuanyuan::engine {
namespace {

/// Of more than so many, at one time, only the first are named.
constexpr std::size_t reporters_named_max = 1'000;

std::string sighting_context(const core::AlertId& alert, const core::SightingId& id) {
  return alert.value + "/sighting/" + id.value;
}

std::string verdict_context(const core::AlertId& alert, const core::SightingId& id) {
  return sighting_context(alert, id) + "/verdict";
}

core::Receipt receipt_for(const core::Sighting& sighting, core::Instant now) {
  core::Receipt receipt;
  receipt.alert_id = sighting.alert_id;
  receipt.recipient_id = sighting.recipient_id;
  receipt.sighting_id = sighting.sighting_id;
  receipt.recorded_at = now;
  receipt.result = core::ReceiptResult::refused;
  return receipt;
}

/// The answer to a sighting whose id is there already. `same`: it is the request that brought it, sent again.
core::Receipt repeated(core::Receipt receipt, const ports::SightingRow& known, bool same) {
  if (known.alert_id != receipt.alert_id || known.recipient_id != receipt.recipient_id) {
    receipt.reason = "sighting-id-taken";
    return receipt;
  }
  receipt.recorded_at = known.recorded_at;
  receipt.result = same ? core::ReceiptResult::recorded : core::ReceiptResult::duplicate;
  return receipt;
}

/// Pictures are mostly a report's, where they stand under "child"; here that part of the path is not.
core::Refusal out_of_child(core::Refusal refusal) {
  constexpr std::string_view child = "child.";
  for (core::FieldError& field : refusal.fields) {
    if (field.path.starts_with(child)) {
      field.path.erase(0, child.size());
    }
  }
  return refusal;
}

}  // namespace

std::vector<core::RecipientId> AnswerService::police_of(const CaseFile& file) const {
  const core::DivisionPrefix unit = core::division_of_unit(file.state.unit);
  std::vector<core::RecipientId> police;
  for (core::Ordinal ordinal : world_.directory.of_audience(core::Audience::police) & world_.directory.live()) {
    const core::Directory::Entry recipient = world_.directory.at(ordinal);
    if (unit.contains(recipient.division)) {
      police.emplace_back(std::string(recipient.id));
    }
  }
  return police;
}

boost::asio::awaitable<core::Result<core::Receipt>> AnswerService::sight(core::RecipientId connection,
                                                                         core::Sighting sighting,
                                                                         ports::Idempotency once) {
  // As with answers: whoever is refused does not ask again.
  const bool certain = co_await is_certain(world_);
  if (!certain) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  const core::Instant now = world_.tools.clock.wall_now();
  core::Receipt receipt = receipt_for(sighting, now);
  const std::optional<core::Ordinal> ordinal = world_.directory.find(sighting.recipient_id.value);
  if (!ordinal || !may_answer(connection, *ordinal)) {
    receipt.reason = ordinal ? "not-yours" : "unknown-recipient";
    co_return std::move(receipt);
  }
  CaseFile* file = world_.cases.find(sighting.alert_id);
  if (file == nullptr || !file->state.issued()) {  // who has the lookout may see the child too
    receipt.reason = "unknown-alert";
    co_return std::move(receipt);
  }
  core::Result<void> valid = core::validate(sighting, now);
  if (!valid) {
    co_return valid.error();
  }
  core::Result<std::optional<ports::IdempotencyRecord>> before = co_await earlier(world_, once);
  if (!before) {
    co_return before.error();
  }
  core::SightingId id = sighting.sighting_id;
  auto known = co_await world_.tools.ledger.sighting(std::move(id));
  if (!known) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  if (*known) {
    const bool same = *before && (*before)->recorded_at == (*known)->recorded_at;
    co_return co_await repeat(std::move(receipt), std::move(**known), same);
  }
  core::Result<core::Sighting> prepared = co_await with_prepared_photo(std::move(sighting), file->state.status);
  if (!prepared) {
    co_return prepared.error();
  }
  co_return co_await record_sighting(std::move(*prepared), *ordinal, std::move(once));
}

boost::asio::awaitable<core::Receipt> AnswerService::repeat(core::Receipt receipt, ports::SightingRow known,
                                                            bool same) {
  receipt = repeated(std::move(receipt), known, same);
  const CaseFile* file = world_.cases.find(known.alert_id);
  const core::SightingId id = known.sighting_id;
  if (!untold_.contains(id) || file == nullptr || !tell_police_) {
    co_return receipt;
  }
  core::Result<ports::SightingView> view = co_await open_sighting(std::move(known));
  if (view && untold_.erase(id) != 0) {  // unless somebody else said it again meanwhile
    tell_police_(police_of(*file), std::move(view->sighting));
  }
  co_return receipt;
}

boost::asio::awaitable<core::Result<core::Sighting>> AnswerService::with_prepared_photo(core::Sighting sighting,
                                                                                        core::Status status) {
  if (sighting.photo.empty()) {
    co_return std::move(sighting);
  }
  auto work = [pictures = &world_.tools.pictures, given = sighting.photo, status] {
    return std::make_unique<core::Result<core::Photo>>(pictures->prepare(given, status));
  };
  auto running = world_.tools.pool.run(std::move(work));
  auto prepared = co_await std::move(running);
  if (!prepared) {
    co_return core::Refusal(core::Errc::overloaded);
  }
  if (!**prepared) {
    co_return out_of_child((**prepared).error());
  }
  sighting.photo = std::move(***prepared);
  co_return std::move(sighting);
}

boost::asio::awaitable<core::Result<core::Receipt>> AnswerService::record_sighting(core::Sighting sighting,
                                                                                   core::Ordinal ordinal,
                                                                                   ports::Idempotency once) {
  CaseFile& file = *world_.cases.find(sighting.alert_id);
  core::Result<ports::DataKey> key = co_await documents_.key(file);
  if (!key) {
    co_return key.error();
  }
  const core::Instant now = world_.tools.clock.wall_now();
  ports::SightingRow row;
  row.sighting_id = sighting.sighting_id;
  row.alert_id = sighting.alert_id;
  row.ordinal = ordinal;
  row.recipient_id = sighting.recipient_id;
  row.recorded_at = now;
  row.sealed = world_.tools.vault.seal(*key, world_.tools.codec.encode(sighting),
                                       sighting_context(sighting.alert_id, sighting.sighting_id));
  core::SightingRecorded recorded;
  recorded.alert_id = sighting.alert_id;
  recorded.sighting_id = sighting.sighting_id;
  recorded.recipient_id = sighting.recipient_id;
  const std::string subject = sighting.alert_id.value + "/sightings";
  ports::Commit commit;
  commit.sightings.push_back(std::move(row));
  commit.entries.push_back({now, core::Actor{sighting.recipient_id.value, {}}, subject, std::move(recorded)});
  remember(commit, once, subject, 0, now);
  ports::CommitResult result = co_await world_.commit(std::move(commit));
  const auto* committed = std::get_if<ports::Committed>(&result);
  if (std::holds_alternative<ports::UnknownCommit>(result) && untold_.size() < untold_sightings_max) {
    untold_.insert(sighting.sighting_id);
  }
  if (committed == nullptr) {
    co_return refusal_of(result);
  }
  core::Receipt receipt = receipt_for(sighting, now);
  const bool first = committed->sightings_first.at(0);
  receipt.result = first ? core::ReceiptResult::recorded : core::ReceiptResult::duplicate;
  if (first) {
    untold_.erase(sighting.sighting_id);  // it was not recorded then
  }
  if (first && tell_police_) {
    tell_police_(police_of(file), sighting);
  }
  co_return std::move(receipt);
}

boost::asio::awaitable<core::Result<ports::SightingView>> AnswerService::open_sighting(ports::SightingRow row) {
  CaseFile* file = world_.cases.find(row.alert_id);
  if (file == nullptr) {
    co_return core::Refusal(core::Errc::not_found);
  }
  core::Result<ports::DataKey> key = co_await documents_.key(*file);
  if (!key) {
    co_return key.error();
  }
  const std::optional<std::string> plain =
      world_.tools.vault.open(*key, row.sealed, sighting_context(row.alert_id, row.sighting_id));
  std::optional<core::Sighting> sighting;
  if (plain) {
    sighting = world_.tools.codec.decode_sighting(*plain);
  }
  if (!sighting) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  ports::SightingView view;
  view.sighting = std::move(*sighting);
  view.recorded_at = row.recorded_at;
  view.assessment = row.verdict.assessment;
  view.assessed_at = row.verdict.at;
  view.assessed_by = std::move(row.verdict.by);
  if (!row.verdict.sealed_note.empty()) {
    std::optional<std::string> note =
        world_.tools.vault.open(*key, row.verdict.sealed_note, verdict_context(row.alert_id, row.sighting_id));
    if (!note) {
      co_return core::Refusal(core::Errc::unavailable);
    }
    view.note = std::move(*note);
  }
  co_return std::move(view);
}

/// Whom to ask back. A sighting is shown also where that cannot be read.
boost::asio::awaitable<void> AnswerService::name_reporters(std::vector<ports::SightingView>& views) {
  core::RecipientSet reporters;
  for (const ports::SightingView& view : views) {
    if (const std::optional<core::Ordinal> ordinal = world_.directory.find(view.sighting.recipient_id.value)) {
      reporters.add(*ordinal);
    }
  }
  std::vector<core::Ordinal> asked = first_of(reporters, reporters_named_max);
  const auto entries = co_await world_.tools.ledger.recipients(std::move(asked));
  if (!entries) {
    co_return;
  }
  std::unordered_map<std::string, const core::Recipient*> by_id;
  for (const ports::DirectoryEntry& entry : *entries) {
    by_id.emplace(entry.recipient.id.value, &entry.recipient);
  }
  for (ports::SightingView& view : views) {
    if (const auto found = by_id.find(view.sighting.recipient_id.value); found != by_id.end()) {
      view.recipient_name = found->second->name;
      view.liaison = found->second->liaison;
    }
  }
}

boost::asio::awaitable<core::Result<ports::SightingView>> AnswerService::sighting_view(ports::SightingRow row) {
  core::Result<ports::SightingView> opened = co_await open_sighting(std::move(row));
  if (!opened) {
    co_return opened.error();
  }
  std::vector<ports::SightingView> one;
  one.push_back(std::move(*opened));
  co_await name_reporters(one);
  co_return std::move(one.front());
}

boost::asio::awaitable<core::Result<std::vector<ports::SightingView>>> AnswerService::sightings(
    core::Caller caller, core::AlertId alert) {
  CaseFile* file = world_.cases.find(alert);
  if (file == nullptr || !core::sees(caller, file->state)) {
    co_return core::Refusal(core::Errc::not_found);
  }
  std::vector<ports::SightingView> views;
  if (!file->sighted && !world_.doubt.concerns(alert)) {
    co_return std::move(views);  // as of most alerts: the ledger has nothing to add
  }
  auto rows = co_await world_.tools.ledger.sightings(std::move(alert));
  if (!rows) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  for (ports::SightingRow& row : *rows) {
    core::Result<ports::SightingView> view = co_await open_sighting(std::move(row));
    if (!view) {
      co_return view.error();
    }
    views.push_back(std::move(*view));
  }
  co_await name_reporters(views);
  co_return std::move(views);
}

boost::asio::awaitable<core::Result<ports::SightingRow>> AnswerService::visible_sighting(
    const core::Caller& caller, core::SightingId id) {
  auto read = co_await world_.tools.ledger.sighting(std::move(id));
  if (!read) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  CaseFile* file = *read ? world_.cases.find((*read)->alert_id) : nullptr;
  if (file == nullptr || !core::sees(caller, file->state)) {
    co_return core::Refusal(core::Errc::not_found);
  }
  co_return std::move(**read);
}

boost::asio::awaitable<core::Result<ports::SightingView>> AnswerService::sighting(core::Caller caller,
                                                                                  core::SightingId id) {
  core::Result<ports::SightingRow> row = co_await visible_sighting(caller, std::move(id));
  if (!row) {
    co_return row.error();
  }
  co_return co_await sighting_view(std::move(*row));
}

boost::asio::awaitable<core::Result<ports::SightingView>> AnswerService::assess(core::Caller caller,
                                                                                core::SightingId id,
                                                                                ports::AssessOptions options,
                                                                                ports::Idempotency once) {
  core::Result<ports::SightingRow> row = co_await visible_sighting(caller, std::move(id));
  if (!row) {
    co_return row.error();
  }
  core::Result<std::optional<ports::IdempotencyRecord>> before = co_await earlier(world_, once);
  if (!before) {
    co_return before.error();
  }
  core::Result<ports::DataKey> key = co_await documents_.key(*world_.cases.find(row->alert_id));
  if (!key) {
    co_return key.error();
  }
  // The key belongs to this caller and this body, so that a repeat is answered what it was then, whatever others
  // have judged since.
  row->verdict.assessment = options.assessment;
  row->verdict.at = *before ? (*before)->recorded_at : world_.tools.clock.wall_now();
  row->verdict.by = caller.actor();
  row->verdict.sealed_note.clear();
  if (!options.note.empty()) {
    row->verdict.sealed_note =
        world_.tools.vault.seal(*key, options.note, verdict_context(row->alert_id, row->sighting_id));
  }
  if (*before) {
    co_return co_await sighting_view(std::move(*row));
  }
  const std::string subject = row->alert_id.value + "/sightings";
  core::SightingAssessed assessed;
  assessed.alert_id = row->alert_id;
  assessed.sighting_id = row->sighting_id;
  assessed.assessment = options.assessment;
  ports::Commit commit;
  commit.assessments.push_back({row->sighting_id, row->verdict});
  commit.entries.push_back({row->verdict.at, caller.actor(), subject, std::move(assessed)});
  remember(commit, once, subject, 0, row->verdict.at);
  ports::CommitResult result = co_await world_.commit(std::move(commit));
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return refusal_of(result);
  }
  co_return co_await sighting_view(std::move(*row));
}

}  // namespace tuanyuan::engine
