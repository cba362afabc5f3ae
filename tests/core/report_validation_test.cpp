#include "core/report_validation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "core/exercise_mark.hpp"
#include "core/limits.hpp"
#include "core/sample_report.hpp"

namespace tuanyuan::core {
namespace {

using sample::reported_at;
using sample::sample_draft;
using sample::sample_report;
using sample::seen_at;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using namespace std::chrono_literals;

using Change = std::function<void(ReportDraft&)>;

constexpr const char* identity_number = "11010519491231002X";  // the specimen of GB 11643

std::vector<std::string> refused_paths(const Change& change, Instant now = reported_at) {
  ReportDraft draft = sample_draft();
  change(draft);
  const Result<Report> result = validate(std::move(draft), now);
  std::vector<std::string> paths;
  if (result.has_error()) {
    for (const FieldError& field : result.error().fields) {
      paths.push_back(field.path);
    }
  }
  return paths;
}

TEST(Report, CompleteThenAcceptedUnchanged) {
  const Result<Report> result = validate(sample_draft(), reported_at);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result.value(), sample_report());
}

TEST(Report, OnlyWhatIsRequiredThenAccepted) {
  ReportDraft draft;
  draft.report.incident_number = "17";
  draft.report.reporting_unit = "210102120000";
  draft.report.contact.phone = "110";
  draft.report.last_seen.time = seen_at;
  draft.report.child.age_years = 0;
  draft.has_age = draft.has_exercise = draft.has_last_seen_time = true;
  draft.division = "210103";
  const Result<Report> result = validate(draft, reported_at);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result.value().last_seen.division.code, 210103U);
}

TEST(Report, EmptyThenEverythingRequiredIsNamedAtOnce) {
  const Result<Report> result = validate(ReportDraft{}, reported_at);
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, Errc::invalid);
  std::vector<std::string> paths;
  for (const FieldError& field : result.error().fields) {
    paths.push_back(field.path);
    EXPECT_FALSE(field.message.zh.empty());
    EXPECT_FALSE(field.message.en.empty());
  }
  EXPECT_THAT(paths, ElementsAre("incidentNumber", "reportingUnit", "exercise", "child.birthDate", "lastSeen.time",
                                 "lastSeen.division", "contact.phone"));
}

struct Row {
  const char* rule;
  Change change;
  std::vector<std::string> paths;
};

void expect(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(refused_paths(row.change), row.paths) << row.rule;
  }
}

TEST(ReportNumbers, EitherNumberThenEnough) {
  expect({
      {"no incident number", [](auto& d) { d.report.incident_number.clear(); }, {}},
      {"no case number", [](auto& d) { d.report.case_number.clear(); }, {}},
      {"blank both",
       [](auto& d) {
         d.report.incident_number = " ";
         d.report.case_number = "\t";
       },
       {"incidentNumber"}},
      {"too long", [](auto& d) { d.report.case_number.assign(number_chars_max + 1, '7'); }, {"caseNumber"}},
      {"short unit", [](auto& d) { d.report.reporting_unit = "21010212000"; }, {"reportingUnit"}},
      {"unit with letters", [](auto& d) { d.report.reporting_unit = "21010212000A"; }, {"reportingUnit"}},
      {"exercise not said", [](auto& d) { d.has_exercise = false; }, {"exercise"}},
  });
}

TEST(ReportAge, DateOfBirthThenUnderEighteenOnTheDayLastSeen) {
  expect({
      {"turns 18 the day after", [](auto& d) { d.birth_date = "2008-05-21"; }, {}},
      {"turns 18 that day", [](auto& d) { d.birth_date = "2008-05-20"; }, {"child.birthDate"}},
      {"long grown up", [](auto& d) { d.birth_date = "1980-01-01"; }, {"child.birthDate"}},
      {"born that day", [](auto& d) { d.birth_date = "2026-05-20"; }, {}},
      {"born the day after", [](auto& d) { d.birth_date = "2026-05-21"; }, {"child.birthDate"}},
      {"no such day", [](auto& d) { d.birth_date = "2018-02-30"; }, {"child.birthDate"}},
      {"written otherwise", [](auto& d) { d.birth_date = "2018/03/09"; }, {"child.birthDate"}},
  });
}

