#include "tools/station/picture_display.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
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

  using Told = std::vector<std::string>;

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
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  std::ofstream(std::filesystem::path(file) / "x") << "x";
  show(notice("a"));
  clock.run_for(5min);
  EXPECT_EQ(told, Told{"a unable"});
  EXPECT_NE(printed.str().find("picture-failed"), std::string::npos);
  std::filesystem::remove_all(file);
  clock.run_for(1min);
  EXPECT_EQ(told, (Told{"a unable", "a displayed"}));
  EXPECT_EQ(in_file(), picture_of(*notice("a")));
}

TEST_F(Picture, TakeDownCannotBeWrittenThenNotGoneUntilItIs) {
  show(notice("a"));
  clock.settle();
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  std::ofstream(std::filesystem::path(file) / "x") << "x";
  take_down("a");
  clock.run_for(5min);
  EXPECT_EQ(told, Told{"a displayed"});
  std::filesystem::remove_all(file);
  clock.run_for(1min);
  EXPECT_EQ(told, (Told{"a displayed", "a gone"}));
}

TEST_F(Picture, NoticeInTwoLanguagesThenInTurnAndDisplayedByTheFirst) {
  core::Notice made = *notice("a");
  made.texts.push_back({"en", "[EXERCISE] Missing child", "[EXERCISE] body", ""});
  const auto both = std::make_shared<const core::Notice>(made);
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

TEST_F(Picture, LanguageWantedThenInThatAlone) {
  display.reset();
  start({}, {"en"});
  core::Notice made = *notice("a");
  made.texts.push_back({"en", "[EXERCISE] Missing child", "[EXERCISE] body", ""});
  show(std::make_shared<const core::Notice>(made));
  clock.settle();
  EXPECT_EQ(in_file(), picture_of(made, "", "en"));
  clock.run_for(picture_turn_ms);
  EXPECT_EQ(in_file(), picture_of(made, "", "en"));
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
