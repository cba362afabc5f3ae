#include <utility>

#include "core/authority.hpp"
#include "core/targeting.hpp"
#include "engine/bytes.hpp"
#include "engine/case_service.hpp"
#include "engine/composing.hpp"
#include "engine/idempotency.hpp"
#include "engine/tallies.hpp"

namespace tuanyuan::engine {
namespace {

core::NoticeKind kind_of(const core::CaseCommand& recall) {
  return std::holds_alternative<core::RetractAlert>(recall) ? core::NoticeKind::retract : core::NoticeKind::close;
}

void set_digest(core::CaseCommand& recall, const std::string& digest) {
  if (auto* close = std::get_if<core::CloseAlert>(&recall)) {
    close->copies_digest = digest;
  }
  if (auto* retract = std::get_if<core::RetractAlert>(&recall)) {
    retract->copies_digest = digest;
  }
}

}  // namespace

CaseService::Attempt<ports::AlertView> CaseService::try_update(core::Caller caller, core::AlertId id,
                                                               ports::UpdateOptions options,
                                                               ports::Idempotency once) {
  core::Result<CaseFile*> found = decidable(caller, world_.cases.find(id));
  if (!found || (*found)->state.report_state != core::ReportState::released) {
    co_return found ? core::Refusal(core::Errc::not_found) : found.error();
  }
  CaseFile& file = **found;
  core::Result<std::optional<ports::IdempotencyRecord>> before = co_await earlier(world_, once);
  if (!before) {
    co_return before.error();
  }
  if (*before) {
    ports::IdempotencyRecord record = std::move(**before);
    co_return answered(co_await replayed_alert(std::move(record)));
  }
  if (auto possible = core::decide(file.state, core::UpdateAlert{}); !possible) {
    co_return possible.error();
  }
  if (core::Result<void> given = core::validate_reason(options.reason, false); !given) {
    co_return given.error();
  }
  core::Result<void> loaded = co_await load_tally(world_, documents_, file);
  if (!loaded) {
    co_return loaded.error();
  }
  core::Result<core::Report> current = co_await documents_.report(file, file.state.documents);
  if (!current) {
    co_return current.error();
  }
  const core::Instant now = world_.tools.clock.wall_now();
  core::Result<core::Report> merged = options.merge(*current, now);
  if (!merged) {
    co_return merged.error();
  }
  if (merged->exercise != current->exercise) {
    std::vector<core::FieldError> fields;
    fields.emplace_back(
        "report.exercise",
        core::Text("演练与实战不得相互转换", "an exercise cannot become the real thing, nor the reverse"));
    co_return core::Refusal(std::move(fields));
  }
  ReleasePlan plan;
  plan.report = std::move(*merged);
  plan.audiences = file.state.audiences;
  core::Photo given = std::exchange(plan.report.photo, core::Photo());
  core::Result<std::optional<core::Photo>> new_photo =
      co_await prepared_photo(std::move(given), file.state.status);
  if (!new_photo) {
    co_return new_photo.error();
  }
  core::Result<core::Circle> circle = circle_of(world_, plan.report, file.state.radius_km);
  if (!circle) {
    co_return circle.error();
  }
  plan.circle = *circle;
  plan.targets = core::target(world_.directory, plan.circle, plan.report.last_seen.division, plan.audiences);
  if (*new_photo) {
    plan.photo = std::make_shared<core::Photo>(std::move(**new_photo));
  } else {
    core::Result<std::shared_ptr<const core::Photo>> photo = co_await documents_.photo(file);
    if (photo) {
      plan.photo = *photo;
    } else if (photo.error().code != core::Errc::not_found) {
      co_return photo.error();
    }
  }
  core::Result<ports::DataKey> key = co_await documents_.key(file);
  if (!key) {
    co_return key.error();
  }

  ports::Commit commit;
  const core::Version version = core::next_revision(file.state);
  Content content = content_of(caller, file, plan, file.state.plate_open, now);
  content.version = version;
  content.kind = core::NoticeKind::update;
  core::Result<std::string> digest = publish_copies(commit, file, *key, compose_content(world_, content), now);
  if (!digest) {
    co_return digest.error();
  }
  core::UpdateAlert command;
  command.updated.fields = options.fields;
  command.updated.radius_km = plan.circle.radius_km;
  command.updated.divisions = plan.targets.divisions;
  command.updated.expires_at = content.expires_at;
  command.updated.copies_digest = std::move(*digest);
  commit.documents.push_back(documents_.seal(file.state.alert_id, *key,
                                             Documents::report_name(file.state.documents + 1),
                                             world_.tools.codec.encode(plan.report)));
  command.updated.content_digest = to_hex(world_.tools.vault.digest(commit.documents.back().sealed));
  if (*new_photo) {
    commit.documents.push_back(
        documents_.seal(file.state.alert_id, *key, Documents::photo_name, Documents::pack(*plan.photo)));
  }
  core::Result<std::vector<core::EntryBody>> decided = core::decide(file.state, command);
  if (!decided) {
    co_return decided.error();
  }
  enter(commit, file, std::move(*decided), caller, now);

  // Every topic that the alert has ever used hears of it, those now outside the circle too: they take down.
  const core::RecipientSet newly = plan.targets.expected - file.tally.expected();
  Mailing mailing;
  mailing.kind = core::NoticeKind::update;
  mailing.version = version;
  mailing.audiences = plan.audiences;
  mailing.divisions = core::apply(file.state, commit.entries.front()).divisions;
  mailing.addressed = file.addressed | plan.targets.addressed;
  mailing.expected = file.tally.expected() | newly;
  mailing.circle = plan.circle;
  mailing.photo = plan.photo ? core::Parcel::photo : core::Parcel::notice;
  mailing.expires_at = content.expires_at;
  announce(commit, file, *key, mailing, now);
  commit.recipients_expected.push_back({file.state.alert_id, version, newly});
  keep_reason(commit, file, *key, options.reason);
  remember(commit, once, file.state.alert_id.value, file.state.entries + 1, now);

  ports::CommitResult result = co_await world_.commit(std::move(commit));
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return not_committed<ports::AlertView>(result);
  }
  expect(world_, file, version.revision, newly, plan.circle);
  file.addressed = mailing.addressed;
  file.photo = plan.photo;
  world_.tools.log.info("alert.updated",
                        {{"alert", file.state.alert_id.value}, {"revision", std::to_string(version.revision)}});
  core::CaseState state = file.state;
  co_return answered(co_await alert_view(file, std::move(state), core::Audience::police, true));
}

