#include "core/notice_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <toml++/toml.h>
#include <functional>

#include "core/copies.hpp"
#include "core/language_tag.hpp"
#include "core/sample_report.hpp"

namespace tuanyuan::core {
namespace {

using ::testing::IsEmpty;
using namespace std::chrono_literals;

CopyInput sample_input(Audience audience, NoticeKind kind = NoticeKind::alert) {
  CopyInput input;
  input.alert_id = AlertId("0190f5d8-7a3c-7c3e-9b1a-2f6d5e4c3b2a");
  input.version = {1, 0};
  input.kind = kind;
  input.status = Status::actual;
  input.audience = audience;
  return input;
}

std::vector<NoticeText> texts(const Report& report, Audience audience = Audience::partner,
                              NoticeKind kind = NoticeKind::alert) {
  CopyInput input = sample_input(audience, kind);
  input.status = report.exercise ? Status::exercise : Status::actual;
  return compose(input, report, default_templates()).texts;
}

Report bare_report() {
  Report report;
  report.child.age_years = 0;
  report.last_seen.time = sample::seen_at - 20min;
  report.contact.phone = "110";
  return report;
}

TEST(Texts, FullReportThenEverythingIsSaid) {
  const std::vector<NoticeText> all = texts(sample::sample_report());
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].language, "zh-CN");
  EXPECT_EQ(all[0].headline, "寻找失踪儿童：小禾，女，8岁（中街步行街东口）");
  EXPECT_EQ(all[0].body,
            "失踪儿童：小禾，女，8岁，身高126厘米，体重24千克。\n"
            "最后被看见：2026年5月20日15时20分至15时35分，中街步行街东口。\n"
            "体貌：圆脸，齐耳短发。\n"
            "衣着：黄色雨衣，蓝色书包。\n"
            "特征：左眉上有一颗痣。\n"
            "经过：放学后独自离开，未按时到家。\n"
            "疑似被人带走。\n"
            "可能同行者：四十岁左右男子，戴灰色帽子。\n"
            "车辆：白色面包车。\n"
            "车牌：辽A7K9Q2。\n"
            "如有线索，请立即致电沈河区值班室：024-22720110，或拨打110。");
  EXPECT_EQ(all[0].speech,
            "寻找失踪儿童，小禾，女，8岁，身高126厘米。5月20日15点20分，在中街步行街东口，最后被看见。"
            "体貌，圆脸，齐耳短发。衣着，黄色雨衣，蓝色书包。特征，左眉上有一颗痣。疑似被人带走。"
            "可能同行者，四十岁左右男子，戴灰色帽子。车辆，白色面包车。车牌，辽A七K九Q二。"
            "如有线索，请拨打零二四，二二七二零幺幺零，或者幺幺零。");
  EXPECT_EQ(all[1].language, "en");
  EXPECT_EQ(all[1].headline, "Missing child: 小禾, girl, aged 8 (中街步行街东口)");
  EXPECT_THAT(all[1].body,
              ::testing::HasSubstr("Last seen: 2026-05-20 15:20 to 15:35 Beijing time, 中街步行街东口."));
  EXPECT_THAT(all[1].body, ::testing::EndsWith("call 沈河区值班室 at 024-22720110 or 110 at once."));
}

TEST(Texts, InfantsSizesThenToATenth) {
  Report report = bare_report();
  report.child.height_cm = 52.48;
  report.child.weight_kg = 3.4;
  EXPECT_THAT(texts(report)[0].body, ::testing::HasSubstr("身高52.5厘米，体重3.4千克"));
}

