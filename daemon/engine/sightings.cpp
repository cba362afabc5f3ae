#include <utility>

#include "core/answer_validation.hpp"
#include "core/authority.hpp"
#include "engine/answer_service.hpp"

namespace tuanyuan::engine {
namespace {

std::string sighting_context(const core::AlertId& alert, const core::SightingId& id) {
  return alert.value + "/sighting/" + id.value;
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
                                                                         core::Sighting sighting) {
  const core::Instant now = world_.tools.clock.wall_now();
  core::Receipt receipt = receipt_for(sighting, now);
  const std::optional<core::Ordinal> ordinal = world_.directory.find(sighting.recipient_id.value);
  if (!ordinal || !may_answer(connection, *ordinal)) {
    receipt.reason = ordinal ? "not-yours" : "unknown-recipient";
    co_return std::move(receipt);
  }
  CaseFile* file = world_.cases.find(sighting.alert_id);
  if (file == nullptr || file->state.report_state != core::ReportState::released) {
    receipt.reason = "unknown-alert";
    co_return std::move(receipt);
  }
  core::Result<void> valid = core::validate(sighting, now);
  if (!valid) {
    co_return valid.error();
  }
  core::Result<ports::DataKey> key = co_await documents_.key(*file);
  if (!key) {
    co_return key.error();
  }
  if (!sighting.photo.empty()) {
    auto work = [pictures = &world_.tools.pictures, given = sighting.photo, status = file->state.status] {
      return std::make_unique<core::Result<core::Photo>>(pictures->prepare(given, status));
    };
    auto running = world_.tools.pool.run(std::move(work));
    auto prepared = co_await std::move(running);
    if (!prepared) {
      co_return core::Refusal(core::Errc::overloaded);
    }
    if (!**prepared) {
      co_return (**prepared).error();
    }
    sighting.photo = std::move(***prepared);
  }
  ports::SightingRow row;
  row.sighting_id = sighting.sighting_id;
  row.alert_id = sighting.alert_id;
  row.ordinal = *ordinal;
  row.recipient_id = sighting.recipient_id;
  row.recorded_at = now;
  row.sealed = world_.tools.vault.seal(*key, world_.tools.codec.encode(sighting),
                                       sighting_context(sighting.alert_id, sighting.sighting_id));
  core::SightingRecorded recorded;
  recorded.alert_id = sighting.alert_id;
  recorded.sighting_id = sighting.sighting_id;
  recorded.recipient_id = sighting.recipient_id;
  ports::Commit commit;
  commit.sightings.push_back(std::move(row));
  commit.entries.push_back({now, core::Actor{sighting.recipient_id.value, {}},
                            sighting.alert_id.value + "/sightings", std::move(recorded)});
  ports::CommitResult result = co_await world_.commit(std::move(commit));
  const auto* committed = std::get_if<ports::Committed>(&result);
  if (committed == nullptr) {
    co_return refusal_of(result);
  }
  const bool first = committed->sightings_first.at(0);
  receipt.result = first ? core::ReceiptResult::recorded : core::ReceiptResult::duplicate;
  if (first && tell_police_) {
    tell_police_(police_of(*file), sighting);
  }
  co_return std::move(receipt);
}

boost::asio::awaitable<core::Result<ports::SightingView>> AnswerService::sighting_view(ports::SightingRow row) {
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
  view.assessment = row.assessment;
  co_return std::move(view);
}

boost::asio::awaitable<core::Result<std::vector<ports::SightingView>>> AnswerService::sightings(
    core::Caller caller, core::AlertId alert) {
  CaseFile* file = world_.cases.find(alert);
  if (file == nullptr || !core::sees(caller, file->state)) {
    co_return core::Refusal(core::Errc::not_found);
  }
  auto rows = co_await world_.tools.ledger.sightings(std::move(alert));
  if (!rows) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  std::vector<ports::SightingView> views;
  for (ports::SightingRow& row : *rows) {
    core::Result<ports::SightingView> view = co_await sighting_view(std::move(row));
    if (!view) {
      co_return view.error();
    }
    views.push_back(std::move(*view));
  }
  co_return std::move(views);
}

boost::asio::awaitable<core::Result<ports::SightingView>> AnswerService::assess(core::Caller caller,
                                                                                core::SightingId id,
                                                                                core::Assessment assessment,
                                                                                ports::Idempotency once) {
  // The same assessment again leaves the same state, so the key has nothing to add.
  static_cast<void>(once);
  core::SightingId wanted = id;
  auto read = co_await world_.tools.ledger.sighting(std::move(wanted));
  if (!read) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  CaseFile* file = *read ? world_.cases.find((*read)->alert_id) : nullptr;
  if (file == nullptr || !core::sees(caller, file->state)) {
    co_return core::Refusal(core::Errc::not_found);
  }
  const core::Instant now = world_.tools.clock.wall_now();
  core::SightingAssessed assessed;
  assessed.alert_id = file->state.alert_id;
  assessed.sighting_id = id;
  assessed.assessment = assessment;
  ports::AssessmentRow row;
  row.sighting_id = id;
  row.assessment = assessment;
  ports::Commit commit;
  commit.assessments.push_back(std::move(row));
  commit.entries.push_back({now, caller.actor(), file->state.alert_id.value + "/sightings", std::move(assessed)});
  ports::CommitResult result = co_await world_.commit(std::move(commit));
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return refusal_of(result);
  }
  ports::SightingRow changed = std::move(**read);
  changed.assessment = assessment;
  co_return co_await sighting_view(std::move(changed));
}

}  // namespace tuanyuan::engine
