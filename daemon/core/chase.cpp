#include "core/chase.hpp"

#include <algorithm>

#include "core/names.hpp"

namespace tuanyuan::core {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Names<ChaseStep, chase_step_count> step_names{{"direct", "unit", "late", "again"}};

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

/// The first moment, not before `at`, at which somebody is there to be chased. Hours that never come would mean
/// that a recipient is forgotten, and count as none.
Instant when_there(const OpeningHours* hours, bool wake, Instant at) {
  return hours == nullptr || wake ? at : hours->next_opening(at).value_or(at);
}

/// A recall is said again for as long as it is kept; for the rest the late list is the end.
std::optional<ChaseStep> step_after(ChaseStep taken, AnswerKind awaited) {
  switch (taken) {
    case ChaseStep::direct:
      return ChaseStep::unit;
    case ChaseStep::unit:
      return ChaseStep::late;
    default:
      return awaited == AnswerKind::removed ? std::optional(ChaseStep::again) : std::nullopt;
  }
}

/// How long after a step the next one comes.
Duration pause_after(ChaseStep taken, const ChasePolicy& policy, Duration silent_for) {
  if (taken < ChaseStep::late) {
    return policy.between_steps;
  }
  return std::max(policy.recall_again, std::min(silent_for, ChasePolicy::recall_again_max));
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

/// Who cannot be reached first has to be reached: only who has received is asked to confirm.
RecipientSet missing(const Tally& tally, const Chase::Asked& asked, AnswerKind awaited) {
  RecipientSet still = asked.members - tally.settled(asked.revision, awaited);
  if (awaited == AnswerKind::confirmed) {
    still &= tally.answered(asked.revision, AnswerKind::received);
  }
  return still;
}

void Chase::expect(const RecipientSet& recipients, Instant at) {
  if (!recipients.isEmpty()) {
    cohorts_.push_back({at, recipients});
  }
}

void Chase::took(const Taken& taken) {
  const auto& [revision, awaited, step, at, counts_from, recipients] = taken;
  Pursuit& pursuit = pursuits_[{revision, awaited}];
  pursuit.touched |= recipients;
  const std::uint32_t to_it_alone = step == ChaseStep::direct || step == ChaseStep::again ? 1U : 0U;
  RecipientSet first = recipients;
  std::vector<Group> moved;
  for (Group& group : pursuit.groups) {
    if (const RecipientSet again = group.recipients & recipients; !again.isEmpty()) {
      moved.push_back({step, at, counts_from, again, group.direct_steps + to_it_alone});
      first -= again;
      group.recipients -= again;
    }
  }
  std::erase_if(pursuit.groups, [](const Group& group) { return group.recipients.isEmpty(); });
  if (step == ChaseStep::late) {
    pursuit.late |= recipients;
  }
  if (!first.isEmpty()) {
    moved.push_back({step, at, counts_from, first, to_it_alone});
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

void Chase::settle(std::uint32_t revision, AnswerKind awaited, const RecipientSet& settled) {
  const auto found = pursuits_.find({revision, awaited});
  if (found == pursuits_.end()) {
    return;
  }
  for (Group& group : found->second.groups) {
    group.recipients -= settled;
  }
  std::erase_if(found->second.groups, [](const Group& group) { return group.recipients.isEmpty(); });
}

RecipientSet Chase::reminded(const Directory& directory, const Standings& standings) const {
  RecipientSet all;
  for (Audience audience : all_audiences) {
    const std::uint32_t revision = standings[static_cast<std::size_t>(audience)].content_revision;
    all |= pursuit(revision, AnswerKind::confirmed).touched & directory.of_audience(audience);
  }
  return all;
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
  Planner(const Chase& chase, const ChasePolicy& policy, const Directory& directory, const Tally& tally,
          const Asked& asked, Instant now)
      : chase_(chase), policy_(policy), directory_(directory), tally_(tally), asked_(asked), now_(now) {}

  void plan(AnswerKind awaited, const RecipientSet& silent) {
    if (silent.isEmpty()) {
      return;
    }
    const Pursuit& pursuit = chase_.pursuit(asked_.revision, awaited);
    plan_.late |= silent & pursuit.late;
    for (const Group& group : pursuit.groups) {
      taken_ = group.step;
      go_on(awaited, group, silent & group.recipients);
    }
    taken_.reset();
    begin(awaited, silent - pursuit.touched);
  }
  Plan take() { return std::move(plan_); }
  /// From now on it is noted there where each one stands for whom nothing is due yet, or ever again.
  void note_in(std::vector<Together>& places) { places_ = &places; }

 private:
  /// Those among some who said UNABLE, and when the first of them did.
  struct Said {
    RecipientSet who;
    Instant first = Instant::max();
  };
  Said said_unable(const RecipientSet& among, Instant since) const {
    Said said;
    for (const Ordinal ordinal : among& tally_.answered(asked_.revision, AnswerKind::unable)) {
      const std::optional<Unable> unable = tally_.unable(asked_.revision, ordinal);
      if (unable && unable->at >= since) {
        said.who.add(ordinal);
        said.first = std::min(said.first, unable->at);
      }
    }
    return said;
  }

  /// Through all its endpoints, one a step, before anybody else is told of its silence.
  void go_on(AnswerKind awaited, const Group& group, const RecipientSet& waiting) {
    const RecipientSet further = walking_on(group, asked_, waiting);
    go_to(awaited, group, group.step, further);
    if (const std::optional<ChaseStep> next = step_after(group.step, awaited)) {
      go_to(awaited, group, *next, waiting - further);
    } else {
      note(group.at, waiting);
    }
  }

  void go_to(AnswerKind awaited, const Group& group, ChaseStep next, const RecipientSet& waiting) {
    const Instant due = group.counts_from + pause_after(group.step, policy_, group.counts_from - asked_.since);
    if (next == ChaseStep::again && std::max(due, now_) >= asked_.until) {
      note(group.at, waiting);
      return;  // they stand on the late list, and nothing is kept that could be said again
    }
    // Said after the last step, or else it would bring more than the one that follows it.
    const Said unable = said_unable(waiting, group.at + Duration(1));
    for_each_hours(waiting, [&](const OpeningHours* hours, const RecipientSet& members) {
      put(awaited, next, hours, when_there(hours, asked_.wake, due), unable, members);
    });
  }

  void begin(AnswerKind awaited, const RecipientSet& untouched) {
    for (const Cohort& cohort : chase_.cohorts_) {
      const RecipientSet members = untouched & cohort.members;
      if (members.isEmpty()) {
        continue;
      }
      const Instant since = std::max(cohort.at, asked_.since);
      // Also who said so before it was asked: by a clock that was set back since, or outside the circle then.
      const Said unable = said_unable(members, Instant::min());
      for_each_time(members, awaited, [&](Duration allowed, const RecipientSet& equals) {
        for_each_hours(equals, [&](const OpeningHours* hours, const RecipientSet& together) {
          const Instant due = answer_deadline(hours, asked_.wake, since, allowed);
          put(awaited, ChaseStep::direct, hours, due, unable, together);
        });
      });
    }
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

  /// Who is unable waits for no deadline.
  void put(AnswerKind awaited, ChaseStep step, const OpeningHours* hours, Instant due, const Said& unable,
           const RecipientSet& members) {
    const Instant at_once = when_there(hours, asked_.wake, std::min(unable.first, due));
    put(awaited, step, hours, at_once, members & unable.who);
    put(awaited, step, hours, due, members - unable.who);
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
      note(due, members);
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

  void note(Instant due, const RecipientSet& members) {
    if (places_ != nullptr && !members.isEmpty()) {
      places_->push_back({taken_, due, members});
    }
  }

  const Chase& chase_;
  const ChasePolicy& policy_;
  const Directory& directory_;
  const Tally& tally_;
  const Asked& asked_;
  Instant now_;
  Plan plan_;
  std::optional<ChaseStep> taken_;  ///< by those who are planned for at the moment
  std::vector<Together>* places_ = nullptr;
};

Chase::Plan Chase::plan(const ChasePolicy& policy, const Directory& directory, const Tally& tally,
                        const Asked& asked, Instant now) const {
  Planner planner(*this, policy, directory, tally, asked, now);
  for (AnswerKind awaited : awaited_of(asked)) {
    planner.plan(awaited, missing(tally, asked, awaited));
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
    std::optional<ChaseStep> next = ChaseStep::direct;
    for (const Group& group : pursuit(asked.revision, awaited).groups) {
      if (group.recipients.contains(recipient)) {
        place.taken = group.step;
        place.due = group.at;
        const bool walks = !walking_on(group, asked, alone.members).isEmpty();
        next = walks ? std::optional(group.step) : step_after(group.step, awaited);
      }
    }
    // Planned as of the beginning of time, all that will ever be due is still to come.
    Planner planner(*this, policy, directory, tally, alone, Instant::min());
    planner.plan(awaited, alone.members);
    if (const std::optional<Instant> due = planner.take().next) {
      place.due = *due;
      place.next = next;
    }
    return place;
  }
  return std::nullopt;
}

std::vector<Chase::Together> Chase::places(const ChasePolicy& policy, const Directory& directory,
                                           const Tally& tally, const Asked& asked) const {
  std::vector<Together> all;
  Asked alike = asked;
  alike.further = nullptr;  // by which endpoint comes next changes nothing of when
  Planner planner(*this, policy, directory, tally, alike, Instant::min());  // as for one
  planner.note_in(all);
  for (AnswerKind awaited : awaited_of(alike)) {
    planner.plan(awaited, missing(tally, alike, awaited));
  }
  return all;
}

}  // namespace tuanyuan::core
