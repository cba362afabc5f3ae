#include "app/exercise_config.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "adapters/crypto/files.hpp"
#include "core/calendar.hpp"
#include "core/division.hpp"
#include "core/limits.hpp"
#include "core/report_validation.hpp"

namespace tuanyuan::app {
namespace {

constexpr std::int64_t every_days_max = 366;
constexpr std::int64_t day_of_month_max = 28;
constexpr std::size_t time_of_day_chars = 5;
constexpr std::int64_t minutes_max =
    std::chrono::duration_cast<std::chrono::minutes>(core::exercise_lasts_max).count();
/// Any time will do to see whether the report of a plan would be taken.
constexpr core::Instant some_time{};

bool is_name(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= core::exercise_name_chars_max &&
         std::all_of(text.begin(), text.end(), fits);
}

std::optional<int> two_digits(std::string_view text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end && number >= 0 ? std::optional(number) : std::nullopt;
}

/// "09:30"
std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
  if (text.size() != time_of_day_chars || text[2] != ':') {
    return std::nullopt;
  }
  const std::optional<int> hour = two_digits(text.substr(0, 2));
  const std::optional<int> minute = two_digits(text.substr(3));
  if (!hour || !minute || *hour > 23 || *minute > 59) {
    return std::nullopt;
  }
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute);
}

void read_schedule(TableReader& table, core::ExerciseSchedule& schedule) {
  table.number("every_days", 1, every_days_max,
               [&](std::int64_t days) { schedule.every_days = static_cast<std::uint32_t>(days); });
  table.number("day_of_month", 1, day_of_month_max,
               [&](std::int64_t day) { schedule.day_of_month = static_cast<std::uint32_t>(day); });
  if (table.has("every_days") && table.has("day_of_month")) {
    table.refuse("day_of_month", "cannot be given together with every_days");
  }
  std::string from;
  table.text("from", from);
  if (!from.empty()) {
    if (const auto day = core::parse_iso_date(from)) {
      schedule.from = std::chrono::sys_days(*day);
    } else {
      table.refuse("from", "must be a date, YYYY-MM-DD");
    }
  }
  std::string at = "10:00";
  table.text("at", at);
  if (const auto time = time_of_day(at)) {
    schedule.at = *time;
  } else {
    table.refuse("at", "must be a time of day, HH:MM, in Beijing time");
  }
}

void read_place(TableReader& table, core::ExercisePlan& plan) {
  std::string division;
  table.text("division", division);
  if (const auto code = core::parse_division(division)) {
    plan.division = *code;
  } else {
    table.refuse("division", "must be a GB/T 2260 code of 6 digits");
  }
  core::Position position;
  table.real("latitude", -90, 90, position.latitude);
  table.real("longitude", -180, 180, position.longitude);
  if (table.has("latitude") != table.has("longitude")) {
    table.refuse("longitude", "has to be given together with latitude");
  } else if (table.has("latitude")) {
    plan.position = position;
  }
  double radius_km = 0;
  table.real("radius_km", core::radius_km_min, core::radius_km_max, radius_km);
  if (table.has("radius_km")) {
    plan.radius_km = radius_km;
  }
  table.flag("everybody", plan.everybody);
  if (plan.everybody && plan.radius_km) {
    table.refuse("radius_km", "cannot be given together with everybody");
  }
}

void read_audiences(TableReader& table, core::ExercisePlan& plan, bool public_too) {
  if (!table.has("audiences")) {
    return;
  }
  plan.audiences = core::AudienceSet{core::Audience::police};
  table.texts("audiences", [&](const std::string& name) {
    const auto audience = core::parse_audience(name);
    if (audience) {
      plan.audiences->insert(*audience);
    }
    return audience.has_value();
  });
  if (plan.audiences->contains(core::Audience::public_) && !public_too) {
    table.refuse("audiences", "must not name PUBLIC unless release.exercises_reach_public");
  }
}

void read_times(TableReader& table, core::ExercisePlan& plan) {
  table.number("lasts_minutes", 1, minutes_max,
               [&](std::int64_t minutes) { plan.lasts = std::chrono::minutes(minutes); });
  table.number("lasts_seconds", 1, minutes_max * 60,
               [&](std::int64_t seconds) { plan.lasts = std::chrono::seconds(seconds); });
  table.number("begin_within_minutes", 1, minutes_max,
               [&](std::int64_t minutes) { plan.begin_within = std::chrono::minutes(minutes); });
}

ExerciseConfig read_exercise(TableReader& table, const Config& config) {
  ExerciseConfig exercise;
  core::ExercisePlan& plan = exercise.plan;
  table.text("name", plan.name);
  if (!is_name(plan.name)) {
    table.refuse("name", "must be 1 to 32 lower-case letters, digits and dashes");
  }
  for (const ExerciseConfig& other : config.exercises) {
    if (other.plan.name == plan.name) {
      table.refuse("name", "is that of another exercise");
    }
  }
  std::string approved_by;
  table.text("approved_by", approved_by);
  plan.approved_by = core::parse_actor(approved_by);
  if (!core::is_unit_code(plan.approved_by.unit) || plan.approved_by.officer.empty()) {
    table.refuse("approved_by", "must name the officer who answers for it: UNIT/NUMBER, the unit by 12 digits");
  }
  read_schedule(table, plan.schedule);
  read_place(table, plan);
  read_audiences(table, plan, config.release.exercises_reach_public);
  read_times(table, plan);
  table.flag("wake", plan.wake);
  table.text("contact_unit", plan.contact.unit);
  table.text("contact_phone", plan.contact.phone);
  table.text("photo", exercise.photo);
  const core::Result<core::Report> report =
      core::validate(core::to_draft(core::exercise_report(plan, some_time)), some_time);
  if (!report) {
    for (const core::FieldError& wrong : report.error().fields) {
      if (wrong.path == "contact.phone" || wrong.path == "contact.unit") {
        table.refuse(wrong.path == "contact.phone" ? "contact_phone" : "contact_unit",
                     "is not what a report may have: " + wrong.message.en);
      }
    }
  }
  return exercise;
}

std::string media_type_of(const std::string& data) {
  return data.starts_with("\x89PNG") ? "image/png" : "image/jpeg";
}

}  // namespace

void read_exercises(TableReader& root, Config& config) {
  root.tables("exercises", [&](TableReader& table) {
    ExerciseConfig exercise = read_exercise(table, config);
    config.exercises.push_back(std::move(exercise));
  });
}

std::vector<core::ExercisePlan> load_exercises(const std::vector<ExerciseConfig>& configured) {
  std::vector<core::ExercisePlan> plans;
  for (const ExerciseConfig& each : configured) {
    core::ExercisePlan plan = each.plan;
    if (!each.photo.empty()) {
      plan.photo.data = crypto::read_file(each.photo);
      plan.photo.media_type = media_type_of(plan.photo.data);
    }
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace tuanyuan::app
