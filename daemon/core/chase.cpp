#include "core/chase.hpp"

#include <algorithm>

#include "core/names.hpp"

namespace tuanyuan::core {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Names<ChaseStep, chase_step_count> step_names{{"direct", "unit", "late"}};

AnswerTimes default_times(Category category) {
  switch (urgency_rank(category)) {
    case 0:  // hubs and borders
      return {seconds(60), minutes(5), minutes(5)};
    case 1:
      return {seconds(90), minutes(5), minutes(5)};
    case urgency_rank_max:  // schools, volunteers
      return {minutes(5), minutes(30), minutes(10)};
    default:
      return {};
  }
}

Duration time_for(const AnswerTimes& times, AnswerKind awaited) {
  switch (awaited) {
    case AnswerKind::confirmed:
      return times.confirmed;
    case AnswerKind::removed:
      return times.removed;
    default:
      return times.received;
  }
}

std::vector<AnswerKind> awaited_of(const Chase::Asked& asked) {
  if (asked.taken_down) {
    return {AnswerKind::removed};
  }
  return {AnswerKind::received, AnswerKind::confirmed};
}

ChaseStep after(ChaseStep step) {
  return static_cast<ChaseStep>(static_cast<int>(step) + 1);
}

/// The first moment, not before `at`, at which somebody is there to be chased. Hours that never come would mean
/// that a recipient is forgotten, and count as none.
Instant when_there(const OpeningHours* hours, bool wake, Instant at) {
  return hours == nullptr || wake ? at : hours->next_opening(at).value_or(at);
}

}  // namespace

Instant answer_deadline(const OpeningHours* hours, bool wake, Instant from, Duration allowed) {
  return when_there(hours, wake, when_there(hours, wake, from) + allowed);
}

std::string_view to_string(ChaseStep step) {
  return step_names[step];
}

ChasePolicy::ChasePolicy() {
  for (const Audience audience : all_audiences) {
    for (std::size_t index = 0; index < category_count; ++index) {
      of(audience, static_cast<Category>(index)) = default_times(static_cast<Category>(index));
    }
  }
}

/// Who cannot be reached first has to be reached: only who has received is asked to confirm. Who is unable
/// goes on to the next step at once, and is not asked to confirm.
RecipientSet missing(const Tally& tally, const Chase::Asked& asked, AnswerKind awaited) {
  const auto answered = [&](AnswerKind kind) -> const RecipientSet& {
    return tally.answered(asked.revision, kind);
  };
  RecipientSet still = asked.members - answered(awaited);
  if (awaited == AnswerKind::confirmed) {
    still &= answered(AnswerKind::received);
    still -= answered(AnswerKind::unable);
  }
  return still;
}

void Chase::expect(const RecipientSet& recipients, Instant at) {
  if (!recipients.isEmpty()) {
    cohorts_.push_back({at, recipients});
  }
}

void Chase::took(std::uint32_t revision, AnswerKind awaited, ChaseStep step, Instant at,
                 const RecipientSet& recipients) {
  Pursuit& pursuit = pursuits_[{revision, awaited}];
  pursuit.touched |= recipients;
  RecipientSet first = recipients;
  std::vector<Group> moved;
  for (Group& group : pursuit.groups) {
    if (const RecipientSet again = group.recipients & recipients; !again.isEmpty()) {
      moved.push_back({step, at, again, group.direct_steps + (step == ChaseStep::direct ? 1U : 0U)});
      first -= again;
      group.recipients -= again;
    }
  }
  std::erase_if(pursuit.groups, [](const Group& group) { return group.recipients.isEmpty(); });
  if (step == ChaseStep::late) {
    pursuit.exhausted |= recipients;
    return;
  }
  if (!first.isEmpty()) {
    moved.push_back({step, at, first, step == ChaseStep::direct ? 1U : 0U});
  }
  pursuit.groups.insert(pursuit.groups.end(), moved.begin(), moved.end());
}

