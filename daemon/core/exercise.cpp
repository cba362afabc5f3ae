#include "core/exercise.hpp"

#include <algorithm>
#include <cstdio>

#include "core/calendar.hpp"

namespace tuanyuan::core {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::chrono::hours beijing_offset{8};
constexpr std::uint32_t invented_age_years = 8;

Instant moment(sys_days day, std::chrono::minutes at) {
  return Instant(day) + at - beijing_offset;
}

std::optional<Instant> monthly(const ExerciseSchedule& schedule, Instant now) {
  const std::chrono::year_month_day today = beijing_time(now).date;
  const auto in_month = [&schedule](std::chrono::year_month month) {
    return moment(sys_days(month / std::chrono::day(schedule.day_of_month)), schedule.at);
  };
  const std::chrono::year_month month = today.year() / today.month();
  const Instant this_month = in_month(month);
  return this_month <= now ? this_month : in_month(month - std::chrono::months(1));
}

std::optional<Instant> every_so_many_days(const ExerciseSchedule& schedule, Instant now) {
  const Instant first = moment(schedule.from, schedule.at);
  if (now < first) {
    return std::nullopt;
  }
  const days period(schedule.every_days);
  return first + (now - first) / period * period;
}

/// "EX-monthly-202611220930", in Beijing time.
std::string number_of(const std::string& name, Instant due_at) {
  const BeijingTime local = beijing_time(due_at);
  std::string date = iso_date(local.date);
  std::erase(date, '-');
  char time[8];
  std::snprintf(time, sizeof time, "%02d%02d", local.hour, local.minute);
  return "EX-" + name + "-" + date + time;
}

}  // namespace

std::optional<Instant> latest_due(const ExerciseSchedule& schedule, Instant now) {
  std::optional<Instant> due;
  if (schedule.every_days != 0) {
    due = every_so_many_days(schedule, now);
  } else if (schedule.day_of_month != 0) {
    due = monthly(schedule, now);
  }
  return due && *due >= moment(schedule.from, schedule.at) ? due : std::nullopt;
}

std::optional<Instant> due_exercise(const ExercisePlan& plan, const std::vector<Instant>& begun, Instant now) {
  const std::optional<Instant> due = latest_due(plan.schedule, now);
  if (!due || now - *due > plan.begin_within) {
    return std::nullopt;
  }
  // One that was begun by hand since then stands for it. One in the future was begun by a clock that was wrong.
  const bool done =
      std::any_of(begun.begin(), begun.end(), [&](Instant at) { return at == *due || (at > *due && at <= now); });
  return done ? std::nullopt : due;
}

Report exercise_report(const ExercisePlan& plan, Instant due_at) {
  Report report;
  report.incident_number = number_of(plan.name, due_at);
  report.reporting_unit = plan.approved_by.unit;
  report.exercise = true;
  report.child.name = "演练样例（虚构）";
  report.child.age_years = invented_age_years;
  report.child.clothing = "演练：红色上衣、蓝色长裤（虚构）";
  report.photo = plan.photo;
  report.last_seen.time = due_at;
  report.last_seen.place = "演练地点（虚构）";
  report.last_seen.division = plan.division;
  report.last_seen.position = plan.position;
  report.circumstances = "定期演练，无儿童走失。请按流程接收、显示、确认，结束后撤下。";
  report.contact = plan.contact;
  return report;
}

}  // namespace tuanyuan::core
