#include "core/speech.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::core {
namespace {

class Speech : public ::testing::Test {
 protected:
  const NoticeTemplates templates_ = default_templates();
  const LanguageTemplates& zh_ = templates_.languages.at(0);
  const LanguageTemplates& en_ = templates_.languages.at(1);
};

TEST_F(Speech, FreeTextThenSignsBecomePauses) {
  EXPECT_EQ(spoken("黄色雨衣，蓝色书包", zh_), "黄色雨衣，蓝色书包");
  EXPECT_EQ(spoken("雨衣（黄色）\n书包 / 蓝色。", zh_), "雨衣，黄色，书包，蓝色");
  EXPECT_EQ(spoken("【急】“小明”", zh_), "急，小明");
  EXPECT_EQ(spoken("", zh_), "");
  EXPECT_EQ(spoken("a (small) scar.\nRed cap", en_), "a, small, scar. Red cap");
  EXPECT_EQ(spoken("the child's cap, red", en_), "the child's cap, red");
}

TEST_F(Speech, TelephoneNumbersThenDigitByDigit) {
  EXPECT_EQ(spelt("110", zh_), "幺幺零");
  EXPECT_EQ(spelt("024-22720110", zh_), "零二四，二二七二零幺幺零");
  EXPECT_EQ(spelt("+86 (24) 2272 ext 81", zh_), "八六，二四，二二七二，转，八幺");
  EXPECT_EQ(spelt("2272转81", zh_), "二二七二转八幺");
  EXPECT_EQ(spelt("2272EXT81", zh_), "二二七二转八幺");
  EXPECT_EQ(spelt("110", en_), "one one zero");
  EXPECT_EQ(spelt("024-22 ext. 8", en_), "zero two four, two two, extension, eight");
}

TEST_F(Speech, PlatesThenCharacterByCharacter) {
  EXPECT_EQ(spelt("辽A·7K9Q2", zh_), "辽A，七K九Q二");
  EXPECT_EQ(spelt("辽A7K", en_), "辽 A seven K");
}

TEST_F(Speech, SentencesThenWithoutTheirEndMark) {
  EXPECT_EQ(without_end_mark(" 圆脸。\n"), "圆脸");
  EXPECT_EQ(without_end_mark("round face.,; "), "round face");
  EXPECT_EQ(without_end_mark("what?"), "what?");
  EXPECT_EQ(without_end_mark(" \n"), "");
}

}  // namespace
}  // namespace tuanyuan::core
