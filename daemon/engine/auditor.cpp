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
      asked.members - file.tally.settled(asked.revision, last) - (plan.waiting | plan.late | due | overdue);
  sum.expected += asked.members.cardinality();
  sum.in_time += ((plan.waiting | due) - plan.late - overdue).cardinality();
  sum.late += (plan.late - overdue).cardinality();
  sum.forgotten += (silent | overdue).cardinality();
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
  std::size_t unaudited = 0;
  for (const auto& [id, file] : world_.cases.all()) {
    if (!file.state.issued() || file.state.cleared) {
      continue;
    }
    if (!file.tally_loaded) {
      unaudited += is_shut(id) ? 1 : 0;
      continue;
    }
    shut_since_.erase(id);
    for (core::Audience audience : core::all_audiences) {
      if (file.state.copy(audience).issued) {
        add(sum, file, audience, false);
        add(sum, file, audience, true);
      }
    }
  }
  sum.acknowledged = sum.expected - sum.in_time - sum.late - sum.forgotten;
  world_.tools.metrics.set("tuanyuan_alerts_unaudited", {}, static_cast<double>(unaudited));
  const auto gauge = [this](std::string_view standing, std::uint64_t count) {
    world_.tools.metrics.set("tuanyuan_recipients_expected", {{"standing", standing}}, static_cast<double>(count));
  };
  sum_ = sum;
  gauge("acknowledged", sum.acknowledged);
  gauge("in_time", sum.in_time);
  gauge("late", sum.late);
  gauge("forgotten", sum.forgotten);
  if (sum.forgotten != 0 && !violated_) {
    world_.tools.metrics.add("tuanyuan_promise_violations_total", {{"promise", "3"}});
    world_.tools.log.error("promise.violated", {{"promise", "3"}, {"recipients", std::to_string(sum.forgotten)}});
  }
  violated_ = sum.forgotten != 0;
  wrong_ = violated_ ? std::to_string(sum.forgotten) + " expected recipients have no next step" : std::string();
  if (unaudited != 0) {
    wrong_ += (violated_ ? ", " : "") + std::to_string(unaudited) + " alerts cannot be read";
  }
}

/// Whether an alert could not be read for longer than it may take. Nothing is read before the ledger answers again
/// after a start or a standstill.
bool Auditor::is_shut(const core::AlertId& id) {
  const ports::Clock::Steady now = world_.tools.clock.steady_now();
  const ports::Clock::Steady since = shut_since_.emplace(id, now).first->second;
  return now > std::max(since, world_.grace_over()) + unread_for_max;
}

}  // namespace tuanyuan::engine