std::uint32_t Chase::direct_steps(std::uint32_t revision, AnswerKind awaited, Ordinal recipient) const {
  for (const Group& group : pursuit(revision, awaited).groups) {
    if (group.recipients.contains(recipient)) {
      return group.direct_steps;
    }
  }
  return 0;
}

void Chase::settle(std::uint32_t revision, AnswerKind awaited, const RecipientSet& answered) {
  const auto found = pursuits_.find({revision, awaited});
  if (found == pursuits_.end()) {
    return;
  }
  for (Group& group : found->second.groups) {
    group.recipients -= answered;
  }
  std::erase_if(found->second.groups, [](const Group& group) { return group.recipients.isEmpty(); });
}

/// Of these, who have taken the group's step, those who take it again, by another endpoint.
RecipientSet Chase::walking_on(const Group& group, const Asked& asked, const RecipientSet& of) {
  const bool may = group.step == ChaseStep::direct && asked.further && !of.isEmpty();
  return may ? asked.further(of, group.direct_steps) & of : RecipientSet();
}

const Chase::Pursuit& Chase::pursuit(std::uint32_t revision, AnswerKind awaited) const {
  static const Pursuit none;
  const auto found = pursuits_.find({revision, awaited});
  return found == pursuits_.end() ? none : found->second;
}

/// Splits the silent by what their deadline depends on, and sorts what is due from what will be.
class Chase::Planner {
 public:
  Planner(const Chase& chase, const ChasePolicy& policy, const Directory& directory, const Asked& asked,
          Instant now)
      : chase_(chase), policy_(policy), directory_(directory), asked_(asked), now_(now) {}

  void plan(AnswerKind awaited, const RecipientSet& silent, const RecipientSet& unable) {
    if (silent.isEmpty()) {
      return;
    }
    const Pursuit& pursuit = chase_.pursuit(asked_.revision, awaited);
    plan_.exhausted |= silent & pursuit.exhausted;
    for (const Group& group : pursuit.groups) {
      go_on(awaited, group, silent & group.recipients);
    }
    begin(awaited, silent - pursuit.touched, unable);
  }
  Plan take() { return std::move(plan_); }

 private:
  /// Through all its endpoints, one a step, before anybody else is told of its silence.
  void go_on(AnswerKind awaited, const Group& group, const RecipientSet& waiting) {
    const RecipientSet further = chase_.walking_on(group, asked_, waiting);
    go_to(awaited, group.step, group.at, further);
    go_to(awaited, after(group.step), group.at, waiting - further);
  }

  void go_to(AnswerKind awaited, ChaseStep next, Instant taken_at, const RecipientSet& waiting) {
    for_each_hours(waiting, [&](const OpeningHours* hours, const RecipientSet& members) {
      put(awaited, next, hours, when_there(hours, asked_.wake, taken_at + policy_.between_steps), members);
    });
  }

  void begin(AnswerKind awaited, const RecipientSet& untouched, const RecipientSet& unable) {
    for (const Cohort& cohort : chase_.cohorts_) {
      const RecipientSet members = untouched & cohort.members;
      if (members.isEmpty()) {
        continue;
      }
      const Instant since = std::max(cohort.at, asked_.since);
      const RecipientSet cannot = awaited == AnswerKind::received ? members & unable : RecipientSet();
      begin_together(awaited, cannot, since, Duration(0));
      for_each_time(members - cannot, awaited, [&](Duration allowed, const RecipientSet& equals) {
        begin_together(awaited, equals, since, allowed);
      });
    }
  }

  void begin_together(AnswerKind awaited, const RecipientSet& members, Instant since, Duration allowed) {
    for_each_hours(members, [&](const OpeningHours* hours, const RecipientSet& equals) {
      put(awaited, ChaseStep::direct, hours, answer_deadline(hours, asked_.wake, since, allowed), equals);
    });
  }