TEST(ReportAge, LastSeenLateInTheEveningThenTheDayIsBeijings) {
  // 00:30 of 21 May in Beijing is still 20 May in UTC.
  const auto late = [](ReportDraft& draft, const char* birth_date) {
    draft.report.last_seen.time = std::chrono::sys_days(2026y / 5 / 20) + 16h + 30min;
    draft.report.last_seen.time_latest.reset();
    draft.birth_date = birth_date;
  };
  const Instant now = std::chrono::sys_days(2026y / 5 / 20) + 17h;
  EXPECT_THAT(refused_paths([&](auto& d) { late(d, "2008-05-21"); }, now), ElementsAre("child.birthDate"));
  EXPECT_THAT(refused_paths([&](auto& d) { late(d, "2008-05-22"); }, now), IsEmpty());
}

TEST(ReportAge, AgeInYearsThenUnderEighteenAndInLineWithTheDate) {
  const auto only_age = [](std::uint32_t age) {
    return [age](ReportDraft& draft) {
      draft.birth_date.clear();
      draft.report.child.age_years = age;
    };
  };
  const auto both = [](std::uint32_t age) {
    return [age](ReportDraft& draft) { draft.report.child.age_years = age; };
  };
  expect({
      {"0 alone", only_age(0), {}},
      {"17 alone", only_age(17), {}},
      {"18 alone", only_age(18), {"child.ageYears"}},
      {"4294967295 alone", only_age(4'294'967'295U), {"child.ageYears"}},
      {"8 beside a date that makes 8", both(8), {}},
      {"7 beside 8", both(7), {}},
      {"9 beside 8", both(9), {}},
      {"6 beside 8", both(6), {"child.ageYears"}},
      {"10 beside 8", both(10), {"child.ageYears"}},
      {"neither", [](auto& d) { d.birth_date.clear(); }, {"child.birthDate"}},
  });
}

TEST(ReportChild, SizesThenInRange) {
  expect({
      {"no height, no weight",
       [](auto& d) {
         d.report.child.height_cm.reset();
         d.report.child.weight_kg.reset();
       },
       {}},
      {"height 0", [](auto& d) { d.report.child.height_cm = 0; }, {"child.heightCm"}},
      {"height 250", [](auto& d) { d.report.child.height_cm = 250; }, {}},
      {"height 251", [](auto& d) { d.report.child.height_cm = 251; }, {"child.heightCm"}},
      {"height no number", [](auto& d) { d.report.child.height_cm = std::nan(""); }, {"child.heightCm"}},
      {"weight of an infant", [](auto& d) { d.report.child.weight_kg = 3.4; }, {}},
      {"weight 0", [](auto& d) { d.report.child.weight_kg = 0; }, {"child.weightKg"}},
      {"weight 300", [](auto& d) { d.report.child.weight_kg = 300; }, {}},
      {"weight 301", [](auto& d) { d.report.child.weight_kg = 301; }, {"child.weightKg"}},
  });
}

TEST(ReportTimes, SkewOfFiveMinutesThenAllowedAndNoMore) {
  const auto at = [](Duration after_now) {
    return [after_now](ReportDraft& draft) {
      draft.report.last_seen.time = reported_at + after_now;
      draft.report.last_seen.time_latest.reset();
    };
  };
  const auto latest = [](Instant when) {
    return [when](ReportDraft& draft) { draft.report.last_seen.time_latest = when; };
  };
  expect({
      {"time 5 min ahead", at(5min), {}},
      {"time further ahead", at(5min + 1ms), {"lastSeen.time"}},
      {"a day ago", at(-24h), {}},
      {"latest equals time", latest(seen_at), {}},
      {"latest before time", latest(seen_at - 1ms), {"lastSeen.timeLatest"}},
      {"latest 5 min ahead", latest(reported_at + 5min), {}},
      {"latest further ahead", latest(reported_at + 5min + 1ms), {"lastSeen.timeLatest"}},
      {"no time", [](auto& d) { d.has_last_seen_time = false; }, {"lastSeen.time"}},
  });
}

TEST(ReportPlace, DivisionAndPositionThenWellFormed) {
  const auto at = [](double latitude, double longitude) {
    return [=](ReportDraft& draft) { draft.report.last_seen.position = Position{latitude, longitude}; };
  };
  expect({
      {"division of 5 digits", [](auto& d) { d.division = "21010"; }, {"lastSeen.division"}},
      {"division of a province", [](auto& d) { d.division = "210000"; }, {}},
      {"no province 00", [](auto& d) { d.division = "001000"; }, {"lastSeen.division"}},
      {"no position", [](auto& d) { d.report.last_seen.position.reset(); }, {}},
      {"at the edges", at(-90, 180), {}},
      {"latitude too large", at(90.001, 120), {"lastSeen.position.latitude"}},
      {"longitude too small", at(40, -180.001), {"lastSeen.position.longitude"}},
      {"swapped", at(123.4, 41.8), {"lastSeen.position.latitude"}},
      {"half given", at(NAN, 120), {"lastSeen.position.latitude"}},
      {"both wrong", at(INFINITY, -INFINITY), {"lastSeen.position.latitude", "lastSeen.position.longitude"}},
      {"empty form", at(0, 0), {"lastSeen.position"}},
      {"no reference system", [](auto& d) { d.has_crs = false; }, {"lastSeen.position.crs"}},
  });
}

TEST(ReportPhone, CharactersThenThoseOfATelephoneNumber) {
  const auto phone = [](const char* value) { return [value](ReportDraft& d) { d.report.contact.phone = value; }; };
  for (const char* good : {"110", "+86 24 2272-0110", "(024)22720110", "024-22720110 ext 801", "22720110EXT.8",
                           "024-22720110转801", "13800138000", "110105194912310026"}) {
    EXPECT_THAT(refused_paths(phone(good)), IsEmpty()) << good;
  }
  for (const char* bad : {"", "  ", "12", "+-()", "call me", "2272o110", "22720110;drop", "110\n", "22720110ex",
                          "123456789012345678901234567890123"}) {
    EXPECT_THAT(refused_paths(phone(bad)), ElementsAre("contact.phone")) << bad;
  }
}

TEST(ReportPhoto, TypeAndSizeThenWithinLimits) {
  const auto photo = [](std::string type, std::string data) {
    return [=](ReportDraft& draft) { draft.report.photo = {type, data}; };
  };
  expect({
      {"none", photo("", ""), {}},
      {"PNG", photo("image/png", "x"), {}},
      {"another type", photo("image/gif", "x"), {"child.photo.mediaType"}},
      {"no type", photo("", "x"), {"child.photo.mediaType"}},
      {"no data", photo("image/png", ""), {"child.photo.data"}},
      {"as large as may be", photo("image/jpeg", std::string(photo_bytes_max, 'x')), {}},
      {"larger", photo("image/jpeg", std::string(photo_bytes_max + 1, 'x')), {"child.photo.data"}},
  });
}

struct TextField {
  const char* path;
  std::string& (*of)(Report&);
  std::size_t chars_max;
  bool lines;
};

const TextField free_texts[] = {
    {"child.name", [](Report& r) -> std::string& { return r.child.name; }, name_chars_max, false},
    {"child.appearance", [](Report& r) -> std::string& { return r.child.appearance; }, long_text_chars_max, true},
    {"child.clothing", [](Report& r) -> std::string& { return r.child.clothing; }, long_text_chars_max, true},
    {"child.marks", [](Report& r) -> std::string& { return r.child.marks; }, long_text_chars_max, true},
    {"lastSeen.place", [](Report& r) -> std::string& { return r.last_seen.place; }, short_text_chars_max, false},
    {"circumstances", [](Report& r) -> std::string& { return r.circumstances; }, circumstances_chars_max, true},
    {"suspect.description", [](Report& r) -> std::string& { return r.suspect.description; }, long_text_chars_max,
     true},
    {"suspect.vehicle", [](Report& r) -> std::string& { return r.suspect.vehicle; }, long_text_chars_max, true},
    {"suspect.plate", [](Report& r) -> std::string& { return r.suspect.plate; }, short_text_chars_max, false},
    {"contact.unit", [](Report& r) -> std::string& { return r.contact.unit; }, short_text_chars_max, false},
    {"leadOfficer", [](Report& r) -> std::string& { return r.lead_officer; }, short_text_chars_max, false},
};

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t time = 0; time < times; ++time) {
    all += text;
  }
  return all;
}

