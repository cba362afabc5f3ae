#include "simulation/people/desk.hpp"

#include <array>
#include <utility>

#include "core/report_validation.hpp"

namespace tuanyuan::simulation {
namespace {

constexpr std::array<std::string_view, 15> names{"submit", "preview", "release",   "reject", "update",
                                                 "close",  "retract", "telephone", "hold",   "advance",
                                                 "draw",   "suspend", "resume", "enrol", "strike"};

core::Caller officer() {
  return test::officer(police_unit, {core::Role::submitter, core::Role::releaser, core::Role::supervisor});
}

template <class T>
void put(Reply& reply, std::optional<T> Reply::*where, core::Result<T> result) {
  if (result) {
    reply.*where = std::move(*result);
  } else {
    reply.refused = result.error().code;
  }
}

}  // namespace

std::string_view to_string(Verb verb) {
  return names[static_cast<std::size_t>(verb)];
}

Desk::Desk(Stage& stage, std::function<Daemon*()> daemon)
    : stage_(stage), daemon_(std::move(daemon)), random_(stage.random.fork("desk")) {}

void Desk::send(const Request& request, std::function<void(const Reply&)> then) {
  const Span hop = random_.between(Span(1), Span(80));
  stage_.clock.after(hop, [this, request, then = std::move(then)] {
    Daemon* const daemon = daemon_();
    if (daemon != nullptr && daemon->ready()) {
      daemon->spawn(serve(*daemon, request, then));
    }
  });
}

boost::asio::awaitable<void> Desk::serve(Daemon& daemon, Request request, std::function<void(const Reply&)> then) {
  Request asked = request;
  Reply reply = co_await carry_out(daemon.engine(), std::move(asked));
  stage_.trace("desk", to_string(request.verb), request.key,
               reply.refused ? core::problem_name(*reply.refused) : std::string_view("done"));
  stage_.jury.tell(&Checker::answered, request, reply);
  if (!stage_.faults.strikes(Fault::answer_lost)) {
    stage_.clock.after(random_.between(Span(1), Span(80)),
                       [then = std::move(then), reply = std::move(reply)] { then(reply); });
  }
}

core::Result<core::Report> Desk::updated(const Request& request, const core::Report& before) const {
  const CasePlan& plan = stage_.scenario.cases[request.case_number];
  core::Report report = before;
  report.circumstances = "第" + std::to_string(request.version) + "次补充" + plan.marker;
  if (plan.moves && report.last_seen.position) {
    report.last_seen.position->latitude += 1.3;
  }
  return report;
}

boost::asio::awaitable<std::optional<core::Errc>> Desk::change_directory(engine::Engine& engine, Request request,
                                                                         ports::Idempotency once) {
  core::Caller keeper = test::officer(police_unit, {core::Role::operator_});
  std::optional<core::Errc> refused;
  if (request.verb == Verb::enrol) {
    const auto put =
        co_await engine.recipients().put(std::move(keeper), std::move(request.recipient), std::move(once));
    if (!put) {
      refused = put.error().code;
    }
  } else {
    const auto removed =
        co_await engine.recipients().remove(std::move(keeper), std::move(request.recipient.id), std::move(once));
    if (!removed) {
      refused = removed.error().code;
    }
  }
  co_return refused;
}

boost::asio::awaitable<Reply> Desk::carry_out(engine::Engine& engine, Request request) {
  Reply reply;
  core::Caller caller = officer();
  const CasePlan& plan = stage_.scenario.cases[request.case_number];
  ports::Idempotency once(request.key, "the body of " + request.key);
  std::string reason = "理由" + plan.marker;
  switch (request.verb) {
    case Verb::submit: {
      core::Report report = plan.report;
      report.last_seen.time = stage_.clock.wall_now() - plan.last_seen_before;
      core::ReportDraft draft = core::to_draft(std::move(report));
      put(reply, &Reply::report,
          co_await engine.cases().submit(std::move(caller), std::move(draft), std::move(once)));
      break;
    }
    case Verb::preview: {
      ports::ReleaseOptions options;
      put(reply, &Reply::preview,
          co_await engine.cases().preview(std::move(caller), request.report, std::move(options)));
      break;
    }
    case Verb::release: {
      ports::ReleaseOptions options;
      options.wake = plan.wake;
      options.duplicates_reviewed = request.reviewed;
      options.reason = std::move(reason);
      put(reply, &Reply::alert,
          co_await engine.cases().release(std::move(caller), request.report, std::move(options), std::move(once)));
      break;
    }
    case Verb::reject:
      put(reply, &Reply::report,
          co_await engine.cases().reject(std::move(caller), request.report, std::move(reason), std::move(once)));
      break;
    case Verb::update: {
      ports::UpdateOptions options;
      options.merge = [this, request](const core::Report& before, core::Instant) {
        return updated(request, before);
      };
      options.fields = {"circumstances"};
      options.reason = std::move(reason);
      put(reply, &Reply::alert,
          co_await engine.cases().update(std::move(caller), request.alert, std::move(options), std::move(once)));
      break;
    }
    case Verb::close: {
      ports::CloseOptions options;
      options.outcome = core::Outcome::found_safe;
      options.cause = core::Cause::lost;
      options.reason = std::move(reason);
      put(reply, &Reply::alert,
          co_await engine.cases().close(std::move(caller), request.alert, std::move(options), std::move(once)));
      break;
    }
    case Verb::retract:
      put(reply, &Reply::alert,
          co_await engine.cases().retract(std::move(caller), request.alert, std::move(reason), std::move(once)));
      break;
    case Verb::hold:
    case Verb::advance:
    case Verb::draw: {
      ports::CircleOptions options;
      options.hold = request.verb == Verb::hold;
      options.advance = request.verb == Verb::advance;
      if (request.verb == Verb::draw) {
        options.radius_km = plan.radius_km;
        options.centre = plan.centre;
      }
      options.reason = std::move(reason);
      put(reply, &Reply::alert,
          co_await engine.cases().circle(std::move(caller), request.alert, std::move(options), std::move(once)));
      break;
    }
    case Verb::suspend:
    case Verb::resume: {
      ports::SuspendOptions options;
      options.audiences = plan.suspended;
      options.reason = core::SuspendReason::child_at_risk;
      options.note = std::move(reason);
      if (request.verb == Verb::suspend) {
        put(reply, &Reply::alert,
            co_await engine.cases().suspend(std::move(caller), request.alert, std::move(options),
                                            std::move(once)));
      } else {
        put(reply, &Reply::alert,
            co_await engine.cases().resume(std::move(caller), request.alert, std::move(options), std::move(once)));
      }
      break;
    }
    case Verb::enrol:
    case Verb::strike:
      reply.refused = co_await change_directory(engine, std::move(request), std::move(once));
      break;
    case Verb::telephone:
      put(reply, &Reply::receipt,
          co_await engine.answers().acknowledge(std::move(caller), request.told, std::move(once)));
      break;
  }
  co_return std::move(reply);
}

}  // namespace tuanyuan::simulation
