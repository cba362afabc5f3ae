#include "tools/station/screen_with_picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tools/station/deployment.hpp"

namespace tuanyuan::station {
namespace {

using core::AnswerKind;
using core::UnableReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const core::RecipientId own("s");
const core::RecipientId other("member");

/// Says what the test has it say.
class Scripted final : public Display {
 public:
  void show(const core::RecipientId&, const Show&, std::function<void(Shown)> say) override {
    shows = true;
    told = std::move(say);
  }
  void take_down(const core::RecipientId&, const TakeDown&, std::function<void()> say) override {
    shows = false;
    gone = std::move(say);
  }
  void sighting(const core::RecipientId&, const ShowSighting&) override { ++sightings; }

  bool shows = false;
  int sightings = 0;
  std::function<void(Shown)> told;
  std::function<void()> gone;
};

class Together : public testing::Test {
 protected:
  Together() {
    auto screens = std::make_unique<Scripted>();
    auto pictures = std::make_unique<Scripted>();
    page = screens.get();
    picture = pictures.get();
    display = std::make_unique<ScreenWithPicture>(std::move(screens), std::move(pictures), own);
  }
  void show(std::vector<core::RecipientId> recipients = {own, other}, std::uint32_t revision = 1) {
    core::Notice notice = notice_at({revision, 0});
    notice.alert_id = core::AlertId("a");
    display->show(own, Show{std::make_shared<const core::Notice>(notice), nullptr, std::move(recipients)},
                  [this](const Shown& said) {
                    told.push_back(std::string(core::to_string(said.kind)) + " " +
                                   (said.recipient ? said.recipient->value : std::string("all")));
                  });
  }
  void take_down() {
    display->take_down(own, TakeDown{core::AlertId("a"), {2, 0}, TakeDownReason::recalled},
                       [this] { told.emplace_back("gone"); });
  }
  static Shown said(AnswerKind kind, const core::RecipientId& who, UnableReason why = UnableReason::none) {
    return {kind, why, who};
  }

  const Shown by_itself{AnswerKind::unable, UnableReason::equipment, std::nullopt, true};
  const Shown page_cannot{AnswerKind::unable, UnableReason::equipment, own, true};
  Scripted* page = nullptr;
  Scripted* picture = nullptr;
  std::unique_ptr<ScreenWithPicture> display;
  std::vector<std::string> told;
};

TEST_F(Together, EitherShowsItThenDisplayedByTheStation) {
  show();
  picture->told(Shown{});
  EXPECT_THAT(told, ElementsAre("DISPLAYED s"));
  page->told(said(AnswerKind::displayed, own));
  EXPECT_THAT(told, ElementsAre("DISPLAYED s", "DISPLAYED s"));
}

TEST_F(Together, WhatPeopleAnswerAndWhatOthersSayIsPassedOn) {
  show();
  page->told(said(AnswerKind::confirmed, own));
  picture->told(Shown{});
  page->told(said(AnswerKind::unable, own, UnableReason::equipment));
  page->told(said(AnswerKind::unable, other, UnableReason::equipment));
  EXPECT_THAT(told, ElementsAre("CONFIRMED s", "DISPLAYED s", "UNABLE s", "UNABLE member"));
}

TEST_F(Together, NeitherShowsItThenThePageSaysSoInItsTime) {
  show();
  picture->told(by_itself);
  EXPECT_THAT(told, IsEmpty()) << "a page may yet be opened";
  page->told(page_cannot);
  EXPECT_THAT(told, ElementsAre("UNABLE s"));
}

TEST_F(Together, PictureShowsItThenThatNoPageIsOpenIsNoFailure) {
  show();
  picture->told(by_itself);
  picture->told(Shown{});
  page->told(page_cannot);
  EXPECT_THAT(told, ElementsAre("DISPLAYED s"));
  show();  // the same revision, with its photo
  page->told(page_cannot);
  EXPECT_THAT(told, ElementsAre("DISPLAYED s"));
  show({own, other}, 2);
  page->told(page_cannot);
  EXPECT_THAT(told, ElementsAre("DISPLAYED s", "UNABLE s"));
}

TEST_F(Together, TakenDownThenRemovedAndGoneOnceNeitherShowsIt) {
  show();
  take_down();
  page->told(said(AnswerKind::removed, own));
  page->told(said(AnswerKind::removed, other));
  page->gone();
  EXPECT_THAT(told, ElementsAre("REMOVED member"));
  picture->gone();
  EXPECT_THAT(told, ElementsAre("REMOVED member", "REMOVED s", "gone"));
}

TEST_F(Together, PictureIsEmptyFirstThenThePageIsWaitedFor) {
  show();
  take_down();
  picture->gone();
  EXPECT_THAT(told, IsEmpty());
  page->told(said(AnswerKind::removed, own));
  page->gone();
  EXPECT_THAT(told, ElementsAre("REMOVED s", "gone"));
}

TEST_F(Together, ForOthersOnlyThenNoPictureIsWaitedFor) {
  show({other});
  EXPECT_FALSE(picture->shows);
  page->told(said(AnswerKind::displayed, other));
  EXPECT_THAT(told, ElementsAre("DISPLAYED member"));
}

TEST_F(Together, ForTheStationNoLongerThenItsPictureIsTakenDownAsWell) {
  show();
  show({other});
  EXPECT_FALSE(picture->shows);
  page->told(said(AnswerKind::removed, own));
  EXPECT_THAT(told, IsEmpty());
  picture->gone();
  EXPECT_THAT(told, ElementsAre("REMOVED s"));
}

}  // namespace
}  // namespace tuanyuan::station