  template <class Visit>
  void for_each_time(const RecipientSet& members, AnswerKind awaited, Visit visit) const {
    std::vector<std::pair<Duration, RecipientSet>> groups;
    for (const Audience audience : all_audiences) {
      const RecipientSet here = members & directory_.of_audience(audience);
      for (std::size_t index = 0; index < category_count && !here.isEmpty(); ++index) {
        const auto category = static_cast<Category>(index);
        if (directory_.of_category(category).intersect(here)) {
          add_time(groups, time_for(policy_.of(audience, category), awaited),
                   directory_.of_category(category) & here);
        }
      }
    }
    for (const auto& [allowed, equals] : groups) {
      visit(allowed, equals);
    }
  }

  static void add_time(std::vector<std::pair<Duration, RecipientSet>>& groups, Duration allowed,
                       const RecipientSet& members) {
    const auto same = [allowed](const auto& group) { return group.first == allowed; };
    auto group = std::find_if(groups.begin(), groups.end(), same);
    if (group == groups.end()) {
      group = groups.emplace(groups.end(), allowed, RecipientSet());
    }
    group->second |= members;
  }

  template <class Visit>
  void for_each_hours(const RecipientSet& members, Visit visit) const {
    RecipientSet always = members;
    for (const Directory::Hours& hours : directory_.hours()) {
      if (hours.members.intersect(always)) {
        visit(&hours.open, hours.members & always);
        always -= hours.members;
      }
    }
    if (!always.isEmpty()) {
      visit(nullptr, always);
    }
  }

  void put(AnswerKind awaited, ChaseStep step, const OpeningHours* hours, Instant due,
           const RecipientSet& members) {
    if (members.isEmpty()) {
      return;
    }
    // What could not be done in time waits until somebody is there again.
    if (const Instant there = when_there(hours, asked_.wake, std::max(due, now_)); there > now_) {
      due = there;
    }
    if (due > now_) {
      plan_.waiting |= members;
      plan_.next = std::min(plan_.next.value_or(due), due);
      return;
    }
    for (Order& order : plan_.due) {
      if (order.awaited == awaited && order.step == step) {
        order.recipients |= members;
        order.since = std::min(order.since, due);
        return;
      }
    }
    plan_.due.push_back({asked_.revision, awaited, step, members, due});
  }

  const Chase& chase_;
  const ChasePolicy& policy_;
  const Directory& directory_;
  const Asked& asked_;
  Instant now_;
  Plan plan_;
};

Chase::Plan Chase::plan(const ChasePolicy& policy, const Directory& directory, const Tally& tally,
                        const Asked& asked, Instant now) const {
  Planner planner(*this, policy, directory, asked, now);
  for (AnswerKind awaited : awaited_of(asked)) {
    planner.plan(awaited, missing(tally, asked, awaited), tally.answered(asked.revision, AnswerKind::unable));
  }
  return planner.take();
}

std::optional<Chase::Place> Chase::place(const ChasePolicy& policy, const Directory& directory, const Tally& tally,
                                         const Asked& asked, Ordinal recipient) const {
  Asked alone = asked;
  alone.members = RecipientSet::bitmapOf(1, recipient) & asked.members;
  for (AnswerKind awaited : awaited_of(asked)) {
    if (!missing(tally, alone, awaited).contains(recipient)) {
      continue;
    }
    Place place;
    place.awaited = awaited;
    place.next = ChaseStep::direct;
    const Pursuit& done = pursuit(asked.revision, awaited);
    if (done.exhausted.contains(recipient)) {
      place.taken = ChaseStep::late;
      place.next = std::nullopt;
    }
    for (const Group& group : done.groups) {
      if (group.recipients.contains(recipient)) {
        place.taken = group.step;
        place.due = group.at;
        place.next = walking_on(group, asked, alone.members).isEmpty() ? after(group.step) : group.step;
      }
    }
    // Planned as of the beginning of time, all that will ever be due is still to come.
    Planner planner(*this, policy, directory, alone, Instant::min());
    planner.plan(awaited, alone.members, alone.members & tally.answered(asked.revision, AnswerKind::unable));
    place.due = planner.take().next.value_or(place.due);
    return place;
  }
  return std::nullopt;
}

}  // namespace tuanyuan::core
