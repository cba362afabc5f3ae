#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/answer.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

/// How one answer came: in its time, after it, or not at all. `open`: its time is not over, or the exercise was
/// over before it; then it is not judged.
enum class Promptness : std::uint8_t { open, in_time, late, missing };
std::string_view to_string(Promptness promptness);

/// One answer that was asked for.
struct ExerciseQuestion {
  Instant asked_at;
  Instant due_at;                      ///< in the recipient's own hours (core/chase)
  Duration allowed{0};                 ///< what its category is allowed
  std::optional<Instant> answered_at;  ///< the first, by the ledger's clock
  Instant judged_at;                   ///< now, or when the question was taken back
};

struct ExerciseAnswer {
  Promptness promptness = Promptness::open;
  std::optional<Duration> took;
  Duration allowed{0};
};
ExerciseAnswer judge(const ExerciseQuestion& question);

/// What each answer is worth. RECEIVED weighs most, because without it nothing else can come; the sum is 100.
inline constexpr std::uint32_t received_points = 40;
inline constexpr std::uint32_t displayed_points = 10;
inline constexpr std::uint32_t confirmed_points = 30;
inline constexpr std::uint32_t removed_points = 20;

/// How one recipient did in one exercise.
struct ExerciseScore {
  ExerciseAnswer received;
  ExerciseAnswer displayed;
  ExerciseAnswer confirmed;
  ExerciseAnswer removed;

  /// 0 to 100: an answer in time earns its points, a late one half of them, a missing one none; an open one is
  /// left out of both sides. None where nothing can be judged yet.
  std::optional<std::uint32_t> points() const;
};

}  // namespace tuanyuan::core
