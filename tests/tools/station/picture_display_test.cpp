#include "tools/station/picture_display.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/drawing/documents.hpp"
#include "core/poster_text.hpp"
#include "runtime/virtual_clock.hpp"
#include "tools/station/deployment.hpp"
#include "tools/station/folder.hpp"

namespace tuanyuan::station {
namespace {

using namespace std::chrono_literals;

constexpr drawing::Pixels size{320, 240};

class Picture : public testing::Test {
 protected:
  Picture() { start(); }

  void start(const PublicCopies& copies = {}, const std::vector<std::string>& languages = {}) {
    PictureSettings settings;
    settings.size = {size.width, size.height};
    settings.file = file;
    settings.copies = copies;
    settings.languages = languages;
    settings.draw = [this](const ports::PosterContent& content, drawing::Pixels pixels) {
      const std::string face = content.text.name + " " + content.text.language;
      drawn[face] += 1;
      if (broken.contains(face)) {
        throw std::runtime_error("no memory");
      }
      drawing::DisplayPicture picture = drawing::display_png(content, pixels);
      picture.has_essentials = picture.has_essentials && !lacking.contains(face);
      return picture;
    };
    display = std::make_unique<PictureDisplay>(loop.get_executor(), clock, lines, settings, 0);
    clock.settle();
  }

  static std::shared_ptr<const core::Notice> notice(const std::string& id, const std::string& name = "小禾") {
    core::Notice made = notice_at({1, 0});
    made.alert_id = core::AlertId(id);
    made.child = core::Child();
    made.child->name = name;
    made.contact = core::Contact{"值班室", "024-22720110"};
    return std::make_shared<const core::Notice>(std::move(made));
  }

  void show(const std::shared_ptr<const core::Notice>& what) {
    display->show(core::RecipientId("s"), Show{what, nullptr, {}}, [this, id = what->alert_id.value](Shown shown) {
      told.push_back(id + (shown.kind == core::AnswerKind::displayed ? " displayed" : " unable"));
    });
  }

  void take_down(const std::string& id) {
    display->take_down(core::RecipientId("s"), TakeDown{core::AlertId(id), {2, 0}, TakeDownReason::recalled},
                       [this, id] { told.push_back(id + " gone"); });
  }

