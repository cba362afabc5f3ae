#include "core/speaking_time.hpp"

#include <gtest/gtest.h>

#include "sample_report.hpp"

namespace tuanyuan::core {
namespace {

double syllables(std::string_view text) {
  return speaking_time(text, "zh-CN").count() * announcement_pace.syllables_per_second;
}

double words(std::string_view text) {
  return speaking_time(text, "en").count() * announcement_pace.words_per_second;
}

TEST(SpeakingTime, ChineseThenBySyllable) {
  const struct {
    const char* text;
    int syllables;
  } rows[] = {
      {"", 0},
      {"，。！【】（）· 　…", 0},
      {"寻找失踪儿童", 6},
      {"【演练】寻人。", 4},
      {"8岁", 2},      // 八岁
      {"10", 1},       // 十
      {"15点", 3},     // 十五点
      {"20", 2},       // 二十
      {"26", 3},       // 二十六
      {"100", 2},      // 一百
      {"105", 4},      // 一百零五
      {"110", 4},      // 一百一十
      {"126厘米", 7},  // 一百二十六厘米
      {"0", 1},
      {"05", 2},            // 零五
      {"2026年", 5},        // 二零二六年
      {"02422720110", 11},  // digit by digit
      {"幺幺零", 3},
      {"辽A七K九Q二", 7},
      {"Tony", 2},
      {"𠮷〇", 2},
  };
  for (const auto& row : rows) {
    EXPECT_DOUBLE_EQ(syllables(row.text), row.syllables) << row.text;
  }
}

TEST(SpeakingTime, OtherLanguagesThenByWord) {
  const struct {
    const char* text;
    int words;
  } rows[] = {
      {"", 0},       {"Missing child, the child's cap.", 5},
      {"aged 8", 2}, {"126 centimetres", 6},  // one hundred and twenty-six centimetres
      {"20", 1},     {"21", 2},
      {"100", 2},    {"one one zero", 3},
      {"2026", 4},
  };
  for (const auto& row : rows) {
    EXPECT_DOUBLE_EQ(words(row.text), row.words) << row.text;
  }
  EXPECT_DOUBLE_EQ(speaking_time("near 中街", "en").count(), 1 / 2.5 + 2 / 4.0);
}

TEST(SpeakingTime, WhateverComesThenFinite) {
  EXPECT_GT(speaking_time(std::string(5'000, '9'), "zh-CN").count(), 1'000);
  EXPECT_GE(speaking_time("\xFF\xFE字", "zh-CN").count(), 0);
  EXPECT_GT(speaking_time("ئۇيغۇرچە", "ug").count(), 0);
}

class Script : public ::testing::Test {
 protected:
  static Notice notice() {
    const Report report = sample::sample_report();
    Notice made;
    made.status = Status::exercise;
    made.child = report.child;
    made.child->age_years = 8;
    made.last_seen = report.last_seen;
    made.suspect = report.suspect;
    made.contact = report.contact;
    return made;
  }

  std::string script(int seconds, std::size_t language = 0) {
    const LanguageTemplates& in = templates_.languages.at(language);
    return fitted_speech(in, notice(), at_most_spoken(std::chrono::seconds(seconds), in.language));
  }

  static bool says(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

  NoticeTemplates templates_ = default_templates();
};

TEST_F(Script, ShorterThenFactsGoAndNothingIsCut) {
  for (const std::size_t language : {0U, 1U}) {
    const std::string& tag = templates_.languages.at(language).language;
    const std::string whole = texts_of(templates_, notice()).at(language).speech;
    EXPECT_GT(speaking_time(whole, tag), std::chrono::seconds(30)) << whole;
    EXPECT_EQ(script(300, language), whole);
    for (const int seconds : {15, 30}) {
      const std::string text = script(seconds, language);
      EXPECT_LE(speaking_time(text, tag), std::chrono::seconds(seconds)) << text;
      EXPECT_GT(speaking_time(text, tag), std::chrono::seconds(seconds * 2 / 3)) << text;
      EXPECT_TRUE(text.starts_with(templates_.languages.at(language).exercise_mark)) << text;
      EXPECT_TRUE(says(text, "小禾")) << text;
      EXPECT_TRUE(says(text, language == 0
                                 ? "零二四，二二七二零幺幺零，或者幺幺零。"
                                 : "zero two four, two two seven two zero one one zero, or one one zero."))
          << text;
    }
  }
}

TEST_F(Script, ThirtySecondsThenWhatHelpsMostToRecogniseTheChild) {
  const std::string text = script(30);
  EXPECT_TRUE(says(text, "5月20日15点20分，在中街步行街东口，最后被看见。")) << text;
  EXPECT_TRUE(says(text, "黄色雨衣")) << text;
  EXPECT_FALSE(says(text, "四十岁左右男子")) << text;
}

TEST_F(Script, FifteenSecondsInEnglishThenWithoutTheSentenceOfTheTime) {
  const std::string text = script(15, 1);
  EXPECT_FALSE(says(text, "Last seen")) << text;
  EXPECT_TRUE(says(text, "Clothing")) << text;
}

TEST_F(Script, TemplateOfADeploymentHasTheTimeInNoGroupThenItStaysThoughTooLong) {
  templates_.languages[0].alert.speech = "寻找{name}，{month}月{day}日最后被看见。请拨打{phone}。";
  const std::string text = script(1);
  EXPECT_TRUE(says(text, "5月20日最后被看见")) << text;
}

TEST_F(Script, NoRoomEvenForWhoAndWhomToCallThenThoseAllTheSame) {
  const std::string text = script(1);
  EXPECT_EQ(text, "【演练】寻找失踪儿童，小禾，女，8岁。如有线索，请拨打零二四，二二七二零幺幺零，或者幺幺零。");
}

}  // namespace
}  // namespace tuanyuan::core