TEST(ReportTexts, EachFreeTextThenHeldToItsRule) {
  for (const TextField& field : free_texts) {
    const auto with = [&field](std::string text) {
      return refused_paths([&](ReportDraft& draft) { field.of(draft.report) = text; });
    };
    const auto refused = ElementsAre(std::string(field.path));
    EXPECT_THAT(with(""), IsEmpty()) << field.path;
    EXPECT_THAT(with(repeated("字", field.chars_max)), IsEmpty()) << field.path;
    EXPECT_THAT(with(repeated("字", field.chars_max + 1)), refused) << field.path;
    EXPECT_THAT(with("一\xFF"), refused) << field.path;
    EXPECT_THAT(with("一\a二"), refused) << field.path;
    EXPECT_THAT(with("一\xC2\x85二"), refused) << field.path;
    EXPECT_THAT(with(std::string("一\0二", 7)), refused) << field.path;
    EXPECT_EQ(with("一\n\t二").empty(), field.lines) << field.path;
    EXPECT_THAT(with(std::string("号码") + identity_number + "，"), refused) << field.path;
    EXPECT_THAT(with("【演练】"), refused) << field.path;
  }
}

TEST(ReportTexts, IdentityNumberInNumbersThenNeverLookedFor) {
  EXPECT_THAT(refused_paths([](auto& d) { d.report.incident_number = identity_number; }), IsEmpty());
  EXPECT_THAT(refused_paths([](auto& d) { d.report.case_number = identity_number; }), IsEmpty());
  EXPECT_THAT(refused_paths([](auto& d) { d.report.contact.phone = "440524188001010014"; }), IsEmpty());
}

