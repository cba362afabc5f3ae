#include "core/exercise_score.hpp"

#include <algorithm>
#include <utility>

#include "core/names.hpp"

namespace tuanyuan::core {
namespace {

constexpr Names<Promptness, 4> promptness_names{{"OPEN", "IN_TIME", "LATE", "MISSING"}};
constexpr std::uint32_t score_max = 100;

static_assert(received_points + displayed_points + confirmed_points + removed_points == score_max);

}  // namespace

std::string_view to_string(Promptness promptness) {
  return promptness_names[promptness];
}

ExerciseAnswer judge(const ExerciseQuestion& question) {
  ExerciseAnswer answer;
  answer.allowed = question.allowed;
  if (question.answered_at) {
    // A clock that was set back in between makes no answer quicker than at once.
    answer.took = std::max(*question.answered_at - question.asked_at, Duration(0));
    answer.promptness = *question.answered_at <= question.due_at ? Promptness::in_time : Promptness::late;
  } else if (question.judged_at >= question.due_at) {
    answer.promptness = Promptness::missing;
  }
  return answer;
}

std::optional<std::uint32_t> ExerciseScore::points() const {
  const std::pair<const ExerciseAnswer*, std::uint32_t> parts[] = {{&received, received_points},
                                                                   {&displayed, displayed_points},
                                                                   {&confirmed, confirmed_points},
                                                                   {&removed, removed_points}};
  std::uint32_t possible = 0;
  std::uint32_t halves = 0;
  for (const auto& [answer, worth] : parts) {
    possible += answer->promptness == Promptness::open ? 0 : worth;
    halves += answer->promptness == Promptness::in_time ? 2 * worth : 0;
    halves += answer->promptness == Promptness::late ? worth : 0;
  }
  if (possible == 0) {
    return std::nullopt;
  }
  return (halves * score_max + possible) / (2 * possible);  // rounded half up
}

}  // namespace tuanyuan::core