  std::string in_file() const {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  static std::string picture_of(const core::Notice& what, const std::string& code = "",
                                const std::string& language = "zh-CN") {
    ports::PosterContent content;
    content.text = core::poster_text(what, language);
    content.code = code;
    return drawing::display_png(content, size).png;
  }

  static std::shared_ptr<const core::Notice> in_two_languages(const core::Notice& notice) {
    core::Notice made = notice;
    made.texts.push_back({"en", "[EXERCISE] Missing child", "[EXERCISE] body", ""});
    return std::make_shared<const core::Notice>(made);
  }

  void put_something_in_the_way_of_the_file() const {
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
    std::ofstream(std::filesystem::path(file) / "x") << "x";
  }

  using Told = std::vector<std::string>;

  std::map<std::string, int> drawn;  ///< how often, by name and language
  std::set<std::string> broken;      ///< "小禾 zh-CN": cannot be drawn
  std::set<std::string> lacking;     ///< likewise, not with all that is essential
  Folder folder;
  std::string file = folder / "screen.png";
  std::ostringstream printed;
  JournalLines lines{printed};
  boost::asio::io_context loop{1};
  runtime::VirtualClock clock{loop, today};
  std::unique_ptr<PictureDisplay> display;
  Told told;
};

TEST_F(Picture, NothingInForceThenTheIdleOne) {
  EXPECT_EQ(in_file(), drawing::idle_png(size));
}

TEST_F(Picture, NoticeThenDisplayedOnceItIsInPlaceAndGoneOnceItIsNot) {
  const auto a = notice("a");
  show(a);
  EXPECT_EQ(told, Told{});
  clock.settle();
  EXPECT_EQ(in_file(), picture_of(*a));
  EXPECT_EQ(told, Told{"a displayed"});
  take_down("a");
  EXPECT_EQ(told, Told{"a displayed"});
  clock.settle();
  EXPECT_EQ(in_file(), drawing::idle_png(size));
  EXPECT_EQ(told, (Told{"a displayed", "a gone"}));
  EXPECT_EQ(printed.str().find("小禾"), std::string::npos);
}

TEST_F(Picture, SeveralThenTheyTakeTurnsAndEachIsDisplayedInItsOwn) {
  const auto a = notice("a");
  const auto b = notice("b", "小满");
  show(a);
  show(b);
  clock.settle();
  EXPECT_EQ(told, Told{"a displayed"});
  clock.run_for(picture_turn_ms);
  EXPECT_EQ(in_file(), picture_of(*b));
  EXPECT_EQ(told, (Told{"a displayed", "b displayed"}));
  clock.run_for(picture_turn_ms);
  EXPECT_EQ(in_file(), picture_of(*a));
  EXPECT_EQ(told.size(), 2U);
}

TEST_F(Picture, WantedAgainBeforeItIsGoneThenItIsSaidOnlyOfTheLastTime) {
  show(notice("a"));
  clock.settle();
  take_down("a");
  show(notice("a"));
  clock.settle();
  EXPECT_EQ(told, (Told{"a displayed", "a displayed"}));
  take_down("a");
  clock.settle();
  EXPECT_EQ(told, (Told{"a displayed", "a displayed", "a gone"}));
}

TEST_F(Picture, OneThatIsNotInThePictureIsTakenDownThenGoneAtOnce) {
  show(notice("a"));
  show(notice("b"));
  clock.settle();
  take_down("b");
  EXPECT_EQ(told, (Told{"a displayed", "b gone"}));
  clock.run_for(10 * picture_turn_ms);
  EXPECT_EQ(in_file(), picture_of(*notice("a")));
}

TEST_F(Picture, TakenDownBeforeItWasDrawnThenNeverInPlace) {
  show(notice("a"));
  take_down("a");
  clock.settle();
  EXPECT_EQ(told, Told{"a gone"});
  EXPECT_EQ(in_file(), drawing::idle_png(size));
}

TEST_F(Picture, UpdateThenDrawnAnewAndDisplayedAgain) {
  show(notice("a"));
  clock.settle();
  const auto updated = notice("a", "小满");
  show(updated);
  clock.settle();
  EXPECT_EQ(in_file(), picture_of(*updated));
  EXPECT_EQ(told, (Told{"a displayed", "a displayed"}));
}

TEST_F(Picture, FileCannotBeWrittenThenUnableOnceAndDisplayedWhenItCan) {
  put_something_in_the_way_of_the_file();
  show(notice("a"));
  clock.run_for(5min);
  EXPECT_EQ(told, Told{"a unable"});
  EXPECT_NE(printed.str().find("picture-failed"), std::string::npos);
  std::filesystem::remove_all(file);
  clock.run_for(1min);
  EXPECT_EQ(told, (Told{"a unable", "a displayed"}));
  EXPECT_EQ(in_file(), picture_of(*notice("a")));
}

TEST_F(Picture, FileCannotBeWrittenThenUnableForAllThatAreNotDisplayedYet) {
  show(notice("a"));
  clock.settle();
  put_something_in_the_way_of_the_file();
  show(notice("b"));
  show(notice("c"));
  clock.run_for(1min);
  EXPECT_EQ(told, (Told{"a displayed", "b unable", "c unable"}));
  std::filesystem::remove_all(file);
  clock.run_for(2min);
  EXPECT_EQ(told, (Told{"a displayed", "b unable", "c unable", "b displayed", "c displayed"}));
}

TEST_F(Picture, OneOfSeveralCannotBeDrawnThenUnableAndTheOthersTakeTurns) {
  broken = {"小满 zh-CN"};
  show(notice("a"));
  show(notice("b", "小满"));
  show(notice("c"));
  clock.run_for(6 * picture_turn_ms);
  EXPECT_EQ(told, (Told{"a displayed", "b unable", "c displayed"}));
  EXPECT_NE(printed.str().find(R"("alert_id":"b","language":"zh-CN","reason":"no memory")"), std::string::npos);
  EXPECT_EQ(printed.str().find("小满"), std::string::npos);
  broken.clear();
  clock.run_for(3 * picture_turn_ms);
  EXPECT_EQ(told, (Told{"a displayed", "b unable", "c displayed", "b displayed"}));
}

/// Each of a notice in Chinese and English: "+" for what is drawn, "-" for what lacks something essential, "!" for
/// what cannot be drawn at all.
TEST_F(Picture, SomeLanguagesCannotBeDrawnThenDisplayedByAnyAndUnableWhereNoneIsLeft) {
  const struct {
    char chinese;
    char english;
    const char* told;
  } rows[] = {
      {'+', '+', "a displayed"}, {'+', '-', "a displayed"}, {'+', '!', "a displayed"},
      {'-', '+', "a displayed"}, {'!', '+', "a displayed"}, {'-', '-', "a unable"},
      {'-', '!', "a unable"},    {'!', '-', "a unable"},    {'!', '!', "a unable"},
  };
  for (const auto& row : rows) {
    told.clear();
    broken.clear();
    lacking.clear();
    const auto is = [&](char how, const std::string& face) {
      if (how != '+') {
        (how == '!' ? broken : lacking).insert(face);
      }
    };
    is(row.chinese, "小禾 zh-CN");
    is(row.english, "小禾 en");
    const auto both = in_two_languages(*notice("a"));
    show(both);
    clock.run_for(5 * picture_turn_ms);
    EXPECT_EQ(told, Told{row.told}) << row.chinese << row.english;
    const bool has_chinese = in_file() == picture_of(*both);
    const bool has_english = in_file() == picture_of(*both, "", "en");
    EXPECT_EQ(has_chinese || has_english, row.chinese != '!' || row.english != '!') << row.chinese << row.english;
    take_down("a");
    clock.settle();
    EXPECT_EQ(told.back(), "a gone");
    EXPECT_EQ(in_file(), drawing::idle_png(size));
  }
}

TEST_F(Picture, RecalledWhileAnotherCannotBeDrawnThenGoneAllTheSame) {
  broken = {"小满 zh-CN"};
  show(notice("a"));
  show(notice("b", "小满"));
  clock.settle();
  take_down("a");
  clock.settle();
  EXPECT_EQ(told, (Told{"a displayed", "b unable", "a gone"}));
  EXPECT_EQ(in_file(), drawing::idle_png(size));
}

TEST_F(Picture, UpdateCannotBeDrawnThenWhatIsOutdatedIsGone) {
  broken = {"小满 zh-CN"};
  show(notice("a"));
  clock.settle();
  core::Notice updated = *notice("a", "小满");
  updated.version.revision = 2;
  show(std::make_shared<const core::Notice>(updated));
  clock.settle();
  EXPECT_EQ(told, (Told{"a displayed", "a unable"}));
  EXPECT_EQ(in_file(), drawing::idle_png(size));
}

TEST_F(Picture, TakeDownCannotBeWrittenThenNotGoneUntilItIs) {
  show(notice("a"));
  clock.settle();
  put_something_in_the_way_of_the_file();
  take_down("a");
  clock.run_for(5min);
  EXPECT_EQ(told, Told{"a displayed"});
  std::filesystem::remove_all(file);
  clock.run_for(1min);
  EXPECT_EQ(told, (Told{"a displayed", "a gone"}));
}

TEST_F(Picture, NoticeInTwoLanguagesThenInTurnAndDisplayedByTheFirst) {
  const auto both = in_two_languages(*notice("a"));
  ASSERT_NE(picture_of(*both, "", "en"), picture_of(*both));
  show(both);
  clock.settle();
  EXPECT_EQ(in_file(), picture_of(*both));
  EXPECT_EQ(told, Told{"a displayed"});
  clock.run_for(picture_turn_ms);
  EXPECT_EQ(in_file(), picture_of(*both, "", "en"));
  clock.run_for(picture_turn_ms);
  EXPECT_EQ(in_file(), picture_of(*both));
  EXPECT_EQ(told, Told{"a displayed"}) << "once";
  take_down("a");
  clock.settle();
  EXPECT_EQ(in_file(), drawing::idle_png(size));
}

TEST_F(Picture, TurnsComeAgainThenNothingIsDrawnTwiceUnlessItHasChanged) {
  show(in_two_languages(*notice("a")));
  show(notice("b", "小满"));
  clock.run_for(20 * picture_turn_ms);
  const std::map<std::string, int> once = {{"小禾 zh-CN", 1}, {"小禾 en", 1}, {"小满 zh-CN", 1}};
  EXPECT_EQ(drawn, once);
  show(notice("b", "小满"));
  clock.run_for(20 * picture_turn_ms);
  EXPECT_EQ(drawn["小满 zh-CN"], 2);
  take_down("a");
  clock.settle();
  show(in_two_languages(*notice("a")));
  clock.run_for(20 * picture_turn_ms);
  EXPECT_EQ(drawn["小禾 zh-CN"], 2) << "what was taken down was kept nowhere";
  EXPECT_EQ(drawn["小满 zh-CN"], 2);
}

TEST_F(Picture, FileCannotBeWrittenThenDrawnOnce) {
  put_something_in_the_way_of_the_file();
  show(notice("a"));
  clock.run_for(5min);
  EXPECT_EQ(drawn["小禾 zh-CN"], 1);
}

TEST_F(Picture, SomethingEssentialFindsNoRoomThenItIsSaidOnceInALine) {
  lacking = {"小禾 en"};
  show(in_two_languages(*notice("a")));
  clock.run_for(10 * picture_turn_ms);
  const std::string line = R"("alert_id":"a","language":"en","reason":"what is essential finds no room")";
  EXPECT_NE(printed.str().find(line), std::string::npos);
  EXPECT_EQ(printed.str().find(line), printed.str().rfind(line));
}

TEST_F(Picture, LanguageWantedThenInThatAlone) {
  display.reset();
  start({}, {"en"});
  const auto both = in_two_languages(*notice("a"));
  show(both);
  clock.settle();
  EXPECT_EQ(in_file(), picture_of(*both, "", "en"));
  clock.run_for(picture_turn_ms);
  EXPECT_EQ(in_file(), picture_of(*both, "", "en"));
}

TEST_F(Picture, AlertThatMayHaveAPublicCopyThenItsCodeAndOthersNone) {
  display.reset();
  start({"https://a.cn/", false});
  core::Notice made = *notice("a");
  made.status = core::Status::actual;
  const auto actual = std::make_shared<const core::Notice>(made);
  made.version.revision = 0;
  const auto lookout = std::make_shared<const core::Notice>(made);
  ASSERT_NE(picture_of(*actual, "https://a.cn/a"), picture_of(*actual));
  show(lookout);
  clock.settle();
  EXPECT_EQ(in_file(), picture_of(*lookout)) << "it was released to nobody";
  show(actual);
  clock.settle();
  EXPECT_EQ(in_file(), picture_of(*actual, "https://a.cn/a"));
  show(notice("a"));
  clock.settle();
  EXPECT_EQ(in_file(), picture_of(*notice("a"))) << "of an exercise only where they have one";
  display.reset();
  start({"https://a.cn/", true});
  show(notice("a"));
  clock.settle();
  EXPECT_EQ(in_file(), picture_of(*notice("a"), "https://a.cn/a"));
}

TEST_F(Picture, StationStopsThenTheIdleOneIsLeft) {
  show(notice("a"));
  clock.settle();
  display.reset();
  EXPECT_EQ(in_file(), drawing::idle_png(size));
}

TEST_F(Picture, LeftByAnEarlierRunThenReplacedAtTheStart) {
  display.reset();
  std::ofstream(file, std::ios::binary) << "what was shown then";
  start();
  EXPECT_EQ(in_file(), drawing::idle_png(size));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(std::filesystem::path(file).parent_path()), {}), 1);
}

TEST_F(Picture, FolderThatIsNotThereThenRefusedAtTheStart) {
  PictureSettings settings;
  settings.size = {320, 240};
  settings.file = "/nowhere/screen.png";
  EXPECT_THROW(PictureDisplay(loop.get_executor(), clock, lines, settings, 0), std::runtime_error);
}

TEST_F(Picture, OnAThreadOfItsOwnThenTheSame) {
  display.reset();
  PictureSettings settings;
  settings.size = {size.width, size.height};
  settings.file = file;
  display = std::make_unique<PictureDisplay>(loop.get_executor(), clock, lines, settings, 1);
  show(notice("a"));
  while (told.empty() && loop.run_one_for(20s) > 0) {
  }
  EXPECT_EQ(told, Told{"a displayed"});
  EXPECT_EQ(in_file(), picture_of(*notice("a")));
  display.reset();
  EXPECT_EQ(in_file(), drawing::idle_png(size));
}

TEST(PictureSize, TextThenWidthAndHeightOrNothing) {
  const auto good = parse_picture_size("1920x1080");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->width, 1920);
  EXPECT_EQ(good->height, 1080);
  for (const char* text : {"", "x", "1920", "1920x", "x1080", "1920X1080", "1920x1080x", "159x200", "200x7681",
                           "-1x200", "99999999999x200", " 1920x1080"}) {
    EXPECT_FALSE(parse_picture_size(text)) << text;
  }
}

}  // namespace
}  // namespace tuanyuan::station