CaseService::Attempt<ports::AlertView> CaseService::try_recall(core::Caller caller, core::AlertId id,
                                                               core::CaseCommand command, std::string reason,
                                                               ports::Idempotency once) {
  core::Result<CaseFile*> found = decidable(caller, world_.cases.find(id));
  if (!found || (*found)->state.report_state != core::ReportState::released) {
    co_return found ? core::Refusal(core::Errc::not_found) : found.error();
  }
  CaseFile& file = **found;
  core::Result<std::optional<ports::IdempotencyRecord>> before = co_await earlier(world_, once);
  if (!before) {
    co_return before.error();
  }
  if (*before) {
    ports::IdempotencyRecord record = std::move(**before);
    co_return answered(co_await replayed_alert(std::move(record)));
  }
  const core::NoticeKind kind = kind_of(command);
  if (auto possible = core::decide(file.state, command); !possible) {
    co_return possible.error();
  }
  if (core::Result<void> given = core::validate_reason(reason, kind == core::NoticeKind::retract); !given) {
    co_return given.error();
  }
  core::Result<void> loaded = co_await load_tally(world_, documents_, file);
  if (!loaded) {
    co_return loaded.error();
  }
  core::Result<ports::DataKey> key = co_await documents_.key(file);
  if (!key) {
    co_return key.error();
  }
  const core::Instant now = world_.tools.clock.wall_now();
  ports::Commit commit;
  const core::Instant kept_until = now + world_.settings.recall_retention;
  core::Result<std::string> digest = publish_copies(
      commit, file, *key, compose_recall(world_, file.state, kind, caller.unit, now, kept_until), now);
  if (!digest) {
    co_return digest.error();
  }
  set_digest(command, *digest);
  core::Result<std::vector<core::EntryBody>> decided = core::decide(file.state, command);
  if (!decided) {
    co_return decided.error();
  }
  enter(commit, file, std::move(*decided), caller, now);

  Mailing mailing;
  mailing.kind = kind;
  mailing.version = core::next_revision(file.state);
  mailing.audiences = file.state.audiences;
  mailing.divisions = file.state.divisions;
  mailing.addressed = file.addressed;
  mailing.expected = file.tally.expected();
  mailing.photo = core::Parcel::photo_clear;
  mailing.expires_at = kept_until;
  announce(commit, file, *key, mailing, now);
  keep_reason(commit, file, *key, reason);
  remember(commit, once, file.state.alert_id.value, file.state.entries + 1, now);

  ports::CommitResult result = co_await world_.commit(std::move(commit));
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return not_committed<ports::AlertView>(result);
  }
  file.photo.reset();
  world_.tools.log.info("alert.recalled",
                        {{"alert", file.state.alert_id.value}, {"kind", std::string(core::to_string(kind))}});
  core::CaseState state = file.state;
  co_return answered(co_await alert_view(file, std::move(state), core::Audience::police, true));
}

CaseService::Answer<ports::AlertView> CaseService::recall(core::Caller caller, core::AlertId id,
                                                          core::CaseCommand command, std::string reason,
                                                          ports::Idempotency once) {
  if (!caller.roles.contains(core::Role::releaser)) {
    co_return core::Refusal(core::Errc::forbidden);
  }
  auto attempt = [&] { return try_recall(caller, id, command, reason, once); };
  co_return co_await until_decided<ports::AlertView>(attempt);
}

CaseService::Answer<ports::AlertView> CaseService::update(core::Caller caller, core::AlertId id,
                                                          ports::UpdateOptions options, ports::Idempotency once) {
  if (!caller.roles.contains(core::Role::releaser)) {
    co_return core::Refusal(core::Errc::forbidden);
  }
  auto attempt = [&] { return try_update(caller, id, options, once); };
  co_return co_await until_decided<ports::AlertView>(attempt);
}

CaseService::Answer<ports::AlertView> CaseService::close(core::Caller caller, core::AlertId id,
                                                         ports::CloseOptions options, ports::Idempotency once) {
  core::CloseAlert command;
  command.outcome = options.outcome;
  command.cause = options.cause;
  core::CaseCommand wanted = std::move(command);
  co_return co_await recall(std::move(caller), std::move(id), std::move(wanted), std::move(options.reason),
                            std::move(once));
}

CaseService::Answer<ports::AlertView> CaseService::retract(core::Caller caller, core::AlertId id,
                                                           std::string reason, ports::Idempotency once) {
  core::CaseCommand wanted = core::RetractAlert{};
  co_return co_await recall(std::move(caller), std::move(id), std::move(wanted), std::move(reason),
                            std::move(once));
}

}  // namespace tuanyuan::engine
