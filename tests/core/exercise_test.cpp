#include "core/exercise.hpp"

#include <gtest/gtest.h>
#include "core/calendar.hpp"
#include "core/report_validation.hpp"

namespace tuanyuan::core {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// "2026-11-22" and a time of day in Beijing.
Instant beijing(const std::string& date, int hour, int minute) {
  return Instant(std::chrono::sys_days(*parse_iso_date(date))) + hours(hour) + minutes(minute) - hours(8);
}

ExerciseSchedule every(std::uint32_t days, const std::string& from = "1970-01-05") {
  ExerciseSchedule schedule;
  schedule.every_days = days;
  schedule.from = std::chrono::sys_days(*parse_iso_date(from));
  schedule.at = hours(9) + minutes(30);
  return schedule;
}

ExerciseSchedule monthly(std::uint32_t day) {
  ExerciseSchedule schedule;
  schedule.day_of_month = day;
  schedule.at = hours(9) + minutes(30);
  return schedule;
}

TEST(ExerciseSchedule, LatestTimeIsTheLastOneNotAfterNow) {
  struct {
    const char* what;
    ExerciseSchedule schedule;
    Instant now;
    std::optional<Instant> due;
  } const rows[] = {
      {"every day, before its hour", every(1), beijing("2026-11-22", 9, 29), beijing("2026-11-21", 9, 30)},
      {"every day, at its minute", every(1), beijing("2026-11-22", 9, 30), beijing("2026-11-22", 9, 30)},
      {"every week is every Monday", every(7), beijing("2026-11-22", 12, 0), beijing("2026-11-16", 9, 30)},
      {"every week from a Wednesday", every(7, "2026-11-04"), beijing("2026-11-22", 12, 0),
       beijing("2026-11-18", 9, 30)},
      {"every ten days over the end of a month", every(10, "2026-10-25"), beijing("2026-11-22", 0, 0),
       beijing("2026-11-14", 9, 30)},
      {"before its first day", every(7, "2026-11-23"), beijing("2026-11-23", 9, 29), std::nullopt},
      {"its first day", every(7, "2026-11-23"), beijing("2026-11-23", 9, 30), beijing("2026-11-23", 9, 30)},
      {"every month, before its day", monthly(25), beijing("2026-11-22", 0, 0), beijing("2026-10-25", 9, 30)},
      {"every month, after it", monthly(1), beijing("2026-11-22", 0, 0), beijing("2026-11-01", 9, 30)},
      {"every month, over the year's end", monthly(28), beijing("2027-01-05", 0, 0), beijing("2026-12-28", 9, 30)},
      {"the day is Beijing's, not Greenwich's", monthly(1), beijing("2026-12-01", 9, 30),
       beijing("2026-12-01", 9, 30)},
      {"by hand only", ExerciseSchedule(), beijing("2026-11-22", 0, 0), std::nullopt},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(latest_due(row.schedule, row.now), row.due) << row.what;
  }
}

TEST(ExerciseSchedule, MonthlyDoesNotReachBeforeItsFirstDay) {
  ExerciseSchedule schedule = monthly(15);
  schedule.from = std::chrono::sys_days(*parse_iso_date("2026-11-20"));
  EXPECT_EQ(latest_due(schedule, beijing("2026-11-22", 0, 0)), std::nullopt);
  EXPECT_EQ(latest_due(schedule, beijing("2026-12-15", 10, 0)), beijing("2026-12-15", 9, 30));
}

TEST(DueExercise, BeginsOnceForEachTimeAndNotTooLate) {
  const Instant due = beijing("2026-11-22", 9, 30);
  ExercisePlan plan;
  plan.schedule = every(1);
  plan.begin_within = minutes(60);
  struct {
    const char* what;
    Instant now;
    std::vector<Instant> begun;
    bool begins;
  } const rows[] = {
      {"at its time", due, {}, true},
      {"an hour late", due + minutes(60), {}, true},
      {"later than that", due + minutes(60) + Duration(1), {}, false},
      {"begun for this time", due + minutes(5), {due}, false},
      {"begun for the day before", due + minutes(5), {due - hours(24)}, true},
      {"begun by hand since", due + minutes(30), {due + minutes(10)}, false},
      {"begun by hand before", due + minutes(1), {due - minutes(10)}, true},
      {"the clock was set back after it", due + minutes(1), {due, due + hours(24)}, false},
      {"the clock had run ahead by a year", due + minutes(1), {due + hours(24 * 365)}, true},
      {"a stop of a month begins one, not thirty", due + minutes(1), {due - hours(24 * 30)}, true},
  };
  for (const auto& row : rows) {
    const std::optional<Instant> expected = row.begins ? std::optional(due) : std::nullopt;
    EXPECT_EQ(due_exercise(plan, row.begun, row.now), expected) << row.what;
  }
}

TEST(ExerciseReport, IsAnExerciseAndTaken) {
  ExercisePlan plan;
  plan.name = "monthly";
  plan.approved_by = {"210102000000", "021533"};
  plan.division = Division{210102};
  plan.contact.phone = "110";
  const Instant due = beijing("2026-11-22", 9, 30);
  const Report report = exercise_report(plan, due);
  EXPECT_TRUE(report.exercise);
  EXPECT_EQ(report.incident_number, "EX-monthly-202611220930");
  EXPECT_EQ(report.last_seen.time, due);
  EXPECT_TRUE(validate(to_draft(report), due));
}

}  // namespace
}  // namespace tuanyuan::core