TEST(Texts, BareReportThenWholeSentencesWithoutHoles) {
  const std::vector<NoticeText> all = texts(bare_report(), Audience::police);
  EXPECT_EQ(all[0].headline, "寻找失踪儿童，不满一岁");
  EXPECT_EQ(all[0].body, "失踪儿童，不满一岁。\n最后被看见：2026年5月20日15时00分。\n如有线索，请立即致电110。");
  EXPECT_EQ(all[0].speech, "寻找失踪儿童，不满一岁。5月20日15点，最后被看见。如有线索，请拨打幺幺零。");
  EXPECT_EQ(all[1].headline, "Missing child, under one year old");
  EXPECT_EQ(all[1].body,
            "Missing child, under one year old.\nLast seen: 2026-05-20 15:00 Beijing time.\n"
            "If you know anything, call 110 at once.");
}

TEST(Texts, PoliceThenTheirNumbersToo) {
  const std::string body = texts(sample::sample_report(), Audience::police)[0].body;
  EXPECT_THAT(body,
              ::testing::EndsWith("\n接警单编号：J2101022026052000017。\n案件编号：A2101020000002026050003。\n"
                                  "出生日期：2018-03-09。\n报告单位：210102120000。\n责任民警：警号 021533。"));
}

TEST(Texts, SpanOverMidnightThenTheLaterDay) {
  Report report = bare_report();
  report.last_seen.time_latest = report.last_seen.time + 10h;
  EXPECT_THAT(texts(report)[0].body, ::testing::HasSubstr("2026年5月20日15时00分至5月21日1时00分。"));
  EXPECT_THAT(texts(report)[1].body, ::testing::HasSubstr("2026-05-20 15:00 to 2026-05-21 01:00 Beijing time."));
}

TEST(Texts, LongPlaceThenCutInTheHeadlineOnly) {
  Report report = bare_report();
  for (int time = 0; time < 20; ++time) {
    report.last_seen.place += "长街";
  }
  const std::vector<NoticeText> all = texts(report);
  EXPECT_THAT(all[0].headline, ::testing::EndsWith("长街…）"));
  EXPECT_THAT(all[0].body, ::testing::HasSubstr(report.last_seen.place + "。"));
}

TEST(Texts, UpdateThenSaidSo) {
  EXPECT_THAT(texts(bare_report(), Audience::public_, NoticeKind::update)[0].headline,
              ::testing::StartsWith("更新："));
}

TEST(Texts, ExerciseThenEveryTextBeginsWithTheMark) {
  Report report = sample::sample_report();
  report.exercise = true;
  for (const NoticeText& text : texts(report)) {
    const std::string mark = text.language == "en" ? "[EXERCISE] " : "【演练】";
    EXPECT_THAT(text.headline, ::testing::StartsWith(mark));
    EXPECT_THAT(text.body, ::testing::StartsWith(mark));
    EXPECT_THAT(text.speech, ::testing::StartsWith(mark));
  }
}

TEST(DefaultTemplates, CheckedThenNothingWrong) {
  EXPECT_THAT(check(default_templates()), IsEmpty());
}

struct Flaw {
  const char* what;
  std::function<void(NoticeTemplates&)> make;
  const char* path;
};

