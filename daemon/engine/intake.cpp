#include <utility>

#include "core/linking.hpp"
#include "core/reason.hpp"
#include "core/report_validation.hpp"
#include "core/ring.hpp"
#include "engine/bytes.hpp"
#include "engine/case_service.hpp"
#include "engine/idempotency.hpp"
#include "engine/tallies.hpp"

namespace tuanyuan::engine {
namespace {

core::Status status_of(const core::Report& report) {
  return report.exercise ? core::Status::exercise : core::Status::actual;
}

}  // namespace

/// Empty: there is nothing safe to compare.
std::string CaseService::link_digest(const core::Report& report) const {
  const std::string link = core::link_text(report);
  return link.empty() ? std::string() : to_hex(world_.tools.vault.keyed_digest(link));
}

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

CaseService::Intake CaseService::first_commit(const core::Report& report, const std::optional<core::Photo>& photo,
                                              core::Instant now) {
  Intake intake;
  core::ReportSubmitted& submitted = intake.submitted;
  submitted.report_id = core::ReportId(world_.tools.entropy.uuid(now));
  submitted.alert_id = core::AlertId(world_.tools.entropy.uuid(now));
  submitted.unit = report.reporting_unit;
  submitted.division = report.last_seen.division;
  submitted.status = status_of(report);
  submitted.last_seen_at = report.last_seen.time;
  submitted.link_digest = link_digest(report);

  const core::AlertId alert = submitted.alert_id;
  intake.key = world_.tools.vault.generate();
  ports::Commit& commit = intake.commit;
  commit.keys.push_back({alert, world_.tools.vault.wrap(intake.key, alert.value)});
  commit.documents.push_back(
      documents_.seal(alert, intake.key, Documents::report_name(1), world_.tools.codec.encode(report)));
  submitted.content_digest = to_hex(world_.tools.vault.digest(commit.documents.back().sealed));
  if (photo) {
    commit.documents.push_back(documents_.seal(alert, intake.key, Documents::photo_name, Documents::pack(*photo)));
  }
  return intake;
}

/// The police of the division hear of it with the report. Where no circle can be drawn, nobody does: an alert
/// without a place helps nobody, and the report is taken all the same.
core::Result<std::optional<Mailing>> CaseService::add_lookout(Decision& decision, const core::Report& report,
                                                              const std::optional<core::Photo>& photo,
                                                              core::SubmitReport& command) const {
  std::optional<Mailing> none;
  const double radius_km = core::radius_km_at(world_.settings.rings, report.last_seen.time, decision.now);
  core::Result<core::Circle> circle = circle_of(world_, report, radius_km);
  Plan plan;
  plan.targets = core::lookout_target(world_.directory, report.last_seen.division);
  if (!world_.settings.lookout || !circle || plan.targets.expected.isEmpty()) {
    return none;
  }
  plan.report = report;
  plan.circle = *circle;
  if (photo) {
    plan.photo = std::make_shared<core::Photo>(*photo);
  }
  const Issues issues(core::AudienceSet{core::Audience::police},
                      Issue{core::Version{0, 0}, core::NoticeKind::alert});
  const Content content = content_of(decision.issuer, decision.file, plan, issues, decision.now);
  core::Result<std::string> digest = publish_copies(decision, compose_content(world_, content));
  if (!digest) {
    return digest.error();
  }
  core::LookoutIssued issued;
  issued.radius_km = plan.circle.radius_km;
  issued.divisions = plan.targets.divisions;
  issued.expires_at = content.expires_at;
  issued.copies_digest = std::move(*digest);
  command.lookout = std::move(issued);
  return std::optional(mailing_of(world_, content, plan.targets));
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
  co_return co_await report_view(*file, std::move(then), who_decided, record.recorded_at);
}

CaseService::Attempt<ports::ReportView> CaseService::try_submit(Submission submission) {
  core::Result<std::optional<ports::IdempotencyRecord>> before = co_await earlier(world_, submission.once);
  if (!before) {
    co_return before.error();
  }
  if (*before) {
    ports::IdempotencyRecord record = std::move(**before);
    co_return answered(co_await replayed_report(std::move(record)));
  }
  const core::Instant now = world_.tools.clock.wall_now();
  core::Result<core::Report> valid = core::validate(std::move(submission.draft), now);
  if (!valid) {
    co_return valid.error();
  }
  core::Report report = std::move(*valid);
  core::Photo given = std::exchange(report.photo, core::Photo());
  core::Result<std::optional<core::Photo>> photo = co_await prepared_photo(std::move(given), status_of(report));
  if (!photo) {
    co_return photo.error();
  }
  Intake intake = first_commit(report, *photo, now);
  core::SubmitReport command;
  command.submitted = intake.submitted;
  command.exercise = std::move(submission.exercise);
  CaseFile unborn;  // what the decision is about, before there is a case
  unborn.state.alert_id = intake.submitted.alert_id;
  unborn.state.status = intake.submitted.status;
  Decision decision{
      unborn, 0,          std::move(submission.actor), std::move(submission.unit), std::move(submission.once), {},
      now,    intake.key, std::move(intake.commit)};
  core::Result<std::optional<Mailing>> lookout = add_lookout(decision, report, *photo, command);
  if (!lookout) {
    co_return lookout.error();
  }
  core::Result<std::vector<core::EntryBody>> decided = core::decide(core::CaseState(), command);
  if (!decided) {
    co_return decided.error();
  }
  enter(decision, std::move(*decided));
  std::vector<ports::ExpectedRecipients> expected;
  if (*lookout) {
    announce(decision, **lookout);
    put_expected(decision, world_, **lookout, (*lookout)->expected);
    expected = decision.commit.recipients_expected;
  }
  ports::CommitResult result = co_await world_.commit(std::move(decision.commit));
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return not_committed<ports::ReportView>(result);
  }
  CaseFile& file = *world_.cases.find(unborn.state.alert_id);
  if (*lookout) {
    take_in(world_, file, expected, **lookout);
  }
  core::CaseState state = file.state;
  world_.tools.log.info("report.submitted", {{"alert", state.alert_id.value},
                                             {"status", std::string(to_string(state.status))},
                                             {"lookout", *lookout ? "true" : "false"}});
  co_return answered(co_await report_view(file, std::move(state), who_decided));
}

