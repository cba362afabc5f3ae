#include <utility>

#include "core/limits.hpp"
#include "core/reason.hpp"
#include "core/widening.hpp"
#include "engine/case_service.hpp"
#include "engine/composing.hpp"
#include "engine/tallies.hpp"

// Steps: circle, divisions or expiry change, and nobody is rung for it who was rung before.

namespace tuanyuan::engine {
namespace {

core::Refusal wrong(std::string path, std::string zh, std::string en) {
  std::vector<core::FieldError> fields;
  fields.emplace_back(std::move(path), core::Text(std::move(zh), std::move(en)));
  return core::Refusal(std::move(fields));
}

core::Result<void> validate(const ports::CircleOptions& options) {
  const int wishes = (options.hold ? 1 : 0) + (options.advance ? 1 : 0) + (options.radius_km ? 1 : 0);
  if (wishes != 1) {
    return wrong("hold", "hold、advance、radiusKm 须且只须给出一项",
                 "give exactly one of hold, advance and radiusKm");
  }
  if (options.centre && !options.radius_km) {
    return wrong("centre", "圆心须与半径一起给出", "a centre needs a radius");
  }
  const auto fits = [](double km) { return km >= core::radius_km_min && km <= core::radius_km_max; };
  if (options.radius_km && !fits(*options.radius_km)) {
    return wrong("radiusKm", "半径须在 1 至 2000 千米之间", "the radius has to be between 1 and 2000 km");
  }
  return core::validate_reason(options.reason, true);
}

core::AlertStepped as_it_is(const core::CaseState& state) {
  core::AlertStepped stepped;
  stepped.radius_chosen = state.radius_chosen;
  stepped.centre_chosen = state.centre_chosen;
  stepped.held = state.circle_held;
  return stepped;
}

core::Refusal not_due() {
  return core::Refusal(core::Errc::conflict);
}

}  // namespace

/// The middle that an officer chose, from the police copy; none: it is reckoned from the report.
CaseService::Answer<std::optional<core::Position>> CaseService::chosen_centre(CaseFile& file) {
  std::optional<core::Position> centre;
  if (!file.state.centre_chosen) {
    co_return centre;
  }
  core::Result<Documents::Reach> reach =
      co_await documents_.reach(file, file.state.copy(core::Audience::police).content);
  if (!reach) {
    co_return reach.error();
  }
  if (reach->circle) {
    centre = reach->circle->centre;
  }
  co_return centre;
}

CaseService::Answer<CaseService::Plan> CaseService::plan_again(CaseFile& file, double radius_km,
                                                               std::optional<core::Position> centre) {
  core::Result<core::Report> report = co_await documents_.report(file, file.state.documents);
  if (!report) {
    co_return report.error();
  }
  PhotoChange none;
  core::Result<Plan> planned =
      co_await plan_update(file, std::move(*report), std::move(none), file.state.showing());
  if (!planned) {
    co_return planned.error();
  }
  Plan plan = std::move(*planned);
  plan.circle.radius_km = radius_km;
  if (centre) {
    plan.circle.centre = *centre;
    plan.circle.approximate = false;
  }
  plan.targets = core::target(world_.directory, plan.circle, plan.report.last_seen.division, plan.audiences);
  co_return std::move(plan);
}

CaseService::Attempt<ports::AlertView> CaseService::step(Decision decision, Plan plan,
                                                         core::AlertStepped stepped) {
  CaseFile& file = decision.file;
  if (decision.overtaken()) {
    co_return std::optional<ports::AlertView>();
  }
  const Content content = content_of(decision.issuer, file, plan, Issues::next_steps(file.state), decision.now);
  core::Result<std::string> digest = publish_copies(decision, compose_content(world_, content));
  if (!digest) {
    co_return digest.error();
  }
  core::StepAlert command;
  command.stepped = std::move(stepped);
  command.stepped.radius_km = plan.circle.radius_km;
  command.stepped.divisions = plan.targets.divisions;
  command.stepped.expires_at = content.expires_at;
  command.stepped.copies_digest = std::move(*digest);
  core::Result<std::vector<core::EntryBody>> decided = core::decide(file.state, command);
  if (!decided) {
    co_return decided.error();
  }
  core::RecipientSet newly = plan.targets.expected - file.tally.expected();
  Mailing mailing = mailing_after(file, content, plan.targets);
  co_return co_await conclude(std::move(decision), std::move(*decided), std::move(mailing), std::move(newly));
}

CaseService::Attempt<ports::AlertView> CaseService::step_by_clock(CaseFile& file, double radius_km) {
  const std::uint32_t planned_on = file.state.entries;
  core::Result<Plan> plan = co_await plan_again(file, radius_km, std::nullopt);
  if (!plan) {
    co_return plan.error();
  }
  core::Result<Decision> begun = co_await begin_by_clock(file, planned_on);
  if (!begun) {
    co_return begun.error();
  }
  core::AlertStepped stepped = as_it_is(file.state);
  Attempt<ports::AlertView> stepping = step(std::move(*begun), std::move(*plan), std::move(stepped));
  co_return co_await std::move(stepping);
}

CaseService::Attempt<ports::AlertView> CaseService::try_widen(core::AlertId id) {
  core::Result<CaseFile*> found = co_await loaded(id);
  if (!found) {
    co_return found.error();
  }
  const std::optional<double> radius_km =
      core::due_radius_km(world_.settings.rings, (*found)->state, world_.tools.clock.wall_now());
  if (!radius_km) {
    co_return not_due();
  }
  co_return co_await step_by_clock(**found, *radius_km);
}

/// The same circle for another while; who joined the directory meanwhile joins the alert too.
CaseService::Attempt<ports::AlertView> CaseService::try_renew(core::AlertId id) {
  core::Result<CaseFile*> found = co_await loaded(id);
  if (!found) {
    co_return found.error();
  }
  const core::CaseState& state = (*found)->state;
  const std::optional<core::Instant> at = core::renewal_at(world_.settings.display, state);
  if (!at || *at > world_.tools.clock.wall_now()) {
    co_return not_due();
  }
  co_return co_await step_by_clock(**found, state.radius_km);
}

CaseService::Attempt<ports::AlertView> CaseService::hold(const core::Caller& caller, Opened opened,
                                                         std::string reason, ports::Idempotency once) {
  CaseFile& file = *opened.file;
  core::Result<Decision> begun = co_await begin(caller, opened, std::move(reason), std::move(once));
  if (!begun) {
    co_return begun.error();
  }
  if (begun->overtaken()) {
    co_return std::optional<ports::AlertView>();
  }
  core::Result<std::vector<core::EntryBody>> decided = core::decide(file.state, core::HoldCircle{});
  if (!decided) {
    co_return decided.error();
  }
  const core::EntryBody held = decided->front();
  enter(*begun, std::move(*decided));
  keep_reason(*begun, held);
  ports::CommitResult result = co_await world_.commit(std::move(begun->commit));
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return not_committed<ports::AlertView>(result);
  }
  core::CaseState state = file.state;
  co_return answered(co_await alert_view(file, std::move(state), who_decided));
}