TEST(CheckTemplates, OneFlawThenNamedByItsPath) {
  const Flaw flaws[] = {
      {"no language", [](auto& t) { t.languages.clear(); }, "languages[0].language"},
      {"English first", [](auto& t) { std::swap(t.languages[0], t.languages[1]); }, "languages[0].language"},
      {"same twice", [](auto& t) { t.languages[1].language = "zh-CN"; }, "languages[1].language"},
      {"no tag", [](auto& t) { t.languages[1].language = "x"; }, "languages[1].language"},
      {"no mark", [](auto& t) { t.languages[1].exercise_mark.clear(); }, "languages[1].exercise_mark"},
      {"another Chinese mark", [](auto& t) { t.languages[0].exercise_mark = "演练："; },
       "languages[0].exercise_mark"},
      {"no word for 3", [](auto& t) { t.languages[0].digits[3].clear(); }, "languages[0].digits"},
      {"no pause", [](auto& t) { t.languages[0].pause.clear(); }, "languages[0].pause"},
      {"no headline", [](auto& t) { t.languages[0].alert.headline.clear(); }, "languages[0].alert.headline"},
      {"open group", [](auto& t) { t.languages[0].alert.body = "[{name}"; }, "languages[0].alert.body"},
      {"unknown fact", [](auto& t) { t.languages[0].update.speech = "{dna}"; }, "languages[0].update.speech"},
      {"unknown condition", [](auto& t) { t.languages[0].alert.speech = "[dna?x]"; }, "languages[0].alert.speech"},
      {"fact in a recall", [](auto& t) { t.languages[0].close.body = "{name}"; }, "languages[0].close.body"},
      {"condition in a recall", [](auto& t) { t.languages[1].retract.body = "[male?x]y"; },
       "languages[1].retract.body"},
      {"mark in a live text", [](auto& t) { t.languages[0].alert.headline = "【演练】"; },
       "languages[0].alert.headline"},
      {"bytes", [](auto& t) { t.languages[0].alert.headline = "\xFF"; }, "languages[0].alert.headline"},
  };
  for (const Flaw& flaw : flaws) {
    NoticeTemplates templates = default_templates();
    flaw.make(templates);
    std::vector<std::string> paths;
    for (const FieldError& error : check(templates)) {
      paths.push_back(error.path);
    }
    EXPECT_THAT(paths, ::testing::Contains(flaw.path)) << flaw.what;
  }
}

TEST(LanguageTag, ShapeThenTakenOrNot) {
  for (const char* tag : {"zh-CN", "en", "ug", "bo", "mn-Mong-CN", "zh-Hant", "yue"}) {
    EXPECT_TRUE(is_language_tag(tag)) << tag;
  }
  for (const char* tag : {"", "x", "zh_CN", "zh-", "-zh", "zh--CN", "中文", "toolongsubtag", "e1",
                          "en-toolongpart", "en-a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r"}) {
    EXPECT_FALSE(is_language_tag(tag)) << tag;
  }
}

NoticeForm form_in(const toml::table& table) {
  return {table["headline"].value_or(std::string()), table["body"].value_or(std::string()),
          table["speech"].value_or(std::string())};
}

LanguageTemplates language_in(const toml::table& table) {
  LanguageTemplates language;
  language.language = table["language"].value_or(std::string());
  language.exercise_mark = table["exercise_mark"].value_or(std::string());
  for (std::size_t digit = 0; digit < language.digits.size(); ++digit) {
    language.digits[digit] = table["digits"][digit].value_or(std::string());
  }
  language.digit_separator = table["digit_separator"].value_or(std::string());
  language.extension = table["extension"].value_or(std::string());
  language.pause = table["pause"].value_or(std::string());
  language.alert = form_in(*table["alert"].as_table());
  language.update = form_in(*table["update"].as_table());
  language.close = form_in(*table["close"].as_table());
  language.retract = form_in(*table["retract"].as_table());
  return language;
}

TEST(ConfiguredTemplates, FileInTheTreeThenSameAsTheDefaults) {
  const toml::table file = toml::parse_file(TUANYUAN_SOURCE_DIR "/config/notice-texts.toml");
  const toml::array& languages = *file["languages"].as_array();
  const NoticeTemplates defaults = default_templates();
  ASSERT_EQ(languages.size(), defaults.languages.size());
  for (std::size_t index = 0; index < languages.size(); ++index) {
    const LanguageTemplates configured = language_in(*languages[index].as_table());
    const LanguageTemplates& compiled = defaults.languages[index];
    EXPECT_EQ(configured.alert.body, compiled.alert.body);
    EXPECT_EQ(configured.alert.speech, compiled.alert.speech);
    EXPECT_EQ(configured.update.body, compiled.update.body);
    EXPECT_TRUE(configured == compiled) << compiled.language;
  }
}

}  // namespace
}  // namespace tuanyuan::core
