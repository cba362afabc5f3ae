#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/entry.hpp"
#include "core/geo.hpp"
#include "core/report.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

/// When an exercise falls due, in Beijing time: every so many days, or on a day of every month, or never by
/// itself (neither is given).
struct ExerciseSchedule {
  std::uint32_t every_days = 0;
  std::chrono::sys_days from = monday;  ///< one of those days; none before it
  std::uint32_t day_of_month = 0;       ///< 1 to 28, so that every month has it
  std::chrono::minutes at{0};           ///< after midnight

  /// A Monday long ago: every seven days, where no first day is given, is every Monday.
  static constexpr std::chrono::sys_days monday{std::chrono::days(4)};

  friend bool operator==(const ExerciseSchedule&, const ExerciseSchedule&) = default;
};

/// The latest time it fell due, not after `now`.
std::optional<Instant> latest_due(const ExerciseSchedule& schedule, Instant now);

inline constexpr std::size_t exercise_name_chars_max = 32;
inline constexpr Duration exercise_lasts_max = std::chrono::hours(24);
inline constexpr Duration exercise_begin_within_max = std::chrono::hours(24);

/// An exercise as it was planned and approved.
struct ExercisePlan {
  std::string name;   ///< lower-case letters, digits and dashes
  Actor approved_by;  ///< the officer who answers for it; its unit is the one that notices name
  ExerciseSchedule schedule;
  Division division;
  std::optional<Position> position;  ///< WGS-84; none: the middle of the division's recipients
  std::optional<double> radius_km;   ///< none: as of a report that has just come in
  bool everybody = false;            ///< as far as the farthest recipient, instead of a radius
  std::optional<AudienceSet> audiences;
  bool wake = false;
  Duration lasts = std::chrono::minutes(30);  ///< from its release
  /// How long after its time it may still begin: after a stop, or because it was put off.
  Duration begin_within = std::chrono::minutes(60);
  Contact contact;
  Photo photo;
};

/// The time for which this exercise is to be begun now; none: nothing is due. What a stop or a live alert has
/// overtaken is not made up for: only the latest time counts, and that no longer than `begin_within`. `begun`: the
/// times for which it was ever begun, in any order; by these it begins once for each, whatever the clock did.
std::optional<Instant> due_exercise(const ExercisePlan& plan, const std::vector<Instant>& begun, Instant now);

/// The report of an exercise: an invented child, whose every word says so.
Report exercise_report(const ExercisePlan& plan, Instant due_at);

}  // namespace tuanyuan::core
