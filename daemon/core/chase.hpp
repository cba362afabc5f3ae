#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/answer.hpp"
#include "core/chase_step.hpp"
#include "core/directory.hpp"
#include "core/recipient_set.hpp"
#include "core/tally.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

/// How long a recipient may take over an answer.
struct AnswerTimes {
  Duration received = std::chrono::minutes(2);
  Duration confirmed = std::chrono::minutes(10);
  Duration removed = std::chrono::minutes(5);

  friend bool operator==(const AnswerTimes&, const AnswerTimes&) = default;
};

/// A deployment's deadlines: by category, since a child is carried through a station within minutes and a
/// school's doorkeeper makes his round by the hour; and by audience, since a police post is manned where a shop of
/// the same kind may be closed.
struct ChasePolicy {
  ChasePolicy();
  static constexpr Duration recall_again_max = std::chrono::hours(24);

  std::array<std::array<AnswerTimes, category_count>, audience_count> times;  ///< by Audience and Category
  Duration between_steps = std::chrono::minutes(3);
  /// After the late list a recall is said again: first after so long, then after as long as it has been silent
  /// by then, but each day at least.
  Duration recall_again = std::chrono::hours(1);

  const AnswerTimes& of(Audience audience, Category category) const {
    return times[static_cast<std::size_t>(audience)][static_cast<std::size_t>(category)];
  }
  AnswerTimes& of(Audience audience, Category category) {
    return times[static_cast<std::size_t>(audience)][static_cast<std::size_t>(category)];
  }
  friend bool operator==(const ChasePolicy&, const ChasePolicy&) = default;
};

/// The chase of one alert: who was expected since when, and what was done about whom. Times are wall-clock
/// time. A new revision is a new beginning for everybody it is for.
class Chase {
 public:
  /// These are expected since then.
  void expect(const RecipientSet& recipients, Instant at);

  /// A step that was taken about these.
  struct Taken {
    std::uint32_t revision = 0;
    AnswerKind awaited = AnswerKind::received;
    ChaseStep step = ChaseStep::direct;
    Instant at;
    /// From when the time until the next one runs: later than `at` where it was taken before they were due.
    Instant counts_from;
    RecipientSet recipients;
  };
  void took(const Taken& taken);

  /// These are chased for it no more.
  void settle(std::uint32_t revision, AnswerKind awaited, const RecipientSet& settled);
  /// Who was ever followed up for CONFIRMED of what its audience is asked now: its time for that is over.
  RecipientSet reminded(const Directory& directory, const Standings& standings) const;

  /// What one audience is asked now, and since when.
  struct Asked {
    RecipientSet members;        ///< expected recipients of the audience
    std::uint32_t revision = 0;  ///< of the content, or of the recall
    bool taken_down = false;     ///< REMOVED is awaited of them; else RECEIVED, then CONFIRMED
    Instant since;               ///< when this revision began
    bool wake = false;           ///< deadlines run outside the recipients' hours too
    /// Then nothing is retained any more that a recipient could hear again, and what it shows has run out.
    Instant until = Instant::max();
    /// Of these, who took so many direct steps, those who have a further endpoint to be told by; empty: nobody
    /// has.
    std::function<RecipientSet(const RecipientSet& recipients, std::uint32_t taken)> further;
  };

  /// A step that is due for these.
  struct Order {
    std::uint32_t revision = 0;
    AnswerKind awaited = AnswerKind::received;
    ChaseStep step = ChaseStep::direct;
    RecipientSet recipients;
    Instant since;  ///< when the first of them came to be due
  };
  /// Every silent recipient is in exactly one of the first three; but of a recall those who are late are told
  /// again, and so are due or wait as well.
  struct Plan {
    std::vector<Order> due;
    RecipientSet waiting;         ///< within their time, or their next step is still to come
    RecipientSet late;            ///< they stand on the late list
    std::optional<Instant> next;  ///< when something will be due, if nobody answers
  };
  /// What has to be done now. Who has answered, or is outside its hours, is in no order.
  Plan plan(const ChasePolicy& policy, const Directory& directory, const Tally& tally, const Asked& asked,
            Instant now) const;

  /// Where one silent recipient stands: which answer is missing, the last step that was taken, and when the next
  /// one is due; none after the last.
  struct Place {
    AnswerKind awaited = AnswerKind::received;
    std::optional<ChaseStep> taken;
    std::optional<ChaseStep> next;
    Instant due;  ///< where none comes: when the last one was taken
  };
  std::optional<Place> place(const ChasePolicy& policy, const Directory& directory, const Tally& tally,
                             const Asked& asked, Ordinal recipient) const;
  /// Those who took the same step last, and for whom what follows is due at the same time; `due` as in Place.
  struct Together {
    std::optional<ChaseStep> taken;
    Instant due;
    RecipientSet recipients;
  };
  /// Where all of them stand who are silent: set algebra, at the cost of one plan, however many there are. Of
  /// several who are unable the first to say so counts for all.
  std::vector<Together> places(const ChasePolicy& policy, const Directory& directory, const Tally& tally,
                               const Asked& asked) const;
  /// How often the notice went to it alone for this answer, each time by another of its endpoints.
  std::uint32_t direct_steps(std::uint32_t revision, AnswerKind awaited, Ordinal recipient) const;

 private:
  struct Cohort {
    Instant at;
    RecipientSet members;
  };
  /// Those who took a step together, and none since.
  struct Group {
    ChaseStep step = ChaseStep::direct;
    Instant at;
    Instant counts_from;
    RecipientSet recipients;
    std::uint32_t direct_steps = 0;  ///< that they have taken
  };
  /// What was done for one answer of one revision. Its size is that of the silent, not of what was ever done.
  struct Pursuit {
    RecipientSet touched;       ///< who took any step
    RecipientSet late;          ///< who ever came to be late
    std::vector<Group> groups;  ///< by the step they took last
  };
  using Pursued = std::pair<std::uint32_t, AnswerKind>;
  class Planner;

  const Pursuit& pursuit(std::uint32_t revision, AnswerKind awaited) const;
  static RecipientSet walking_on(const Group& group, const Asked& asked, const RecipientSet& of);

  std::vector<Cohort> cohorts_;
  std::map<Pursued, Pursuit> pursuits_;
};

/// When an answer is due that is asked for at `from`: the time allowed begins to run when somebody is there, and
/// ends when somebody is. `hours` null: always there.
Instant answer_deadline(const OpeningHours* hours, bool wake, Instant from, Duration allowed);

/// Which answer is missing, of whom: the first one that is. Who is UNABLE still owes it: its next step comes at
/// once, because the reason given (no staff, broken equipment) is one why somebody else has to be reached. Only
/// NOT_CONCERNED ends it: a person there has read it.
RecipientSet missing(const Tally& tally, const Chase::Asked& asked, AnswerKind awaited);

}  // namespace tuanyuan::core
