#pragma once

#include <string>

#include "core/report.hpp"
#include "core/report_validation.hpp"

// An invented report for the tests of the rules: every field is given, and each police-only value is a
// text that occurs nowhere else.
namespace tuanyuan::core::sample {

using namespace std::chrono_literals;

// 2026-05-20 15:20 in Beijing.
inline const Instant seen_at = std::chrono::sys_days(2026y / 5 / 20) + 7h + 20min;
inline const Instant reported_at = seen_at + 40min;

inline Report sample_report() {
  Report report;
  report.incident_number = "J2101022026052000017";
  report.case_number = "A2101020000002026050003";
  report.reporting_unit = "210102120000";
  report.exercise = false;
  report.child = {.name = "小禾",
                  .sex = Sex::female,
                  .birth_date = 2018y / 3 / 9,
                  .age_years = std::nullopt,
                  .height_cm = 126,
                  .weight_kg = 24,
                  .appearance = "圆脸，齐耳短发",
                  .clothing = "黄色雨衣，蓝色书包",
                  .marks = "左眉上有一颗痣"};
  report.photo = {"image/jpeg", "\xFF\xD8\xFF"};
  report.last_seen = {.time = seen_at,
                      .time_latest = seen_at + 15min,
                      .place = "中街步行街东口",
                      .division = Division{210103},
                      .position = Position{41.801234, 123.467891},
                      .crs = Crs::gcj02};
  report.circumstances = "放学后独自离开，未按时到家";
  report.abduction_suspected = true;
  report.suspect = {"四十岁左右男子，戴灰色帽子", "白色面包车", "辽A7K9Q2"};
  report.contact = {"沈河区值班室", "024-22720110"};
  report.lead_officer = "警号 021533";
  return report;
}

inline ReportDraft sample_draft() {
  return to_draft(sample_report());
}

}  // namespace tuanyuan::core::sample
