#include <algorithm>
#include <utility>

#include "core/authority.hpp"
#include "core/targeting.hpp"
#include "engine/bytes.hpp"
#include "engine/case_service.hpp"
#include "engine/composing.hpp"
#include "engine/tallies.hpp"

namespace tuanyuan::engine {
namespace {

/// What is named in a mask and not given is taken away.
bool names_photo(const std::vector<std::string>& fields) {
  return std::any_of(fields.begin(), fields.end(),
                     [](const std::string& field) { return field == "child" || field == "child.photo"; });
}

}  // namespace

CaseService::Answer<core::Report> CaseService::updated_report(CaseFile& file, const ports::UpdateOptions& options,
                                                              core::Instant now) {
  core::Result<core::Report> current = co_await documents_.report(file, file.state.documents);
  if (!current) {
    co_return current.error();
  }
  core::Result<core::Report> merged = options.merge(*current, now);
  if (merged && merged->exercise != current->exercise) {
    std::vector<core::FieldError> fields;
    fields.emplace_back(
        "report.exercise",
        core::Text("演练与实战不得相互转换", "an exercise cannot become the real thing, nor the reverse"));
    co_return core::Refusal(std::move(fields));
  }
  co_return merged;
}

CaseService::Answer<CaseService::Plan> CaseService::plan_update(CaseFile& file, core::Report report,
                                                                PhotoChange change, core::AudienceSet audiences) {
  Plan plan;
  plan.report = std::move(report);
  plan.audiences = audiences;
  core::Result<core::Circle> circle = circle_of(world_, plan.report, file.state.radius_km);
  core::Result<std::optional<core::Position>> chosen = co_await chosen_centre(file);
  if (!chosen) {
    co_return chosen.error();
  }
  if (*chosen) {
    core::Circle around;
    around.centre = **chosen;
    around.radius_km = file.state.radius_km;
    circle = around;
  }
  if (!circle) {
    // Whom its middle was reckoned from has left the directory since: it stays where it was drawn.
    const core::Result<Documents::Reach> drawn =
        co_await documents_.reach(file, file.state.copy(core::Audience::police).content);
    if (!drawn || !drawn->circle) {
      co_return circle.error();
    }
    core::Circle around = *drawn->circle;
    around.radius_km = file.state.radius_km;
    circle = around;
  }
  plan.circle = *circle;
  plan.targets = core::target(world_.directory, plan.circle, plan.report.last_seen.division, plan.audiences);
  if (change.replacement) {
    plan.photo = std::make_shared<core::Photo>(std::move(*change.replacement));
    co_return std::move(plan);
  }
  if (change.removed) {
    co_return std::move(plan);
  }
  core::Result<std::shared_ptr<const core::Photo>> photo = co_await documents_.photo(file);
  if (photo) {
    plan.photo = *photo;
  } else if (photo.error().code != core::Errc::not_found) {
    co_return photo.error();
  }
  co_return std::move(plan);
}

/// A photo that is taken away is replaced by an empty one.
void CaseService::keep_report(Decision& decision, const Plan& plan, bool photo_changed) const {
  const core::CaseState& state = decision.file.state;
  std::vector<ports::SealedDocument>& documents = decision.commit.documents;
  if (photo_changed) {
    static const core::Photo none;
    const core::Photo& photo = plan.photo ? *plan.photo : none;
    documents.push_back(
        documents_.seal(state.alert_id, decision.key, Documents::photo_name, Documents::pack(photo)));
  }
  documents.push_back(documents_.seal(state.alert_id, decision.key, Documents::report_name(state.documents + 1),
                                      world_.tools.codec.encode(plan.report)));
}

CaseService::Attempt<ports::AlertView> CaseService::try_update(core::Caller caller, core::AlertId id,
                                                               ports::UpdateOptions options,
                                                               ports::Idempotency once) {
  core::Result<Opened> opened = co_await open_alert(caller, id, once);
  if (!opened) {
    co_return opened.error();
  }
  if (opened->repeated) {
    co_return answered(co_await replayed_alert(std::move(*opened->repeated)));
  }
  CaseFile& file = *opened->file;
  // Asked of what stands at each attempt: where another update was committed in between, this one is not merged
  // into it unseen. A repeated request was answered above, though its own update has moved the revision.
  core::UpdateAlert command;
  command.expected_revision = options.expected_revision;
  if (auto possible = core::decide(file.state, command); !possible) {
    co_return possible.error();
  }
  if (core::Result<void> given = core::validate_reason(options.reason, false); !given) {
    co_return given.error();
  }
  core::Result<core::Report> report = co_await updated_report(file, options, world_.tools.clock.wall_now());
  if (!report) {
    co_return report.error();
  }
  core::Photo given = std::exchange(report->photo, core::Photo());
  core::Result<std::optional<core::Photo>> photo = co_await prepared_photo(std::move(given), file.state.status);
  if (!photo) {
    co_return photo.error();
  }
  PhotoChange change;
  change.replacement = std::move(*photo);
  change.removed = !change.replacement && names_photo(options.fields);
  const bool photo_changed = change.replacement || change.removed;
  core::Result<Plan> plan =
      co_await plan_update(file, std::move(*report), std::move(change), file.state.showing());
  if (!plan) {
    co_return plan.error();
  }
  core::Result<void> loaded = co_await load_tally(world_, documents_, file);
  if (!loaded) {
    co_return loaded.error();
  }
  core::Result<Decision> begun = co_await begin(caller, *opened, std::move(options.reason), std::move(once));
  if (!begun) {
    co_return begun.error();
  }
  command.updated.fields = std::move(options.fields);
  Attempt<ports::AlertView> revising =
      revise(std::move(*begun), std::move(*plan), std::move(command), photo_changed);
  co_return co_await std::move(revising);
}

CaseService::Attempt<ports::AlertView> CaseService::revise(Decision decision, Plan plan, core::UpdateAlert command,
                                                           bool photo_changed) {
  CaseFile& file = decision.file;
  if (decision.overtaken()) {
    co_return std::optional<ports::AlertView>();
  }
  const Issues issues(file.state.showing(), Issue{core::next_revision(file.state), core::NoticeKind::update});
  const Content content = content_of(decision.issuer, file, plan, issues, decision.now);
  core::Result<std::string> digest = publish_copies(decision, compose_content(world_, content));
  if (!digest) {
    co_return digest.error();
  }
  keep_report(decision, plan, photo_changed);
  command.updated.radius_km = plan.circle.radius_km;
  command.updated.divisions = plan.targets.divisions;
  command.updated.expires_at = content.expires_at;
  command.updated.copies_digest = std::move(*digest);
  command.updated.link_digest = link_digest(plan.report);
  command.updated.content_digest = to_hex(world_.tools.vault.digest(decision.commit.documents.back().sealed));
  core::Result<std::vector<core::EntryBody>> decided = core::decide(file.state, command);
  if (!decided) {
    co_return decided.error();
  }
  core::RecipientSet newly = plan.targets.expected - file.tally.expected();
  Mailing mailing = mailing_after(file, content, plan.targets);
  if (photo_changed && !plan.photo) {
    mailing.photo = core::Parcel::photo_clear;
  }
  Attempt<ports::AlertView> concluding =
      conclude(std::move(decision), std::move(*decided), std::move(mailing), std::move(newly));
  co_return co_await std::move(concluding);
}

CaseService::Answer<ports::AlertView> CaseService::update(core::Caller caller, core::AlertId id,
                                                          ports::UpdateOptions options, ports::Idempotency once) {
  if (!caller.roles.contains(core::Role::releaser)) {
    co_return core::Refusal(core::Errc::forbidden);
  }
  auto attempt = [&] { return try_update(caller, id, options, once); };
  co_return co_await until_decided<ports::AlertView>(attempt);
}

}  // namespace tuanyuan::engine
