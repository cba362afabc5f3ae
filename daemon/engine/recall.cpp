#include <utility>

#include "core/reason.hpp"
#include "engine/case_service.hpp"
#include "engine/tallies.hpp"

namespace tuanyuan::engine {
namespace {

/// What taking an alert down comes to: for whom, as what, and whether the officer has to say why.
struct Recalling {
  Issues issues;
  bool reason_required = false;
};

Recalling recalling(const core::CaseState& state, const core::CaseCommand& command) {
  const core::Version version = core::next_revision(state);
  if (const auto* suspend = std::get_if<core::SuspendAlert>(&command)) {
    return {Issues(suspend->audiences, Issue{version, core::NoticeKind::close}), false};
  }
  const bool retract = std::holds_alternative<core::RetractAlert>(command);
  const core::NoticeKind kind = retract ? core::NoticeKind::retract : core::NoticeKind::close;
  return {Issues(state.audiences, Issue{version, kind}), retract};
}

void set_digest(core::CaseCommand& recall, const std::string& digest) {
  if (auto* suspend = std::get_if<core::SuspendAlert>(&recall)) {
    suspend->copies_digest = digest;
  }
  if (auto* close = std::get_if<core::CloseAlert>(&recall)) {
    close->copies_digest = digest;
  }
  if (auto* retract = std::get_if<core::RetractAlert>(&recall)) {
    retract->copies_digest = digest;
  }
}

}  // namespace

CaseService::Attempt<ports::AlertView> CaseService::try_recall(core::Caller caller, core::AlertId id,
                                                               core::CaseCommand command, std::string reason,
                                                               ports::Idempotency once) {
  core::Result<Opened> opened = co_await open_alert(caller, id, once);
  if (!opened) {
    co_return opened.error();
  }
  if (opened->repeated) {
    co_return answered(co_await replayed_alert(std::move(*opened->repeated)));
  }
  CaseFile& file = *opened->file;
  const Recalling recall = recalling(file.state, command);
  if (auto possible = core::decide(file.state, command); !possible) {
    co_return possible.error();
  }
  if (core::Result<void> given = core::validate_reason(reason, recall.reason_required); !given) {
    co_return given.error();
  }
  core::Result<void> loaded = co_await load_tally(world_, documents_, file);
  if (!loaded) {
    co_return loaded.error();
  }
  core::Result<Decision> begun = co_await begin(caller, *opened, std::move(reason), std::move(once));
  if (!begun) {
    co_return begun.error();
  }
  Attempt<ports::AlertView> taking = take_down(std::move(*begun), std::move(command));
  co_return co_await std::move(taking);
}

CaseService::Attempt<ports::AlertView> CaseService::take_down(Decision decision, core::CaseCommand command) {
  CaseFile& file = decision.file;
  if (decision.overtaken()) {
    co_return std::optional<ports::AlertView>();
  }
  const Recalling recall = recalling(file.state, command);
  const core::Instant kept_until = decision.now + world_.settings.recall_retention;
  core::Result<std::string> digest = publish_copies(
      decision, compose_recall(world_, file.state, recall.issues, decision.issuer, decision.now, kept_until));
  if (!digest) {
    co_return digest.error();
  }
  set_digest(command, *digest);
  core::Result<std::vector<core::EntryBody>> decided = core::decide(file.state, command);
  if (!decided) {
    co_return decided.error();
  }
  Mailing mailing = recall_of(file, recall.issues, kept_until);
  core::RecipientSet nobody;
  Attempt<ports::AlertView> concluding =
      conclude(std::move(decision), std::move(*decided), std::move(mailing), std::move(nobody));
  core::Result<std::optional<ports::AlertView>> outcome = co_await std::move(concluding);
  if (outcome && *outcome && file.state.recalled()) {
    file.photo.reset();
  }
  co_return std::move(outcome);
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

CaseService::Answer<ports::AlertView> CaseService::suspend(core::Caller caller, core::AlertId id,
                                                           ports::SuspendOptions options,
                                                           ports::Idempotency once) {
  core::SuspendAlert command;
  command.audiences = options.audiences;
  command.reason = options.reason;
  core::CaseCommand wanted = std::move(command);
  co_return co_await recall(std::move(caller), std::move(id), std::move(wanted), std::move(options.note),
                            std::move(once));
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

/// The recall's own notices leave the broker. Who has not taken it down by then stands on the late list.
CaseService::Attempt<ports::AlertView> CaseService::try_clear(core::AlertId id) {
  core::Result<CaseFile*> found = co_await loaded(id);
  if (!found) {
    co_return found.error();
  }
  CaseFile& file = **found;
  core::Result<std::vector<core::EntryBody>> decided = core::decide(file.state, core::ClearAlert{});
  if (!decided) {
    co_return decided.error();
  }
  core::Result<Decision> begun = co_await begin_by_clock(file, file.state.entries);
  if (!begun) {
    co_return begun.error();
  }
  Decision& decision = *begun;
  const core::CaseState& state = file.state;
  Mailing mailing =
      recall_of(file, Issues(state.audiences, Issue{state.version, state.copy(core::Audience::police).kind}),
                decision.now + world_.settings.recall_retention);
  mailing.notice = core::Parcel::notice_clear;
  mailing.sent_by.clear();  // gateways retain nothing
  core::RecipientSet nobody;
  co_return co_await conclude(std::move(decision), std::move(*decided), std::move(mailing), std::move(nobody));
}

CaseService::Answer<ports::AlertView> CaseService::clear(core::AlertId id) {
  auto attempt = [&] { return try_clear(id); };
  co_return co_await until_decided<ports::AlertView>(attempt);
}

}  // namespace tuanyuan::engine
