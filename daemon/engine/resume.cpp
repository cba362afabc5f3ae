#include <utility>

#include "core/reason.hpp"
#include "engine/case_service.hpp"
#include "engine/composing.hpp"
#include "engine/tallies.hpp"

namespace tuanyuan::engine {

/// Whoever the alert was taken from gets it again, as a new revision that rings; the others are not disturbed.
CaseService::Attempt<ports::AlertView> CaseService::try_resume(core::Caller caller, core::AlertId id,
                                                               ports::SuspendOptions options,
                                                               ports::Idempotency once) {
  core::Result<Opened> opened = co_await open_alert(caller, id, once);
  if (!opened) {
    co_return opened.error();
  }
  if (opened->repeated) {
    co_return answered(co_await replayed_alert(std::move(*opened->repeated)));
  }
  CaseFile& file = *opened->file;
  core::ResumeAlert command;
  command.resumed.audiences = options.audiences;
  if (auto possible = core::decide(file.state, command); !possible) {
    co_return possible.error();
  }
  if (core::Result<void> given = core::validate_reason(options.note, false); !given) {
    co_return given.error();
  }
  core::Result<CaseFile*> ready = co_await loaded(id);
  if (!ready) {
    co_return ready.error();
  }
  core::Result<Plan> plan = co_await plan_again(file, file.state.radius_km, std::nullopt);
  if (!plan) {
    co_return plan.error();
  }
  plan->audiences = options.audiences;
  plan->targets = core::target(world_.directory, plan->circle, plan->report.last_seen.division, plan->audiences);
  core::Result<Decision> begun = co_await begin(caller, *opened, std::move(options.note), std::move(once));
  if (!begun) {
    co_return begun.error();
  }
  Decision& decision = *begun;
  if (decision.overtaken()) {
    co_return std::optional<ports::AlertView>();
  }
  const Issues issues(options.audiences, Issue{core::next_revision(file.state), core::NoticeKind::update});
  const Content content = content_of(decision.issuer, file, *plan, issues, decision.now);
  core::Result<std::string> digest = publish_copies(decision, compose_content(world_, content));
  if (!digest) {
    co_return digest.error();
  }
  command.resumed.divisions = plan->targets.divisions;
  command.resumed.expires_at = content.expires_at;
  command.resumed.copies_digest = std::move(*digest);
  core::Result<std::vector<core::EntryBody>> decided = core::decide(file.state, command);
  if (!decided) {
    co_return decided.error();
  }
  Mailing mailing = mailing_after(file, content, plan->targets);
  core::RecipientSet newly = plan->targets.expected - file.tally.expected();
  co_return co_await conclude(std::move(decision), std::move(*decided), std::move(mailing), std::move(newly));
}

CaseService::Answer<ports::AlertView> CaseService::resume(core::Caller caller, core::AlertId id,
                                                          ports::SuspendOptions options, ports::Idempotency once) {
  if (!caller.roles.contains(core::Role::releaser)) {
    co_return core::Refusal(core::Errc::forbidden);
  }
  auto attempt = [&] { return try_resume(caller, id, options, once); };
  co_return co_await until_decided<ports::AlertView>(attempt);
}

}  // namespace tuanyuan::engine
