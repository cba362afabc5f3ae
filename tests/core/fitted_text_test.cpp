#include "core/fitted_text.hpp"

#include <gtest/gtest.h>

#include "core/unicode.hpp"

namespace tuanyuan::core {
namespace {

using namespace std::chrono_literals;

Notice notice() {
  Notice made;
  made.kind = NoticeKind::alert;
  made.status = Status::exercise;
  Child child;
  child.name = "小石头";
  child.sex = Sex::male;
  child.age_years = 6;
  child.clothing = "红色上衣，蓝色裤子，白色运动鞋";
  child.appearance = "圆脸，短发，左眉有一颗小痣，说话带东北口音";
  made.child = child;
  LastSeen seen;
  seen.time = Instant(std::chrono::sys_days(std::chrono::year(2026) / 5 / 4) + 3h);
  seen.place = "沈阳市和平区中山广场东侧";
  made.last_seen = seen;
  made.circumstances = "与祖母在广场散步时走失，祖母购物时发现孩子不在身边";
  Contact contact;
  contact.phone = "024-55500110";
  made.contact = contact;
  return made;
}

const LanguageTemplates& chinese() {
  static const NoticeTemplates templates = default_templates();
  return templates.languages.front();
}

bool says(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

TEST(FittedText, RoomForAllThenAllIsSaid) {
  const std::string body = fitted_body(chinese(), notice(), at_most_units(1'000));
  EXPECT_EQ(body, texts_of(default_templates(), notice()).front().body);
}

TEST(FittedText, TheNarrowerTheLessUsefulFactsGoFirstAndNoneIsCut) {
  const Notice whole = notice();
  struct {
    std::size_t units;
    bool place;
    bool clothing;
    bool appearance;
    bool circumstances;
  } const rows[] = {
      {170, true, true, true, true},   {150, true, true, true, false},   {115, true, true, false, false},
      {90, true, false, false, false}, {75, false, false, false, false},
  };
  for (const auto& row : rows) {
    const std::string body = fitted_body(chinese(), whole, at_most_units(row.units));
    EXPECT_LE(utf16_units(body), row.units) << body;
    EXPECT_TRUE(body.starts_with("【演练】")) << body;
    EXPECT_TRUE(says(body, "小石头") && says(body, whole.contact->phone)) << body;
    EXPECT_EQ(says(body, whole.last_seen->place), row.place) << row.units << body;
    EXPECT_EQ(says(body, whole.child->clothing), row.clothing) << row.units << body;
    EXPECT_EQ(says(body, whole.child->appearance), row.appearance) << row.units << body;
    EXPECT_EQ(says(body, whole.circumstances), row.circumstances) << row.units << body;
  }
}

TEST(FittedText, NotEvenWhoAndWhomToCallFitsThenTheHeadlineInItsShortestForm) {
  const std::string body = fitted_body(chinese(), notice(), at_most_units(30));
  EXPECT_EQ(body, "【演练】寻找失踪儿童：小石头，男，6岁");
  EXPECT_EQ(fitted_headline(chinese(), notice(), at_most_units(60)),
            "【演练】寻找失踪儿童：小石头，男，6岁（沈阳市和平区中山广场东侧）");
}

TEST(FittedText, RecallIsSaidAsItStands) {
  Notice recall;
  recall.kind = NoticeKind::close;
  recall.status = Status::actual;
  EXPECT_EQ(fitted_body(chinese(), recall, at_most_units(200)), chinese().close.body);
  EXPECT_EQ(fitted_body(chinese(), recall, at_most_units(20)), chinese().close.headline);
}

TEST(FittedText, LanguagesAreThoseAskedForInTheirOrder) {
  const NoticeTemplates templates = default_templates();
  const std::pair<std::vector<std::string>, std::vector<std::string>> rows[] = {
      {{}, {"zh-CN"}},        {{"en", "zh-CN"}, {"en", "zh-CN"}}, {{"en-GB", "en"}, {"en"}}, {{"ug"}, {"zh-CN"}},
      {{"ug", "en"}, {"en"}},
  };
  for (const auto& [wanted, expected] : rows) {
    std::vector<std::string> chosen;
    for (const LanguageTemplates* language : chosen_languages(templates, wanted)) {
      chosen.push_back(language->language);
    }
    EXPECT_EQ(chosen, expected);
  }
}

TEST(FittedText, CharactersAreCountedAsVendorsDo) {
  EXPECT_EQ(utf16_units("a寻"), 2U);
  EXPECT_EQ(utf16_units("𠮷"), 2U);
  EXPECT_TRUE(at_most_bytes(3)("寻"));
  EXPECT_FALSE(at_most_bytes(2)("寻"));
}

}  // namespace
}  // namespace tuanyuan::core
