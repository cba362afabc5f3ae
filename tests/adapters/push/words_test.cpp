#include "adapters/push/words.hpp"

#include <gtest/gtest.h>

#include "core/exercise_mark.hpp"
#include "core/notice_text.hpp"

namespace tuanyuan::push {
namespace {

core::NoticeText text(std::string language, std::string headline, std::string body, std::string speech) {
  core::NoticeText made;
  made.language = std::move(language);
  made.headline = std::move(headline);
  made.body = std::move(body);
  made.speech = std::move(speech);
  return made;
}

core::Notice test_of_a_channel() {
  core::Notice notice;
  notice.texts.push_back(text("zh-CN", "【演练】渠道测试", "【演练】这是一条渠道测试消息，无需处理。", "演练"));
  notice.texts.push_back(text("en", "[EXERCISE] Channel test", "[EXERCISE] Nothing has to be done.", "exercise"));
  return notice;
}

bool everything(std::string_view) {
  return true;
}

TEST(Words, OfNoChildThenItsOwnTextsAreSaid) {
  const Words words(core::default_templates());
  const core::Notice notice = test_of_a_channel();
  EXPECT_EQ(words.headline(notice, {}, everything), "【演练】渠道测试");
  EXPECT_EQ(words.body(notice, {"en"}, everything), "[EXERCISE] Nothing has to be done.");
  EXPECT_EQ(words.bodies(notice, {"ug", "zh-CN"}, everything), "【演练】这是一条渠道测试消息，无需处理。");
  EXPECT_EQ(words.speech(notice, {"en"}), "exercise");
  const auto short_ones = [](std::string_view said) { return said.size() < 40; };
  EXPECT_EQ(words.body(notice, {}, short_ones), "【演练】渠道测试") << "met by another text, not by cutting";
}

TEST(Words, OfAChildThenTheTemplatesSayIt) {
  const Words words(core::default_templates());
  core::Notice notice = test_of_a_channel();
  notice.child.emplace();
  EXPECT_NE(words.body(notice, {}, everything), notice.texts[0].body);
}

TEST(Words, NothingIsShortEnoughThenFixedWordsThatHaveRoomInTwentyCharacters) {
  const Words words(core::default_templates());
  const core::Fits fits = core::at_most_units(20);
  for (const auto kind :
       {core::NoticeKind::alert, core::NoticeKind::update, core::NoticeKind::close, core::NoticeKind::retract}) {
    for (const auto status : {core::Status::actual, core::Status::exercise}) {
      core::Notice notice;
      notice.kind = kind;
      notice.status = status;
      notice.child.emplace().name = std::string(60, 'n');
      for (const char* language : {"zh-CN", "en"}) {
        const std::string headline = words.headline(notice, {language}, fits);
        EXPECT_TRUE(fits(headline)) << headline;
        EXPECT_EQ(core::holds_exercise_mark(headline), status == core::Status::exercise) << headline;
        EXPECT_TRUE(fits(words.body(notice, {language}, fits)));
      }
    }
  }
}

}  // namespace
}  // namespace tuanyuan::push
