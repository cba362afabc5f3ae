#include "core/copies.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <stdexcept>

#include "core/exercise_mark.hpp"
#include "core/sample_report.hpp"

namespace tuanyuan::core {
namespace {

using sample::sample_report;
using namespace std::chrono_literals;
using sample::seen_at;

const Circle exact_circle{{41.80052, 123.46248}, 100, false};

CopyInput input_for(Audience audience, const Report& report, NoticeKind kind = NoticeKind::alert) {
  CopyInput input;
  input.alert_id = AlertId("0190f5d8-7a3c-7c3e-9b1a-2f6d5e4c3b2a");
  input.version = {1, 0};
  input.kind = kind;
  input.status = report.exercise ? Status::exercise : Status::actual;
  input.audience = audience;
  input.issued_at = seen_at + 1h;
  input.expires_at = seen_at + 25h;
  input.issuer = "210100000000";
  input.circle = exact_circle;
  input.divisions = {Division{210102}, Division{210103}};
  input.photo = PhotoReference{std::string(32, 'h'), "image/jpeg", 40'000, "https://localhost/photo"};
  input.wanted = {{AnswerKind::displayed, std::nullopt, 600}};
  return input;
}

Notice copy_for(Audience audience, const Report& report = sample_report()) {
  return compose(input_for(audience, report), report, default_templates());
}

/// Every text of a notice except its ids, in one string.
std::string everything(const Notice& notice) {
  std::string all;
  const auto add = [&all](const std::string& text) { all += text + '\x1F'; };
  for (const NoticeText& text : notice.texts) {
    add(text.headline);
    add(text.body);
    add(text.speech);
  }
  if (notice.child) {
    add(notice.child->name);
    add(notice.child->appearance);
    add(notice.child->clothing);
    add(notice.child->marks);
    add(notice.child->birth_date ? "birth date" : "");
  }
  add(notice.last_seen ? notice.last_seen->place : "");
  add(notice.circumstances);
  if (notice.suspect) {
    add(notice.suspect->description);
    add(notice.suspect->vehicle);
    add(notice.suspect->plate);
  }
  if (notice.contact) {
    add(notice.contact->unit);
    add(notice.contact->phone);
  }
  for (const std::string& text :
       {notice.incident_number, notice.case_number, notice.reporting_unit, notice.lead_officer, notice.issuer}) {
    add(text);
  }
  return all;
}

bool says(const Notice& notice, const std::string& text) {
  return everything(notice).find(text) != std::string::npos;
}

TEST(Copy, EveryAudienceThenWhatThatIsToldToAll) {
  const Report report = sample_report();
  for (const Audience audience : all_audiences) {
    const Notice notice = copy_for(audience);
    EXPECT_EQ(notice.audience, audience);
    EXPECT_EQ(notice.status, Status::actual);
    EXPECT_EQ(notice.version, (Version{1, 0}));
    EXPECT_EQ(notice.issuer, "210100000000");
    EXPECT_EQ(notice.divisions.size(), 2U);
    EXPECT_EQ(notice.wanted.size(), 1U);
    EXPECT_TRUE(notice.photo);
    ASSERT_TRUE(notice.child);
    EXPECT_EQ(notice.child->name, report.child.name);
    EXPECT_EQ(notice.child->sex, report.child.sex);
    EXPECT_EQ(notice.child->age_years, 8U);
    EXPECT_EQ(notice.child->height_cm, report.child.height_cm);
    EXPECT_EQ(notice.child->weight_kg, report.child.weight_kg);
    EXPECT_EQ(notice.child->appearance, report.child.appearance);
    EXPECT_EQ(notice.child->clothing, report.child.clothing);
    EXPECT_EQ(notice.child->marks, report.child.marks);
    ASSERT_TRUE(notice.last_seen);
    EXPECT_EQ(notice.last_seen->place, report.last_seen.place);
    EXPECT_EQ(notice.last_seen->time, report.last_seen.time);
    EXPECT_EQ(notice.circumstances, report.circumstances);
    EXPECT_TRUE(notice.abduction_suspected);
    ASSERT_TRUE(notice.suspect);
    EXPECT_EQ(notice.suspect->description, report.suspect.description);
    EXPECT_EQ(notice.suspect->vehicle, report.suspect.vehicle);
    EXPECT_EQ(notice.contact, report.contact);
    EXPECT_FALSE(notice.last_seen->position) << "positions travel as the circle's centre only";
    EXPECT_EQ(notice.texts.size(), 2U);
  }
}

TEST(Copy, PoliceThenNumbersAndDateOfBirthToo) {
  const Report report = sample_report();
  const Notice notice = copy_for(Audience::police);
  EXPECT_EQ(notice.incident_number, report.incident_number);
  EXPECT_EQ(notice.case_number, report.case_number);
  EXPECT_EQ(notice.reporting_unit, report.reporting_unit);
  EXPECT_EQ(notice.lead_officer, report.lead_officer);
  EXPECT_EQ(notice.child->birth_date, report.child.birth_date);
  EXPECT_EQ(notice.circle, exact_circle);
  EXPECT_EQ(notice.suspect->plate, report.suspect.plate);
}

TEST(Copy, PartnerThenExactCentreAndPlateButNothingOfThePolice) {
  const Notice notice = copy_for(Audience::partner);
  EXPECT_EQ(notice.circle, exact_circle);
  EXPECT_EQ(notice.suspect->plate, sample_report().suspect.plate);
  EXPECT_FALSE(notice.child->birth_date);
  EXPECT_TRUE(notice.incident_number.empty() && notice.case_number.empty() && notice.reporting_unit.empty() &&
              notice.lead_officer.empty());
}

TEST(Copy, PublicThenRoundedCentreAndNoPlateUnlessOpened) {
  const Report report = sample_report();
  const Notice closed = copy_for(Audience::public_);
  EXPECT_EQ(closed.circle->centre, (Position{41.8, 123.46}));
  EXPECT_EQ(closed.circle->radius_km, 100);
  EXPECT_FALSE(says(closed, report.suspect.plate));
  EXPECT_TRUE(closed.suspect->plate.empty());

  CopyInput input = input_for(Audience::public_, report);
  input.plate_open = true;
  const Notice open = compose(input, report, default_templates());
  EXPECT_EQ(open.suspect->plate, report.suspect.plate);
  EXPECT_TRUE(says(open, report.suspect.plate));
}

TEST(Copy, WithheldValuesInFreeTextsThenTakenOut) {
  Report report = sample_report();
  report.circumstances = "被辽A-7K9Q2接走，见" + report.incident_number;
  report.child.marks = "生于2018年3月9日";
  report.child.appearance = "见" + report.case_number;
  report.suspect.vehicle = "辽a7k9q2 面包车";
  const Notice partner = copy_for(Audience::partner, report);
  EXPECT_EQ(partner.circumstances, "被辽A-7K9Q2接走，见（略）");
  EXPECT_EQ(partner.child->marks, "生于（略）日");
  EXPECT_EQ(partner.child->appearance, "见（略）");
  EXPECT_EQ(copy_for(Audience::public_, report).circumstances, "被（略）接走，见（略）");
  EXPECT_EQ(copy_for(Audience::public_, report).suspect->vehicle, "（略） 面包车");
  EXPECT_EQ(copy_for(Audience::police, report).circumstances, report.circumstances);
}

TEST(Copy, NoSuspectThenNone) {
  Report report = sample_report();
  report.suspect = {};
  EXPECT_FALSE(copy_for(Audience::police, report).suspect);
  report.suspect.plate = "辽A7K9Q2";
  EXPECT_FALSE(copy_for(Audience::public_, report).suspect);
}

TEST(Copy, SameInputThenSameCopy) {
  EXPECT_EQ(copy_for(Audience::partner), copy_for(Audience::partner));
}

TEST(Copy, StatusOrKindAgainstTheReportThenRefusedAsAnError) {
  const Report report = sample_report();
  CopyInput input = input_for(Audience::partner, report);
  input.status = Status::exercise;
  EXPECT_THROW(compose(input, report, default_templates()), std::logic_error);
  EXPECT_THROW(compose(input_for(Audience::partner, report, NoticeKind::close), report, default_templates()),
               std::logic_error);
  EXPECT_THROW(compose_recall(input_for(Audience::partner, report), default_templates()), std::logic_error);
}

TEST(Recall, EitherKindThenIdsAndAFixedTextAlone) {
  for (const NoticeKind kind : {NoticeKind::close, NoticeKind::retract}) {
    for (const Audience audience : all_audiences) {
      const Notice recall = compose_recall(input_for(audience, sample_report(), kind), default_templates());
      Notice expected;
      expected.alert_id = recall.alert_id;
      expected.version = {1, 0};
      expected.kind = kind;
      expected.status = Status::actual;
      expected.audience = audience;
      expected.issued_at = seen_at + 1h;
      expected.expires_at = seen_at + 25h;
      expected.issuer = "210100000000";
      expected.texts = recall.texts;
      expected.wanted = recall.wanted;
      EXPECT_EQ(recall, expected);
      ASSERT_EQ(recall.texts.size(), 2U);
      EXPECT_FALSE(recall.texts[0].headline.empty() || recall.texts[0].body.empty() ||
                   recall.texts[0].speech.empty());
    }
  }
}

// Random reports, each field given or not, with texts that occur nowhere else and now and then hold a value
// that belongs to the police.
class RandomReports {
 public:
  Report next() {
    Report report;
    report.exercise = chance();
    report.incident_number = "J" + digits(12);
    report.case_number = maybe("A" + digits(12));
    report.reporting_unit = "9" + digits(11);
    report.lead_officer = maybe("警号" + digits(8));
    report.contact = {maybe(word()), "110"};
    report.last_seen = {.time = seen_at,
                        .time_latest = chance() ? std::optional(seen_at + 30min) : std::nullopt,
                        .place = maybe(word()),
                        .division = Division{210103},
                        .position = Position{41.80123, 123.46789},
                        .crs = Crs::bd09};
    report.child.name = maybe(word());
    report.child.sex = static_cast<Sex>(random_() % 3);
    report.child.birth_date = 2012y / 11 / 23;
    report.child.height_cm = chance() ? std::optional(126.0) : std::nullopt;
    report.suspect.plate = maybe("辽B" + digits(6));
    for (std::string* text : {&report.child.appearance, &report.child.clothing, &report.child.marks,
                              &report.circumstances, &report.suspect.description, &report.suspect.vehicle}) {
      *text = maybe(word() + maybe(secret(report)) + word());
    }
    return report;
  }

 private:
  bool chance() { return random_() % 2 == 0; }
  std::string maybe(std::string text) { return chance() ? text : std::string(); }
  std::string digits(int count) {
    std::string text;
    for (int digit = 0; digit < count; ++digit) {
      text += static_cast<char>('0' + random_() % 10);
    }
    return text;
  }
  std::string word() { return "词" + std::to_string(++words_) + "，"; }
  std::string secret(const Report& report) {
    const std::string secrets[] = {report.incident_number, report.case_number,   report.reporting_unit,
                                   report.lead_officer,    report.suspect.plate, "2012-11-23",
                                   "2012年11月23日"};
    return secrets[random_() % std::size(secrets)];
  }

  std::mt19937_64 random_{20160515};
  int words_ = 100'000;
};

std::vector<std::string> texts_of_report(const Report& report) {
  std::vector<std::string> texts{report.incident_number, report.case_number,      report.reporting_unit,
                                 report.lead_officer,    report.contact.unit,     report.last_seen.place,
                                 report.child.name,      report.child.appearance, report.child.clothing,
                                 report.child.marks,     report.circumstances,    report.suspect.description,
                                 report.suspect.vehicle, report.suspect.plate};
  std::erase(texts, std::string());
  return texts;
}

void expect_nothing_of_the_police(const Report& report, const Notice& notice) {
  for (const std::string& value :
       {report.incident_number, report.case_number, report.reporting_unit, report.lead_officer,
        std::string("birth date"), std::string("2012-11-23"), std::string("2012年11月23日")}) {
    ASSERT_FALSE(!value.empty() && says(notice, value));
  }
  const std::string& plate = report.suspect.plate;
  ASSERT_FALSE(notice.audience == Audience::public_ && !plate.empty() && says(notice, plate));
}

void expect_marked(const Notice& notice, bool exercise) {
  for (const NoticeText& text : notice.texts) {
    for (const std::string& part : {text.headline, text.body, text.speech}) {
      ASSERT_EQ(part.starts_with(exercise_mark_zh) || part.starts_with(exercise_mark_en), exercise);
      ASSERT_EQ(holds_exercise_mark(part), exercise);
    }
  }
}

TEST(AnyCopy, RandomReportsThenNobodyIsToldMoreThanTheirShare) {
  RandomReports reports;
  const NoticeTemplates templates = default_templates();
  for (int round = 0; round < 2'000; ++round) {
    const Report report = reports.next();
    for (const Audience audience : all_audiences) {
      for (const NoticeKind kind : {NoticeKind::alert, NoticeKind::update}) {
        const Notice notice = compose(input_for(audience, report, kind), report, templates);
        expect_marked(notice, report.exercise);
        if (audience != Audience::police) {
          expect_nothing_of_the_police(report, notice);
        }
      }
      const Notice recall = compose_recall(input_for(audience, report, NoticeKind::close), templates);
      expect_marked(recall, report.exercise);
      for (const std::string& text : texts_of_report(report)) {
        ASSERT_FALSE(says(recall, text));
      }
    }
  }
}

}  // namespace
}  // namespace tuanyuan::core
