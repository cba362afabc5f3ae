#include "engine/auditor.hpp"

#include <algorithm>
#include <utility>

#include "engine/tallies.hpp"

namespace tuanyuan::engine {

boost::asio::awaitable<void> Auditor::run() {
  ports::Clock& clock = world_.tools.clock;
  for (;;) {
    co_await clock.sleep_until(clock.steady_now() + audit_interval);
    audit();
  }
}

void Auditor::add(Sum& sum, const CaseFile& file, core::Audience audience, bool outside) {
  const core::Chase::Asked asked =
      outside ? asked_of_outside(world_, file, audience) : asked_of(world_, file, audience);
  if (asked.members.isEmpty()) {
    return;
  }
  const core::Chase::Plan plan =
      file.chase.plan(world_.settings.chase, world_.directory, file.tally, asked, world_.tools.clock.wall_now());
  core::RecipientSet due;
  core::RecipientSet overdue;
  for (const core::Chase::Order& order : plan.due) {
    (is_overdue(order.since) ? overdue : due) |= order.recipients;
  }
  if (!overdue.isEmpty()) {
    const Part part{file.state.alert_id, audience, outside};
    overdue_[part] = overdue;
    const core::RecipientSet lately = overdue - overdue_before_[part];
    overdue -= lately;
    due |= lately;
  }
  const core::AnswerKind last = asked.taken_down ? core::AnswerKind::removed : core::AnswerKind::confirmed;
  const core::RecipientSet silent =
      asked.members - file.tally.answered(asked.revision, last) - (plan.waiting | plan.exhausted | due | overdue);
  // Who is unable and has received it is not asked to confirm.
  const core::RecipientSet excused = silent & file.tally.answered(asked.revision, core::AnswerKind::received) &
                                     file.tally.answered(asked.revision, core::AnswerKind::unable);
  sum.expected += asked.members.cardinality();
  sum.in_time += ((plan.waiting | due) - overdue).cardinality();
  sum.late += (plan.exhausted - plan.waiting - due - overdue).cardinality();
  sum.forgotten += ((silent - excused) | overdue).cardinality();
}

core::Duration Auditor::lead() const {
  ports::Clock& clock = world_.tools.clock;
  return clock.wall_now().time_since_epoch() -
         std::chrono::duration_cast<core::Duration>(clock.steady_now().time_since_epoch());
}

void Auditor::notice_set_clock() {
  const core::Duration lead_now = lead();
  if (lead_now - lead_ > clock_set_by_min) {
    overdue_from_ = std::max(overdue_from_, world_.tools.clock.steady_now() + step_overdue_after);
  }
  lead_ = lead_now;
}

/// Nothing is taken while answers still come in after a start, so nothing is late then.
bool Auditor::is_overdue(core::Instant due) const {
  ports::Clock& clock = world_.tools.clock;
  const ports::Clock::Steady from = std::max(overdue_from_, world_.grace_over() + step_overdue_after);
  return clock.wall_now() - due > step_overdue_after && clock.steady_now() > from;
}

void Auditor::audit() {
  world_.note_time();
  notice_set_clock();
  overdue_before_ = std::exchange(overdue_, {});
  Sum sum;
  for (const auto& [id, file] : world_.cases.all()) {
    if (!file.state.issued() || file.state.cleared || !file.tally_loaded) {
      continue;
    }
    for (core::Audience audience : core::all_audiences) {
      if (file.state.copy(audience).issued) {
        add(sum, file, audience, false);
        add(sum, file, audience, true);
      }
    }
  }
  sum.acknowledged = sum.expected - sum.in_time - sum.late - sum.forgotten;
  const auto gauge = [this](std::string_view standing, std::uint64_t count) {
    world_.tools.metrics.set("tuanyuan_recipients_expected", {{"standing", standing}}, static_cast<double>(count));
  };
  sum_ = sum;
  gauge("acknowledged", sum.acknowledged);
  gauge("in_time", sum.in_time);
  gauge("late", sum.late);
  gauge("forgotten", sum.forgotten);
  const bool was_wrong = !wrong_.empty();
  wrong_ = sum.forgotten == 0 ? std::string()
                              : std::to_string(sum.forgotten) + " expected recipients have no next step";
  if (!wrong_.empty() && !was_wrong) {
    world_.tools.metrics.add("tuanyuan_promise_violations_total", {{"promise", "3"}});
    world_.tools.log.error("promise.violated", {{"promise", "3"}, {"recipients", std::to_string(sum.forgotten)}});
  }
}

}  // namespace tuanyuan::engine