CaseService::Attempt<ports::AlertView> CaseService::try_circle(core::Caller caller, core::AlertId id,
                                                               ports::CircleOptions options,
                                                               ports::Idempotency once) {
  core::Result<Opened> opened = co_await open_alert(caller, id, once);
  if (!opened) {
    co_return opened.error();
  }
  if (opened->repeated) {
    co_return answered(co_await replayed_alert(std::move(*opened->repeated)));
  }
  CaseFile& file = *opened->file;
  if (auto possible = core::decide(file.state, core::StepAlert{}); !possible) {
    co_return possible.error();
  }
  const std::optional<double> wider = core::wider_radius_km(world_.settings.rings, file.state.radius_km);
  if (options.advance && !wider) {
    co_return core::Refusal(core::Errc::conflict, core::Text("已是最大范围", "the circle is the widest already"));
  }
  if (core::Result<void> valid = validate(options); !valid) {
    co_return valid.error();
  }
  core::Result<CaseFile*> ready = co_await loaded(id);
  if (!ready) {
    co_return ready.error();
  }
  if (options.hold) {
    Attempt<ports::AlertView> holding = hold(caller, *opened, std::move(options.reason), std::move(once));
    co_return co_await std::move(holding);
  }
  const double radius_km = options.advance ? *wider : *options.radius_km;
  core::Result<Plan> plan = co_await plan_again(file, radius_km, options.centre);
  if (!plan) {
    co_return plan.error();
  }
  core::Result<Decision> begun = co_await begin(caller, *opened, std::move(options.reason), std::move(once));
  if (!begun) {
    co_return begun.error();
  }
  core::AlertStepped stepped = as_it_is(file.state);
  stepped.held = false;
  stepped.radius_chosen = !options.advance;
  stepped.centre_chosen = stepped.centre_chosen || options.centre.has_value();
  Attempt<ports::AlertView> stepping = step(std::move(*begun), std::move(*plan), std::move(stepped));
  co_return co_await std::move(stepping);
}

CaseService::Answer<ports::AlertView> CaseService::circle(core::Caller caller, core::AlertId id,
                                                          ports::CircleOptions options, ports::Idempotency once) {
  if (!caller.roles.contains(core::Role::releaser)) {
    co_return core::Refusal(core::Errc::forbidden);
  }
  auto attempt = [&] { return try_circle(caller, id, options, once); };
  co_return co_await until_decided<ports::AlertView>(attempt);
}

CaseService::Answer<ports::AlertView> CaseService::widen(core::AlertId id) {
  auto attempt = [&] { return try_widen(id); };
  co_return co_await until_decided<ports::AlertView>(attempt);
}

CaseService::Answer<ports::AlertView> CaseService::renew(core::AlertId id) {
  auto attempt = [&] { return try_renew(id); };
  co_return co_await until_decided<ports::AlertView>(attempt);
}

}  // namespace tuanyuan::engine
