#include "core/report_validation.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "core/calendar.hpp"
#include "core/exercise_mark.hpp"
#include "core/field_checks.hpp"
#include "core/limits.hpp"

namespace tuanyuan::core {
namespace {

using std::chrono::year_month_day;

constexpr std::chrono::minutes clock_skew_max{clock_skew_minutes_max};

constexpr TextRule number_rule{.chars_max = number_chars_max};
constexpr TextRule name_rule{.chars_max = name_chars_max, .identity_numbers_refused = true};
constexpr TextRule line_rule{.chars_max = short_text_chars_max, .identity_numbers_refused = true};
constexpr TextRule long_rule{.chars_max = long_text_chars_max, .lines = true, .identity_numbers_refused = true};
constexpr TextRule story_rule{
    .chars_max = circumstances_chars_max, .lines = true, .identity_numbers_refused = true};

struct FreeText {
  const char* path;
  std::string_view value;
  const TextRule& rule;
};

std::vector<FreeText> free_texts(const Report& report) {
  return {
      {"child.name", report.child.name, name_rule},
      {"child.appearance", report.child.appearance, long_rule},
      {"child.clothing", report.child.clothing, long_rule},
      {"child.marks", report.child.marks, long_rule},
      {"lastSeen.place", report.last_seen.place, line_rule},
      {"circumstances", report.circumstances, story_rule},
      {"suspect.description", report.suspect.description, long_rule},
      {"suspect.vehicle", report.suspect.vehicle, long_rule},
      {"suspect.plate", report.suspect.plate, line_rule},
      {"contact.unit", report.contact.unit, line_rule},
      {"leadOfficer", report.lead_officer, line_rule},
  };
}

void check_numbers(FieldChecks& checks, const ReportDraft& draft) {
  const Report& report = draft.report;
  checks.require(!is_blank(report.incident_number) || !is_blank(report.case_number), "incidentNumber");
  checks.text("incidentNumber", report.incident_number, number_rule);
  checks.text("caseNumber", report.case_number, number_rule);
  if (report.reporting_unit.empty()) {
    checks.require(false, "reportingUnit");
  } else if (!is_unit_code(report.reporting_unit)) {
    checks.refuse("reportingUnit", Text("须为十二位公安机关机构代码（GA 380）",
                                        "has to be a GA 380 police unit code of 12 digits"));
  }
  checks.require(draft.has_exercise, "exercise");
}

/// What is no number is in no range either.
bool is_size(double size, double largest) {
  return size > 0 && size <= largest;
}

void check_sizes(FieldChecks& checks, const Child& child) {
  if (child.height_cm && !is_size(*child.height_cm, child_height_cm_max)) {
    checks.refuse("child.heightCm",
                  Text("须大于 0 且不超过 250 厘米", "has to be more than 0 and at most 250 centimetres"));
  }
  if (child.weight_kg && !is_size(*child.weight_kg, child_weight_kg_max)) {
    checks.refuse("child.weightKg",
                  Text("须大于 0 且不超过 300 千克", "has to be more than 0 and at most 300 kilograms"));
  }
}

Text not_a_child() {
  return {"最后被看见时须未满十八周岁（未成年人保护法第二条）", "has to be under 18 years when last seen"};
}

// The years by the date of birth; none where they cannot be told.
std::optional<int> check_birth_date(FieldChecks& checks, const ReportDraft& draft) {
  const std::optional<year_month_day>& birth = draft.report.child.birth_date;
  if (!birth) {
    checks.refuse("child.birthDate", Text("须为存在的日期，写作 YYYY-MM-DD", "has to be a real date, YYYY-MM-DD"));
    return std::nullopt;
  }
  if (!draft.has_last_seen_time) {
    return std::nullopt;
  }
  const year_month_day last_seen_on = beijing_time(draft.report.last_seen.time).date;
  if (*birth > last_seen_on) {
    checks.refuse("child.birthDate", Text("不得晚于最后被看见的时间", "may not be after the time last seen"));
    return std::nullopt;
  }
  const int years = completed_years(*birth, last_seen_on);
  if (years > static_cast<int>(child_age_years_max)) {
    checks.refuse("child.birthDate", not_a_child());
  }
  return years;
}

void check_age(FieldChecks& checks, const ReportDraft& draft) {
  const bool has_birth_date = !draft.birth_date.empty();
  const std::optional<std::uint32_t>& age = draft.report.child.age_years;
  checks.require(has_birth_date || age, "child.birthDate");
  const std::optional<int> years = has_birth_date ? check_birth_date(checks, draft) : std::nullopt;
  if (!age) {
    return;
  }
  if (*age > child_age_years_max) {
    checks.refuse("child.ageYears", not_a_child());
  } else if (years && std::abs(*years - static_cast<int>(*age)) > 1) {
    checks.refuse("child.ageYears",
                  Text("与出生日期相差超过一岁", "differs from the date of birth by more than a year"));
  }
}

void check_times(FieldChecks& checks, const ReportDraft& draft, Instant now) {
  const Text in_the_future("不得晚于现在（允许五分钟时钟误差）",
                           "may not be in the future (5 minutes of clock skew are allowed)");
  const LastSeen& last_seen = draft.report.last_seen;
  checks.require(draft.has_last_seen_time, "lastSeen.time");
  if (draft.has_last_seen_time && last_seen.time > now + clock_skew_max) {
    checks.refuse("lastSeen.time", in_the_future);
  }
  if (!last_seen.time_latest) {
    return;
  }
  if (*last_seen.time_latest > now + clock_skew_max) {
    checks.refuse("lastSeen.timeLatest", in_the_future);
  } else if (draft.has_last_seen_time && *last_seen.time_latest < last_seen.time) {
    checks.refuse("lastSeen.timeLatest", Text("不得早于 lastSeen.time", "may not be before lastSeen.time"));
  }
}

void check_place(FieldChecks& checks, const ReportDraft& draft) {
  if (draft.division.empty()) {
    checks.require(false, "lastSeen.division");
  } else if (!draft.report.last_seen.division) {
    checks.refuse("lastSeen.division",
                  Text("须为六位行政区划代码（GB/T 2260）", "has to be a GB/T 2260 division code of 6 digits"));
  }
  if (!draft.report.last_seen.position) {
    return;
  }
  checks.position("lastSeen.position", *draft.report.last_seen.position);
  if (!draft.has_crs) {
    checks.refuse("lastSeen.position.crs", Text("须注明坐标系：WGS84、CGCS2000、GCJ02 或 BD09",
                                                "has to be WGS84, CGCS2000, GCJ02 or BD09"));
  }
}

// A drill entered as the real thing would go out as one: the mark in its texts gives it away (promise 5).
void check_not_a_drill(FieldChecks& checks, const ReportDraft& draft, const FreeText& text) {
  if (draft.has_exercise && !draft.report.exercise && holds_exercise_mark(text.value)) {
    checks.refuse(text.path,
                  Text("文字标明演练，而报告不是演练", "is marked as an exercise, but the report is not one"));
  }
}

void check_texts(FieldChecks& checks, const ReportDraft& draft) {
  for (const FreeText& text : free_texts(draft.report)) {
    checks.text(text.path, text.value, text.rule);
    check_not_a_drill(checks, draft, text);
  }
}

void check_enums(FieldChecks& checks, const ReportDraft& draft) {
  for (const std::string& path : draft.unknown_enums) {
    checks.refuse(path, Text("不是已知的取值", "is not a known value"));
  }
}

}  // namespace

Result<Report> validate(ReportDraft draft, Instant now) {
  draft.report.child.birth_date = parse_iso_date(draft.birth_date);
  draft.report.last_seen.division = parse_division(draft.division).value_or(Division{});
  FieldChecks checks;
  check_numbers(checks, draft);
  check_age(checks, draft);
  check_sizes(checks, draft.report.child);
  checks.photo("child.photo", draft.report.photo);
  check_times(checks, draft, now);
  check_place(checks, draft);
  checks.phone("contact.phone", draft.report.contact.phone, true);
  check_texts(checks, draft);
  check_enums(checks, draft);
  if (!checks.empty()) {
    return Refusal(checks.take());
  }
  return std::move(draft.report);
}

Result<Report> validate(Report merged, Instant now) {
  return validate(to_draft(std::move(merged)), now);
}

ReportDraft to_draft(Report report) {
  ReportDraft draft;
  draft.has_exercise = true;
  draft.has_last_seen_time = true;
  draft.has_age = report.child.age_years.has_value();
  draft.division = to_string(report.last_seen.division);
  if (const auto& birth = report.child.birth_date) {
    draft.birth_date = iso_date(*birth);
  }
  draft.report = std::move(report);
  return draft;
}

std::optional<std::uint32_t> age_when_last_seen(const Report& report) {
  if (!report.child.birth_date) {
    return report.child.age_years;
  }
  const int years = completed_years(*report.child.birth_date, beijing_time(report.last_seen.time).date);
  return static_cast<std::uint32_t>(std::max(years, 0));
}

std::vector<std::string> helpful_but_missing(const Report& report, bool has_photo) {
  const std::pair<const char*, bool> wishes[] = {
      {"child.name", report.child.name.empty()},          {"child.sex", report.child.sex == Sex::unknown},
      {"child.heightCm", !report.child.height_cm},        {"child.appearance", report.child.appearance.empty()},
      {"child.clothing", report.child.clothing.empty()},  {"child.photo", !has_photo},
      {"lastSeen.place", report.last_seen.place.empty()}, {"lastSeen.position", !report.last_seen.position},
      {"circumstances", report.circumstances.empty()},    {"leadOfficer", report.lead_officer.empty()},
  };
  std::vector<std::string> missing;
  for (const auto& [path, is_missing] : wishes) {
    if (is_missing) {
      missing.emplace_back(path);
    }
  }
  return missing;
}

}  // namespace tuanyuan::core
