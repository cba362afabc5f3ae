#include <utility>

#include "core/report_validation.hpp"
#include "engine/case_service.hpp"
#include "engine/exercise_circle.hpp"
#include "engine/tallies.hpp"

// What the daemon decides of its own exercises. An officer has approved the plan, and its configuration; the
// journal names that officer with the report, and the daemon as who did the rest. Only what was ordered as an
// exercise with its report gets here, so nothing that is meant is ever released without an officer (promise 5).

namespace tuanyuan::engine {
namespace {

core::Result<void> is_own(const core::CaseState& state) {
  if (state.exercise && state.status == core::Status::exercise) {
    return {};
  }
  return core::Refusal(
      core::Errc::conflict,
      core::Text("该警情不是系统自行组织的演练", "the daemon has not ordered this as an exercise of its own"));
}

core::ExerciseOrdered order_of(const core::ExercisePlan& plan, core::Instant due_at) {
  core::ExerciseOrdered order;
  order.name = plan.name;
  order.due_at = due_at;
  order.begin_until = due_at + plan.begin_within;
  order.lasts_seconds =
      static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(plan.lasts).count());
  order.approved_by = core::to_string(plan.approved_by);
  return order;
}

}  // namespace

CaseService::Answer<ports::ReportView> CaseService::submit_exercise(core::Actor actor, core::ExercisePlan plan,
                                                                    core::Instant due_at,
                                                                    ports::Idempotency once) {
  const Submission submission{std::move(actor), plan.approved_by.unit,
                              core::to_draft(core::exercise_report(plan, due_at)), order_of(plan, due_at),
                              std::move(once)};
  auto attempt = [&] { return try_submit(submission); };
  co_return co_await until_decided<ports::ReportView>(attempt);
}

CaseService::Attempt<ports::AlertView> CaseService::try_release_exercise(core::AlertId id,
                                                                         core::ExercisePlan plan) {
  core::Result<CaseFile*> found = co_await loaded(id);
  if (!found) {
    co_return found.error();
  }
  CaseFile& file = **found;
  if (core::Result<void> own = is_own(file.state); !own) {
    co_return own.error();
  }
  const std::uint32_t planned_on = file.state.entries;
  core::ReleaseReport wanted;
  wanted.status = core::Status::exercise;
  if (auto possible = core::decide(file.state, wanted); !possible) {
    co_return possible.error();
  }
  const core::Instant now = world_.tools.clock.wall_now();
  core::Result<core::Circle> circle = exercise_circle(world_, plan, file.state.last_seen_at, now);
  if (!circle) {
    co_return circle.error();
  }
  ports::ReleaseOptions options;
  options.audiences = plan.audiences;
  options.status = core::Status::exercise;
  options.wake = plan.wake;
  if (plan.everybody || plan.radius_km) {
    options.radius_km = circle->radius_km;
  }
  core::Result<Plan> planned = co_await plan_release(file, options, now);
  if (!planned) {
    co_return planned.error();
  }
  core::Result<Decision> begun = co_await begin_by_clock(file, planned_on);
  if (!begun) {
    co_return begun.error();
  }
  Attempt<ports::AlertView> issuing = issue(std::move(*begun), std::move(*planned), std::move(options));
  co_return co_await std::move(issuing);
}

CaseService::Answer<ports::AlertView> CaseService::release_exercise(core::AlertId id, core::ExercisePlan plan) {
  auto attempt = [&] { return try_release_exercise(id, plan); };
  co_return co_await until_decided<ports::AlertView>(attempt);
}

CaseService::Attempt<ports::ReportView> CaseService::try_drop_exercise(core::AlertId id) {
  core::Result<CaseFile*> found = co_await loaded(id);
  if (!found) {
    co_return found.error();
  }
  CaseFile& file = **found;
  if (core::Result<void> own = is_own(file.state); !own) {
    co_return own.error();
  }
  core::Result<Decision> begun = co_await begin_by_clock(file, file.state.entries);
  if (!begun) {
    co_return begun.error();
  }
  Attempt<ports::ReportView> rejecting = turn_down(std::move(*begun));
  co_return co_await std::move(rejecting);
}

CaseService::Answer<ports::ReportView> CaseService::drop_exercise(core::AlertId id) {
  auto attempt = [&] { return try_drop_exercise(id); };
  co_return co_await until_decided<ports::ReportView>(attempt);
}

CaseService::Attempt<ports::AlertView> CaseService::try_close_exercise(core::AlertId id) {
  core::Result<CaseFile*> found = co_await loaded(id);
  if (!found) {
    co_return found.error();
  }
  CaseFile& file = **found;
  if (core::Result<void> own = is_own(file.state); !own) {
    co_return own.error();
  }
  core::CloseAlert close;
  close.outcome = core::Outcome::not_missing;  // nobody was
  close.cause = core::Cause::other;
  if (auto possible = core::decide(file.state, close); !possible) {
    co_return possible.error();
  }
  core::Result<Decision> begun = co_await begin_by_clock(file, file.state.entries);
  if (!begun) {
    co_return begun.error();
  }
  core::CaseCommand command = std::move(close);
  Attempt<ports::AlertView> taking = take_down(std::move(*begun), std::move(command));
  co_return co_await std::move(taking);
}

CaseService::Answer<ports::AlertView> CaseService::close_exercise(core::AlertId id) {
  auto attempt = [&] { return try_close_exercise(id); };
  co_return co_await until_decided<ports::AlertView>(attempt);
}

}  // namespace tuanyuan::engine