TEST(ReportTexts, ExerciseMarkInAnExerciseThenAccepted) {
  const auto drill = [](ReportDraft& draft) {
    draft.report.exercise = true;
    draft.report.circumstances = "【演练】走失";
    draft.report.child.name = "[exercise] someone";
  };
  EXPECT_THAT(refused_paths(drill), IsEmpty());
}

TEST(ReportEnums, UnknownThenRefusedByPath) {
  EXPECT_THAT(refused_paths([](auto& d) { d.unknown_enums = {"child.sex"}; }), ElementsAre("child.sex"));
}

TEST(ReportErrors, ManyThenAllAtOnceAndNoneHoldsAValue) {
  ReportDraft draft = sample_draft();
  draft.report.child.name = std::string("赵钱孙李") + identity_number;
  draft.birth_date = "1999-09-09";
  draft.division = "777";
  draft.report.reporting_unit = "888";
  draft.report.contact.phone = "ring 555";
  draft.report.circumstances = "隐秘\a";
  const Result<Report> result = validate(draft, reported_at);
  ASSERT_TRUE(result.has_error());
  std::vector<std::string> paths;
  for (const FieldError& field : result.error().fields) {
    paths.push_back(field.path);
    for (const char* value : {"赵钱孙李", identity_number, "1999", "777", "888", "555", "隐秘"}) {
      EXPECT_EQ(field.message.zh.find(value), std::string::npos) << field.path;
      EXPECT_EQ(field.message.en.find(value), std::string::npos) << field.path;
    }
  }
  EXPECT_THAT(paths, UnorderedElementsAre("child.name", "child.birthDate", "lastSeen.division", "reportingUnit",
                                          "contact.phone", "circumstances"));
}

TEST(MergedReport, ByAnUpdateThenHeldToTheSameRules) {
  EXPECT_TRUE(validate(sample_report(), reported_at + 24h).has_value());
  Report merged = sample_report();
  merged.contact.phone.clear();
  merged.last_seen.time_latest = reported_at + 24h;
  const Result<Report> result = validate(merged, reported_at);
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().fields.size(), 2U);
}

TEST(AgeWhenLastSeen, DateOfBirthThenBeforeTheToldAge) {
  Report report = sample_report();
  EXPECT_EQ(age_when_last_seen(report), 8U);
  report.child.age_years = 9;
  EXPECT_EQ(age_when_last_seen(report), 8U);
  report.child.birth_date.reset();
  EXPECT_EQ(age_when_last_seen(report), 9U);
  report.child.age_years.reset();
  EXPECT_FALSE(age_when_last_seen(report));
}

TEST(HelpfulButMissing, FullAndBareThenPathsOfWhatIsNotThere) {
  EXPECT_THAT(helpful_but_missing(sample_report(), true), IsEmpty());
  EXPECT_THAT(helpful_but_missing(Report{}, false),
              ElementsAre("child.name", "child.sex", "child.heightCm", "child.appearance", "child.clothing",
                          "child.photo", "lastSeen.place", "lastSeen.position", "circumstances", "leadOfficer"));
}

TEST(ExerciseMark, EitherLanguageThenSeen) {
  EXPECT_TRUE(holds_exercise_mark("前【演练】后"));
  EXPECT_TRUE(holds_exercise_mark("[Exercise]x"));
  EXPECT_FALSE(holds_exercise_mark("演练"));
  EXPECT_FALSE(holds_exercise_mark("exercise"));
}

}  // namespace
}  // namespace tuanyuan::core
