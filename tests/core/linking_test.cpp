#include "core/linking.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/sample_report.hpp"

namespace tuanyuan::core {
namespace {

TEST(ComparableName, SpellingsOfOneNameThenTheSame) {
  struct Row {
    const char* one;
    const char* other;
    const char* why;
  };
  for (const Row& row : {
           Row{"王小明", "王 小 明", "spaces"},
           Row{"王小明", "王\u3000小\u3000明", "ideographic spaces"},
           Row{"王小明", "\u00A0王\u2003小\u200B明\uFEFF", "no-break, em and zero-width spaces"},
           Row{"Wang Xiaoming", "ＷＡＮＧ　ＸＩＡＯＭＩＮＧ", "full width, capitals"},
           Row{"Wang Xiaoming", "wang-xiaoming", "a hyphen"},
           Row{"Wang Xiaoming", "Wang\u2010Xiao\u2013ming", "other hyphens"},
           Row{"Wáng Xiǎomíng", "Wang Xiaoming", "tones"},
           Row{"Wáng Xiǎomíng", "Wa\u0301ng Xia\u030Comi\u0301ng", "combining tones"},
           Row{"阿依古丽·买买提", "阿依古丽•买买提", "a bullet"},
           Row{"阿依古丽·买买提", "阿依古丽・买买提", "the katakana dot"},
           Row{"阿依古丽·买买提", "阿依古丽‧买买提", "the hyphenation point"},
           Row{"阿依古丽·买买提", "阿依古丽･买买提", "the half-width dot"},
           Row{"阿依古丽·买买提", "阿依古丽．买买提", "a full stop"},
           Row{"阿依古丽·买买提", "阿依古丽 买买提", "a space"},
           Row{"阿依古丽·买买提", "阿依古丽买买提", "nothing"},
           Row{"ÖMER", "ömer", "case beyond ASCII"},
           Row{"Иван", "иван", "Cyrillic case"},
           Row{"가나", "\u1100\u1161\u1102\u1161", "Hangul in parts"},
           Row{"老金", "\u2F7C\u2FA6", "radicals out of a PDF"},
           Row{"金", "\uF90A", "a compatibility ideograph"},
           Row{"葛\U000E0100", "葛", "an ideographic variant"},
           Row{"2号", "２号", "full-width digits"},
           Row{"O'Brien", "O\u2019Brien", "apostrophes"},
       }) {
    EXPECT_EQ(comparable_name(row.one), comparable_name(row.other)) << row.why;
    EXPECT_FALSE(comparable_name(row.one).empty()) << row.why;
  }
}

TEST(ComparableName, DifferentNamesThenDifferent) {
  EXPECT_NE(comparable_name("王小明"), comparable_name("王小朋"));
  EXPECT_NE(comparable_name("Li Na"), comparable_name("Li Ning"));
  EXPECT_NE(comparable_name("ཀི"), comparable_name("ཀུ")) << "vowels of Tibetan are no accents";
  EXPECT_NE(comparable_name("1号"), comparable_name("2号"));
}

/// Reports of before the folding have their digests in the journal.
TEST(ComparableName, PlainNamesStayAsTheyAre) {
  EXPECT_EQ(comparable_name("王小明"), "王小明");
  EXPECT_EQ(comparable_name("Wang Xiaoming"), "wangxiaoming");
}

TEST(ComparableName, NothingToCompareThenEmpty) {
  for (const char* name : {"", " ", "\u3000", "？？", "···", "\xFF\xFE"}) {
    EXPECT_EQ(comparable_name(name), "") << name;
  }
}

TEST(LinkText, NameAndBothDaysCount) {
  const Report report = sample::sample_report();
  const std::string link = link_text(report);
  ASSERT_FALSE(link.empty());
  Report other = report;
  other.child.name += "\u3000";
  EXPECT_EQ(link_text(other), link);
  other.last_seen.time += std::chrono::hours(24);
  EXPECT_NE(link_text(other), link);
  other = report;
  other.child.birth_date->operator+=(std::chrono::years(1));
  EXPECT_NE(link_text(other), link);
}

TEST(LinkText, TheDayIsBeijings) {
  Report report = sample::sample_report();
  report.last_seen.time = from_epoch_ms(1'784'995'200'000 + 23 * 3'600'000LL);  // 23:00 in Beijing
  const std::string late = link_text(report);
  report.last_seen.time += std::chrono::minutes(59);
  EXPECT_EQ(link_text(report), late);
  report.last_seen.time += std::chrono::minutes(1);
  EXPECT_NE(link_text(report), late);
}

TEST(LinkText, WithoutNameOrDayOfBirthThenEmpty) {
  Report report = sample::sample_report();
  report.child.birth_date.reset();
  EXPECT_EQ(link_text(report), "");
  report = sample::sample_report();
  report.child.name = "··";
  EXPECT_EQ(link_text(report), "");
}

}  // namespace
}  // namespace tuanyuan::core
