#include <cctype>
#include <utility>

#include "core/report_validation.hpp"
#include "engine/bytes.hpp"
#include "engine/case_service.hpp"
#include "engine/idempotency.hpp"

namespace tuanyuan::engine {
namespace {

/// What tells that two reports are of the same child: its name without spaces and case, the day it was born
/// and the day it was lost. Without a name and a day of birth there is nothing safe to compare.
std::string link_text(const core::Report& report) {
  if (report.child.name.empty() || !report.child.birth_date) {
    return {};
  }
  std::string name;
  for (char letter : report.child.name) {
    if (std::isspace(static_cast<unsigned char>(letter)) == 0) {
      name.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(letter))));
    }
  }
  const auto beijing = report.last_seen.time + std::chrono::hours(8);
  const auto lost = std::chrono::floor<std::chrono::days>(beijing).time_since_epoch().count();
  const auto born = std::chrono::sys_days(*report.child.birth_date).time_since_epoch().count();
  return name + "|" + std::to_string(born) + "|" + std::to_string(lost);
}

core::Status status_of(const core::Report& report) {
  return report.exercise ? core::Status::exercise : core::Status::actual;
}

}  // namespace

CaseService::Answer<std::optional<core::Photo>> CaseService::prepared_photo(core::Photo photo,
                                                                            core::Status status) {
  if (photo.empty()) {
    const std::optional<core::Photo> none;
    co_return none;
  }
  auto work = [pictures = &world_.tools.pictures, given = std::move(photo), status] {
    return std::make_unique<core::Result<core::Photo>>(pictures->prepare(given, status));
  };
  auto running = world_.tools.pool.run(std::move(work));
  std::optional<std::unique_ptr<core::Result<core::Photo>>> done = co_await std::move(running);
  if (!done) {
    co_return core::Refusal(core::Errc::overloaded);
  }
  core::Result<core::Photo>& ready = **done;
  if (!ready) {
    co_return ready.error();
  }
  co_return std::optional<core::Photo>(std::move(*ready));
}

ports::Commit CaseService::first_commit(const core::Caller& caller, const core::Report& report,
                                        const std::optional<core::Photo>& photo, core::Instant now) {
  core::ReportSubmitted submitted;
  submitted.report_id = core::ReportId(world_.tools.entropy.uuid(now));
  submitted.alert_id = core::AlertId(world_.tools.entropy.uuid(now));
  submitted.unit = report.reporting_unit;
  submitted.division = report.last_seen.division;
  submitted.status = status_of(report);
  submitted.last_seen_at = report.last_seen.time;
  if (const std::string link = link_text(report); !link.empty()) {
    submitted.link_digest = to_hex(world_.tools.vault.keyed_digest(link));
  }

  const core::AlertId alert = submitted.alert_id;
  const ports::DataKey key = world_.tools.vault.generate();
  ports::Commit commit;
  commit.keys.push_back({alert, world_.tools.vault.wrap(key, alert.value)});
  commit.documents.push_back(
      documents_.seal(alert, key, Documents::report_name(1), world_.tools.codec.encode(report)));
  submitted.content_digest = to_hex(world_.tools.vault.digest(commit.documents.back().sealed));
  if (photo) {
    commit.documents.push_back(documents_.seal(alert, key, Documents::photo_name, Documents::pack(*photo)));
  }
  commit.expected.push_back({alert.value, 0});
  commit.entries.push_back({now, caller.actor(), alert.value, std::move(submitted)});
  return commit;
}

CaseService::Answer<ports::ReportView> CaseService::replayed_report(ports::IdempotencyRecord record) {
  CaseFile* file = world_.cases.find(core::AlertId(record.subject));
  if (file == nullptr) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  core::Result<core::CaseState> state = co_await state_at(file->state.alert_id, record.entries);
  if (!state) {
    co_return state.error();
  }
  core::CaseState then = std::move(*state);
  co_return co_await report_view(*file, std::move(then), false);
}

CaseService::Attempt<ports::ReportView> CaseService::try_submit(core::Caller caller, core::ReportDraft draft,
                                                                ports::Idempotency once) {
  core::Result<std::optional<ports::IdempotencyRecord>> before = co_await earlier(world_, once);
  if (!before) {
    co_return before.error();
  }
  if (*before) {
    ports::IdempotencyRecord record = std::move(**before);
    co_return answered(co_await replayed_report(std::move(record)));
  }
  const core::Instant now = world_.tools.clock.wall_now();
  core::Result<core::Report> valid = core::validate(std::move(draft), now);
  if (!valid) {
    co_return valid.error();
  }
  core::Report report = std::move(*valid);
  core::Photo given = std::exchange(report.photo, core::Photo());
  core::Result<std::optional<core::Photo>> photo = co_await prepared_photo(std::move(given), status_of(report));
  if (!photo) {
    co_return photo.error();
  }
  ports::Commit commit = first_commit(caller, report, *photo, now);
  const core::AlertId alert(commit.entries.front().subject);
  remember(commit, once, alert.value, 1, now);
  ports::CommitResult result = co_await world_.commit(std::move(commit));
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return not_committed<ports::ReportView>(result);
  }
  CaseFile* file = world_.cases.find(alert);
  core::CaseState state = file->state;
  world_.tools.log.info("report.submitted",
                        {{"alert", alert.value}, {"status", std::string(to_string(state.status))}});
  co_return answered(co_await report_view(*file, std::move(state), false));
}

CaseService::Answer<ports::ReportView> CaseService::submit(core::Caller caller, core::ReportDraft draft,
                                                           ports::Idempotency once) {
  if (!caller.roles.contains(core::Role::submitter)) {
    co_return core::Refusal(core::Errc::forbidden);
  }
  auto attempt = [&] { return try_submit(caller, draft, once); };
  co_return co_await until_decided<ports::ReportView>(attempt);
}

CaseService::Attempt<ports::ReportView> CaseService::try_reject(core::Caller caller, core::ReportId id,
                                                                std::string reason, ports::Idempotency once) {
  core::Result<Opened> opened = co_await open_report(caller, id, once);
  if (!opened) {
    co_return opened.error();
  }
  if (opened->repeated) {
    co_return answered(co_await replayed_report(std::move(*opened->repeated)));
  }
  CaseFile& file = *opened->file;
  core::Result<std::vector<core::EntryBody>> decided = core::decide(file.state, core::RejectReport{});
  if (!decided) {
    co_return decided.error();
  }
  if (core::Result<void> given = core::validate_reason(reason, true); !given) {
    co_return given.error();
  }
  core::Result<Decision> decision = co_await begin(std::move(caller), file, std::move(reason), std::move(once));
  if (!decision) {
    co_return decision.error();
  }
  enter(*decision, std::move(*decided));
  keep_reason(*decision);
  ports::CommitResult result = co_await world_.commit(std::move(decision->commit));
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return not_committed<ports::ReportView>(result);
  }
  core::CaseState state = file.state;
  co_return answered(co_await report_view(file, std::move(state), false));
}

CaseService::Answer<ports::ReportView> CaseService::reject(core::Caller caller, core::ReportId id,
                                                           std::string reason, ports::Idempotency once) {
  if (!caller.roles.contains(core::Role::releaser)) {
    co_return core::Refusal(core::Errc::forbidden);
  }
  auto attempt = [&] { return try_reject(caller, id, reason, once); };
  co_return co_await until_decided<ports::ReportView>(attempt);
}

}  // namespace tuanyuan::engine
