#include "core/poster_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sample_report.hpp"

namespace tuanyuan::core {
namespace {

using namespace std::chrono_literals;

Notice notice(Status status = Status::actual) {
  const Report report = sample::sample_report();
  Notice made;
  made.alert_id = AlertId("0198c0de-0000-7000-8000-00000000000a");
  made.version = {2, 1};
  made.status = status;
  made.audience = Audience::partner;
  made.issued_at = sample::reported_at;
  made.expires_at = sample::reported_at + 24h;
  made.issuer = "210102000000";
  made.child = report.child;
  made.child->age_years = 8;
  made.child->birth_date.reset();
  made.last_seen = report.last_seen;
  made.circumstances = report.circumstances;
  made.abduction_suspected = true;
  made.suspect = report.suspect;
  made.contact = report.contact;
  made.texts = texts_of(default_templates(), made);
  return made;
}

std::string value_of(const PosterText& poster, std::string_view label) {
  const auto found = std::find_if(poster.facts.begin(), poster.facts.end(),
                                  [&](const PosterFact& fact) { return fact.label == label; });
  return found == poster.facts.end() ? std::string() : found->value;
}

TEST(PosterText, ChineseThenInThePiecesOfAPoster) {
  const PosterText poster = poster_text(notice(), "zh-CN");
  EXPECT_FALSE(poster.exercise);
  EXPECT_EQ(poster.mark, "");
  EXPECT_EQ(poster.title, "寻人");
  EXPECT_EQ(poster.name, "小禾");
  EXPECT_EQ(poster.traits, (std::vector<std::string>{"女", "8岁", "身高126厘米", "体重24千克"}));
  EXPECT_EQ(value_of(poster, "最后出现"), "2026年5月20日 15:20 至 15:35");
  EXPECT_EQ(value_of(poster, "走失地点"), "中街步行街东口");
  EXPECT_EQ(value_of(poster, "提示"), "疑似被人带走");
  EXPECT_EQ(value_of(poster, "车牌"), "辽A7K9Q2");
  EXPECT_EQ(value_of(poster, "出生日期"), "");
  EXPECT_EQ(poster.facts.front().label, "最后出现");
  EXPECT_EQ(poster.phone, "024-22720110");
  EXPECT_EQ(poster.beside, "或拨打 110");
  EXPECT_EQ(poster.contact_unit, "沈河区值班室");
  EXPECT_EQ(poster.scan, "扫码查看公开信息");
  EXPECT_EQ(poster.issuer, "发布单位 210102000000　发布时间 2026年5月20日 16:00");
  EXPECT_EQ(poster.reference, "通告编号 0198c0de-0000-7000-8000-00000000000a / 2　展示至 2026年5月21日 16:00");
  EXPECT_EQ(poster.authority, "以公安机关发布为准");
}

TEST(PosterText, EnglishThenInItsWords) {
  const PosterText poster = poster_text(notice(), "en-GB");
  EXPECT_EQ(poster.language, "en");
  EXPECT_EQ(poster.title, "MISSING");
  EXPECT_EQ(poster.traits, (std::vector<std::string>{"Girl", "Aged 8", "126 cm tall", "24 kg"}));
  EXPECT_EQ(value_of(poster, "Last seen"), "2026-05-20 15:20 to 15:35 (Beijing time)");
}

TEST(PosterText, ExerciseThenMarkedInTitleAndSentence) {
  EXPECT_EQ(poster_text(notice(Status::exercise), "zh-CN").title, "【演练】寻人");
  EXPECT_EQ(poster_text(notice(Status::exercise), "zh-CN").mark_line, "这是演练，不是真实警情，请勿报警");
  EXPECT_EQ(poster_text(notice(Status::exercise), "en").title, "[EXERCISE] MISSING");
  EXPECT_TRUE(poster_text(notice(Status::exercise), "en").headline.starts_with("[EXERCISE]"));
}

TEST(PosterText, LanguageOfADeploymentThenTheNoticesOwnBody) {
  Notice with_uyghur = notice();
  with_uyghur.texts.push_back({"ug", "باش", "بىرىنچى قۇر\n\nئىككىنچى قۇر", ""});
  const PosterText poster = poster_text(with_uyghur, "ug");
  EXPECT_EQ(poster.language, "ug");
  EXPECT_EQ(poster.name, "小禾");
  ASSERT_EQ(poster.facts.size(), 2U);
  EXPECT_EQ(poster.facts[0], (PosterFact{"", "بىرىنچى قۇر", true}));
}

TEST(PosterText, LanguageThatNobodyWroteThenTheFirst) {
  EXPECT_EQ(poster_text(notice(), "fr").language, "zh-CN");
  Notice without_texts = notice();
  without_texts.texts.clear();
  EXPECT_EQ(poster_text(without_texts, "en").language, "zh-CN");
}

TEST(ShownLanguages, NoneWantedThenAllThatTheNoticeHasInItsOrder) {
  using Languages = std::vector<std::string>;
  Notice three = notice();
  three.texts.push_back({"ug", "باش", "قۇر", ""});
  EXPECT_EQ(shown_languages(three, {}), (Languages{"zh-CN", "en", "ug"}));
  EXPECT_EQ(shown_languages(three, {"ug", "zh"}), (Languages{"ug", "zh-CN"}));
  EXPECT_EQ(shown_languages(three, {"en-GB", "fr", "en"}), Languages{"en"}) << "each once, and only what there is";
  EXPECT_EQ(shown_languages(three, {"fr"}), Languages{"zh-CN"});
  three.texts.clear();
  EXPECT_EQ(shown_languages(three, {}), Languages{"zh-CN"});
}

TEST(PosterText, LittleIsKnownThenNoHoles) {
  Notice little = notice();
  little.child = Child();
  little.child->age_years = 0;
  little.last_seen->time_latest.reset();
  little.last_seen->place.clear();
  little.suspect.reset();
  little.abduction_suspected = false;
  little.circumstances.clear();
  little.contact = Contact{"", "110"};
  const PosterText poster = poster_text(little, "zh-CN");
  EXPECT_EQ(poster.name, "失踪儿童");
  EXPECT_EQ(poster.traits, std::vector<std::string>{"不满一岁"});
  EXPECT_EQ(poster.facts.size(), 1U);
  EXPECT_EQ(poster.phone, "110");
  EXPECT_EQ(poster.beside, "");
}

TEST(PosterText, FactsThenTimePlaceAndClothesAreEssentialAndFirst) {
  for (const char* language : {"zh-CN", "en"}) {
    const PosterText poster = poster_text(notice(), language);
    ASSERT_GT(poster.facts.size(), 3U);
    for (std::size_t i = 0; i < poster.facts.size(); ++i) {
      EXPECT_EQ(poster.facts[i].essential, i < 3) << poster.facts[i].label;
    }
    EXPECT_FALSE(poster.more_by_code.empty() || poster.more_by_phone.empty());
  }
  Notice without_phone = notice();
  without_phone.contact.reset();
  EXPECT_EQ(poster_text(without_phone, "zh-CN").more_by_phone, "");
}

TEST(PosterText, PoliceCopyThenItsNumbersLast) {
  Notice police = notice();
  police.audience = Audience::police;
  police.incident_number = "J2101022026052000017";
  police.lead_officer = "警号 021533";
  EXPECT_EQ(value_of(poster_text(police, "zh-CN"), "接警单编号"), "J2101022026052000017");
  EXPECT_EQ(poster_text(police, "zh-CN").facts.back().label, "责任民警");
}

TEST(PosterText, PoliceCopyThenItSaysThatItIsForThemAlone) {
  Notice police = notice();
  police.audience = Audience::police;
  police.texts.push_back({"ug", "باش", "قۇر", ""});
  EXPECT_EQ(poster_text(police, "zh-CN").internal, "公安机关内部使用，请勿外传");
  EXPECT_EQ(poster_text(police, "en-GB").internal, "For police use only. Do not pass on.");
  EXPECT_EQ(poster_text(police, "ug").internal, "公安机关内部使用，请勿外传")
      << "like the other words of the form";
  for (const Audience audience : {Audience::partner, Audience::public_}) {
    police.audience = audience;
    EXPECT_EQ(poster_text(police, "zh-CN").internal, "");
  }
}

TEST(LedLine, NoticeThenOneShortLine) {
  const LanguageTemplates chinese = default_templates().languages.front();
  Notice long_winded = notice(Status::exercise);
  long_winded.circumstances = std::string(3'000, 'x');
  const std::string line = led_line(chinese, long_winded);
  EXPECT_TRUE(line.starts_with("【演练】失踪儿童：小禾")) << line;
  EXPECT_NE(line.find("024-22720110"), std::string::npos) << line;
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_LE(line.size(), 4 * led_units_max);
}

TEST(LedLine, PoliceCopyThenItsMarkInFrontAndNoFactLeftOutForIt) {
  const NoticeTemplates templates = default_templates();
  Notice made = notice();
  const std::string open = led_line(templates.languages.front(), made);
  made.audience = Audience::police;
  EXPECT_EQ(led_line(templates.languages.front(), made), "【公安机关内部使用，请勿外传】" + open);
  EXPECT_TRUE(
      led_line(templates.languages.at(1), made).starts_with("[For police use only. Do not pass on.] Missing"));
  made.status = Status::exercise;
  EXPECT_TRUE(
      led_line(templates.languages.front(), made).starts_with("【演练】【公安机关内部使用，请勿外传】失踪"));
  EXPECT_TRUE(led_line(templates.languages.at(1), made)
                  .starts_with("[EXERCISE] [For police use only. Do not pass on.] Missing"));
}

}  // namespace
}  // namespace tuanyuan::core