CaseService::Answer<ports::ReportView> CaseService::submit(core::Caller caller, core::ReportDraft draft,
                                                           ports::Idempotency once) {
  if (!caller.roles.contains(core::Role::submitter)) {
    co_return core::Refusal(core::Errc::forbidden);
  }
  const Submission submission{caller.actor(), caller.unit, std::move(draft), std::nullopt, std::move(once)};
  auto attempt = [&] { return try_submit(submission); };
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
  if (auto possible = core::decide(file.state, core::RejectReport{}); !possible) {
    co_return possible.error();
  }
  if (core::Result<void> given = core::validate_reason(reason, true); !given) {
    co_return given.error();
  }
  core::Result<CaseFile*> ready = co_await loaded(file.state.alert_id);
  if (!ready) {
    co_return ready.error();
  }
  core::Result<Decision> begun = co_await begin(caller, *opened, std::move(reason), std::move(once));
  if (!begun) {
    co_return begun.error();
  }
  Attempt<ports::ReportView> rejecting = turn_down(std::move(*begun));
  co_return co_await std::move(rejecting);
}

/// Whoever had the lookout has to take it down.
CaseService::Attempt<ports::ReportView> CaseService::turn_down(Decision decision) {
  CaseFile& file = decision.file;
  if (decision.overtaken()) {
    co_return std::optional<ports::ReportView>();
  }
  core::RejectReport command;
  std::optional<Mailing> recall;
  if (file.state.alert_state == core::AlertState::lookout) {
    const core::Instant kept_until = decision.now + world_.settings.recall_retention;
    const Issues issues(file.state.audiences, Issue{core::next_revision(file.state), core::NoticeKind::retract});
    core::Result<std::string> digest = publish_copies(
        decision, compose_recall(world_, file.state, issues, decision.issuer, decision.now, kept_until));
    if (!digest) {
      co_return digest.error();
    }
    command.copies_digest = std::move(*digest);
    recall = recall_of(file, issues, kept_until);
  }
  core::Result<std::vector<core::EntryBody>> decided = core::decide(file.state, command);
  if (!decided) {
    co_return decided.error();
  }
  core::EntryBody rejected = decided->front();
  enter(decision, std::move(*decided));
  if (recall) {
    announce(decision, *recall);
  }
  keep_reason(decision, rejected);
  ports::CommitResult result = co_await write(file, std::move(decision.commit));
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return not_committed<ports::ReportView>(result);
  }
  core::CaseState state = file.state;
  co_return answered(co_await report_view(file, std::move(state), who_decided));
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
