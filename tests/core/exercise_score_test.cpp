#include "core/exercise_score.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

using std::chrono::seconds;

const Instant asked = from_epoch_ms(1'795'000'000'000);

TEST(ExerciseAnswer, IsJudgedByItsDeadline) {
  struct {
    const char* what;
    std::optional<int> after_s;
    int judged_after_s;
    Promptness promptness;
    std::optional<int> took_s;
  } const rows[] = {
      {"at once", 0, 600, Promptness::in_time, 0},
      {"at the deadline", 60, 600, Promptness::in_time, 60},
      {"after it", 61, 600, Promptness::late, 61},
      {"after the exercise, late", 700, 600, Promptness::late, 700},
      {"never", std::nullopt, 600, Promptness::missing, std::nullopt},
      {"never, at the deadline", std::nullopt, 60, Promptness::missing, std::nullopt},
      {"not yet", std::nullopt, 59, Promptness::open, std::nullopt},
      {"before it was asked: the clock was set back", -5, 600, Promptness::in_time, 0},
  };
  for (const auto& row : rows) {
    ExerciseQuestion question;
    question.asked_at = asked;
    question.due_at = asked + seconds(60);
    question.allowed = seconds(60);
    question.judged_at = asked + seconds(row.judged_after_s);
    if (row.after_s) {
      question.answered_at = asked + seconds(*row.after_s);
    }
    const ExerciseAnswer answer = judge(question);
    EXPECT_EQ(answer.promptness, row.promptness) << row.what;
    EXPECT_EQ(answer.took.has_value(), row.took_s.has_value()) << row.what;
    if (answer.took && row.took_s) {
      EXPECT_EQ(*answer.took, seconds(*row.took_s)) << row.what;
    }
    EXPECT_EQ(answer.allowed, seconds(60)) << row.what;
  }
}

TEST(ExerciseScore, AddsUpWhatCanBeJudged) {
  using enum Promptness;
  struct {
    const char* what;
    Promptness received, displayed, confirmed, removed;
    std::optional<std::uint32_t> points;
  } const rows[] = {
      {"all in time", in_time, in_time, in_time, in_time, 100},
      {"silent", missing, missing, missing, missing, 0},
      {"nothing to be judged yet", open, open, open, open, std::nullopt},
      {"only received", in_time, missing, missing, missing, 40},
      {"never taken down", in_time, in_time, in_time, missing, 80},
      {"confirmed late", in_time, in_time, late, in_time, 85},
      {"all late", late, late, late, late, 50},
      {"still running: received, the rest open", in_time, open, open, open, 100},
      {"still running: received late", late, open, open, open, 50},
      {"over before it had to be confirmed", in_time, open, open, in_time, 100},
      {"not taken down, the rest open but received", in_time, open, open, missing, 67},
      {"displayed alone missing", in_time, missing, in_time, in_time, 90},
  };
  for (const auto& row : rows) {
    ExerciseScore score;
    score.received.promptness = row.received;
    score.displayed.promptness = row.displayed;
    score.confirmed.promptness = row.confirmed;
    score.removed.promptness = row.removed;
    EXPECT_EQ(score.points(), row.points) << row.what;
  }
}

}  // namespace
}  // namespace tuanyuan::core
