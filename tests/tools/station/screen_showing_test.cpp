// What a screen says of itself goes by what its pages have painted and taken off, and by nothing else.
#include "tools/station/screen_fixture.hpp"

namespace tuanyuan::station {
namespace {

using namespace std::chrono_literals;
using Heard = std::vector<ToldOf>;

TEST_F(ScreenTest, NoPageHasPaintedItThenNothingIsDisplayed) {
  settle();
  show(notice(alert_a));
  account("p1", held(alert_a, 1, false));
  EXPECT_EQ(heard(), Heard{});
  account("p1", held(alert_a));
  EXPECT_EQ(heard(), (Heard{of(alert_a, 1, AnswerKind::displayed)}));
  account("p1", held(alert_a));
  account("p2", held(alert_a));
  EXPECT_EQ(heard(), Heard{}) << "once is enough";
}

TEST_F(ScreenTest, NoPageInTimeThenUnableAndDisplayedAllTheSameWhenOneComes) {
  settle();
  show(notice(alert_a));
  pass(Screen::unpainted_ms_max - Screens::tick_ms);
  EXPECT_EQ(heard(), Heard{});
  pass(2 * Screens::tick_ms);
  EXPECT_EQ(heard(), (Heard{of(alert_a, 1, AnswerKind::unable, "hub", UnableReason::equipment)}));
  pass(10min);
  EXPECT_EQ(heard(), Heard{});
  account("p1", held(alert_a));
  EXPECT_EQ(heard(), (Heard{of(alert_a, 1, AnswerKind::displayed)}));
}

TEST_F(ScreenTest, WaitsForItsTurnBehindOthersThenNotUnableSoSoon) {
  settle();
  show(notice(alert_a));
  show(notice(alert_b));
  const std::string both = held(alert_a) + "," + held(alert_b, 1, false);
  for (Steady time{0}; time < 2 * Screen::unpainted_ms_max; time += Steady{10'000}) {
    account("p1", both);
    pass(Steady{10'000});
  }
  EXPECT_EQ(heard(), (Heard{of(alert_a, 1, AnswerKind::displayed)}));
  pass(Screen::silence_ms_max + 2 * Screens::tick_ms);
  EXPECT_EQ(heard(), (Heard{of(alert_b, 1, AnswerKind::unable, "hub", UnableReason::equipment)})) << "p1 is lost";
}

TEST_F(ScreenTest, PaintedThenNeverUnable) {
  settle();
  show(notice(alert_a));
  account("p1", held(alert_a));
  heard();
  pass(10min);
  EXPECT_EQ(heard(), Heard{});
}

TEST_F(ScreenTest, AnotherRevisionThenPaintedAnewAndAnotherStepNot) {
  settle();
  show(notice(alert_a));
  account("p1", held(alert_a));
  heard();
  core::Notice wider = notice(alert_a);
  wider.version.step = 1;
  show(wider);
  account("p1", held(alert_a));
  EXPECT_EQ(heard(), Heard{});
  show(notice(alert_a, 2));
  account("p1", held(alert_a, 1));
  EXPECT_EQ(heard(), Heard{}) << "what is painted is the old one";
  account("p1", held(alert_a, 2));
  EXPECT_EQ(heard(), (Heard{of(alert_a, 2, AnswerKind::displayed)}));
}

TEST_F(ScreenTest, RecalledThenRemovedWhenEveryPageHasTakenItDown) {
  settle();
  show(notice(alert_a));
  account("p1", held(alert_a));
  account("p2", held(alert_a));
  heard();
  const std::uint64_t before = screens->own()->serial();
  take_down(alert_a);
  account("p1", "");
  EXPECT_EQ(heard(), Heard{}) << "p2 still shows it";
  account("p2", "", "/", before);
  EXPECT_EQ(heard(), Heard{}) << "that was before it knew";
  account("p2", held(alert_a));
  EXPECT_EQ(heard(), Heard{});
  account("p2", "");
  EXPECT_EQ(heard(), (Heard{of(alert_a, 1, AnswerKind::removed)}));
  EXPECT_EQ(gone, 1);
}

TEST_F(ScreenTest, RecalledWhileNoPageEverHadItThenRemovedAtOnce) {
  settle();
  account("p1", "");
  take_down(alert_a);
  EXPECT_EQ(gone, 1);
}

TEST_F(ScreenTest, HandedToAPageThatHasNotPaintedItThenItMayHaveIt) {
  settle();
  account("p1", "");
  show(notice(alert_a));
  EXPECT_EQ(ask(get("/current.json?page=p1")).status, 200);
  take_down(alert_a);
  EXPECT_EQ(gone, 0);
  account("p1", "");
  EXPECT_EQ(gone, 1);
}

TEST_F(ScreenTest, PageLostWhileItShowsThenRemovedOnlyWhenItHasExpired) {
  settle();
  show(notice(alert_a));
  account("p1", "");
  ask(get("/current.json?page=p1"));
  account("p1", held(alert_a));
  heard();
  take_down(alert_a);
  pass(23h);
  EXPECT_EQ(gone, 0) << "without its station it goes on showing it";
  pass(1h + 2 * Screen::page_clock_ms_max);
  EXPECT_EQ(gone, 1);
  EXPECT_EQ(screens->own()->pages(), 0U);
}

TEST_F(ScreenTest, LostPageComesBackWithoutItThenRemoved) {
  settle();
  show(notice(alert_a));
  account("p1", held(alert_a));
  take_down(alert_a);
  pass(10min);
  EXPECT_EQ(gone, 0);
  account("p1", "");
  EXPECT_EQ(gone, 1);
}

TEST_F(ScreenTest, PageClosesThenItShowsNothing) {
  settle();
  show(notice(alert_a));
  account("p1", held(alert_a));
  take_down(alert_a);
  EXPECT_EQ(gone, 0);
  http::Request beacon = post("/shown", R"({"page":"p1","serial":0,"holds":[],"closed":true})");
  beacon.content_type = "text/plain;charset=UTF-8";
  EXPECT_EQ(ask(beacon).status, 200);
  EXPECT_EQ(gone, 1);
}

TEST_F(ScreenTest, RecalledBeforePagesOfAFormerRunAreBackThenTheyAreWaitedFor) {
  screens->online(core::RecipientId("hub"));
  take_down(alert_a);
  EXPECT_EQ(gone, 0);
  account("p1", held(alert_a), "/", 1);
  pass(Screen::return_ms_max);
  EXPECT_EQ(gone, 0) << "one came back with it";
  account("p1", "");
  EXPECT_EQ(gone, 1);
}

TEST_F(ScreenTest, WantedAgainWhileItIsTakenDownThenNotRemoved) {
  settle();
  show(notice(alert_a));
  account("p1", held(alert_a));
  take_down(alert_a);
  show(notice(alert_a, 3));
  heard();
  account("p1", held(alert_a, 3));
  EXPECT_EQ(heard(), (Heard{of(alert_a, 3, AnswerKind::displayed)}));
  EXPECT_EQ(gone, 0);
}

TEST_F(ScreenTest, NotSubscribedYetThenPagesAreToldThatMoreMayCome) {
  pass(1h);
  EXPECT_FALSE(current().at("settled").as_bool());
  screens->online(core::RecipientId("hub"));
  EXPECT_FALSE(current().at("settled").as_bool());
  const std::uint64_t before = screens->own()->serial();
  pass(Screen::settle_ms_max + Screens::tick_ms);
  EXPECT_TRUE(current().at("settled").as_bool());
  EXPECT_GT(screens->own()->serial(), before) << "so that they are told";
}

TEST_F(ScreenTest, PersonConfirmsWhatIsPaintedThenConfirmed) {
  settle();
  show(notice(alert_a));
  EXPECT_EQ(say("p1", alert_a, 1, "CONFIRMED"), 404) << "an unknown page";
  account("p1", held(alert_a, 1, false));
  EXPECT_EQ(say("p1", alert_a, 1, "CONFIRMED"), 409) << "nobody has read what was not painted";
  account("p1", held(alert_a));
  heard();
  EXPECT_EQ(say("p1", alert_a, 1, "CONFIRMED"), 200);
  EXPECT_EQ(say("p1", alert_a, 1, "ACTING"), 200);
  EXPECT_EQ(say("p1", alert_a, 1, "UNABLE", "NO_STAFF"), 200);
  EXPECT_EQ(heard(), (Heard{of(alert_a, 1, AnswerKind::confirmed), of(alert_a, 1, AnswerKind::acting),
                            of(alert_a, 1, AnswerKind::unable, "hub", UnableReason::no_staff)}));
  const boost::json::value notices = current().at("notices");
  EXPECT_EQ(notices.at(0).at("answered").as_array(), (boost::json::array{"CONFIRMED", "ACTING", "UNABLE"}));
}

TEST_F(ScreenTest, PersonConfirmsWhatIsNotInForceAnyMoreThenRefused) {
  settle();
  show(notice(alert_a));
  account("p1", held(alert_a));
  show(notice(alert_a, 2));
  EXPECT_EQ(say("p1", alert_a, 1, "CONFIRMED"), 409);
  take_down(alert_a);
  EXPECT_EQ(say("p1", alert_a, 2, "CONFIRMED"), 409);
  EXPECT_EQ(say("p1", alert_b, 1, "CONFIRMED"), 409);
  for (const ToldOf& one : heard()) {
    EXPECT_NE(one.kind, AnswerKind::confirmed);
  }
}

TEST_F(ScreenTest, TwoScreensThenEachForItself) {
  settle();
  show(notice(alert_a), {"hub", "m1"});
  account("p1", held(alert_a));
  EXPECT_EQ(heard(), (Heard{of(alert_a, 1, AnswerKind::displayed, "hub")}));
  account("p1", held(alert_a), "/screens/m1/");
  EXPECT_EQ(heard(), (Heard{of(alert_a, 1, AnswerKind::displayed, "m1")}));
  take_down(alert_a);
  account("p1", "", "/screens/m1/");
  EXPECT_EQ(heard(), (Heard{of(alert_a, 1, AnswerKind::removed, "m1")})) << "the other may go on";
  EXPECT_EQ(gone, 0);
  account("p1", "");
  EXPECT_EQ(gone, 1);
}

TEST_F(ScreenTest, OneOfTwoIsOutsideNowThenItsScreenAloneIsEmptied) {
  settle();
  show(notice(alert_a), {"hub", "m1"});
  account("p1", held(alert_a));
  account("p2", held(alert_a), "/screens/m1/");
  heard();
  show(notice(alert_a, 2), {"hub"});
  EXPECT_EQ(current().at("notices").as_array().size(), 1U);
  EXPECT_EQ(current("/screens/m1/").at("notices").as_array().size(), 0U);
  EXPECT_EQ(heard(), Heard{});
  account("p2", "", "/screens/m1/");
  EXPECT_EQ(heard(), (Heard{of(alert_a, 2, AnswerKind::removed, "m1")}));
}

TEST_F(ScreenTest, MorePagesThanThereIsRoomForThenRefusedUntilOneIsLost) {
  settle();
  for (std::size_t i = 0; i < Screen::pages_max; ++i) {
    EXPECT_EQ(account("p" + std::to_string(i), ""), 200);
  }
  EXPECT_EQ(account("one-more", ""), 503);
  pass(Screen::silence_ms_max + 2 * Screens::tick_ms);
  EXPECT_EQ(account("one-more", ""), 200);
}

}  // namespace
}  // namespace tuanyuan::station
