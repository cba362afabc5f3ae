#include "tools/station/program_display.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <csignal>
#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tools/station/deployment.hpp"

namespace tuanyuan::station {
namespace {

using core::AnswerKind;
using core::UnableReason;

TEST(ProgramWord, LineThenItsMeaning) {
  EXPECT_EQ(parse_word("displayed\n")->kind, AnswerKind::displayed);
  EXPECT_EQ(parse_word("confirmed \r\n")->kind, AnswerKind::confirmed);
  EXPECT_EQ(parse_word("acting")->kind, AnswerKind::acting);
  EXPECT_EQ(parse_word("unable OFF_AIR\n")->reason, UnableReason::off_air);
  for (const char* line : {"", "\n", "unable", "unable WHATEVER", "Displayed", "displayed now"}) {
    EXPECT_FALSE(parse_word(line)) << line;
  }
}

TEST(ProgramExit, StatusThenItsMeaning) {
  EXPECT_EQ(meaning_of_exit(0).kind, AnswerKind::displayed);
  EXPECT_EQ(meaning_of_exit(10).kind, AnswerKind::confirmed);
  EXPECT_EQ(meaning_of_exit(11).kind, AnswerKind::acting);
  EXPECT_EQ(meaning_of_exit(20).reason, UnableReason::no_staff);
  EXPECT_EQ(meaning_of_exit(24).reason, UnableReason::not_concerned);
  for (const int status : {1, 2, 12, 25, 127}) {
    EXPECT_EQ(meaning_of_exit(status).kind, AnswerKind::unable) << status;
    EXPECT_EQ(meaning_of_exit(status).reason, UnableReason::equipment) << status;
  }
}

class Program : public testing::Test {
 protected:
  // A program that ends without reading its notice breaks the pipe; the station ignores the signal, as main does.
  Program() { std::signal(SIGPIPE, SIG_IGN); }

  void start(std::string command, std::chrono::milliseconds run_ms_max = std::chrono::minutes(1)) {
    display.emplace(loop.get_executor(), lines, std::move(command), run_ms_max, 1);
  }

  void show() {
    Show wish{std::make_shared<const core::Notice>(with_photo(notice_at({1, 0}), "jpeg")),
              std::make_shared<const std::string>("jpeg"),
              {}};
    display->show(core::RecipientId("s"), wish, [this](Shown shown) { told.push_back(shown); });
  }

  void take_down() {
    display->take_down(core::RecipientId("s"),
                       TakeDown{notice_at({2, 0}).alert_id, {2, 0}, TakeDownReason::recalled},
                       [this] { gone += 1; });
  }

  void until(const std::function<bool()>& reached) {
    while (!reached() && loop.run_one_for(std::chrono::seconds(20)) > 0) {
    }
    ASSERT_TRUE(reached());
  }

  std::ostringstream printed;
  JournalLines lines{printed};
  boost::asio::io_context loop{1};
  std::optional<ProgramDisplay> display;
  std::vector<Shown> told;
  int gone = 0;
};

TEST_F(Program, GetsTheNoticeWithItsPhotoOnStandardInput) {
  start(
      "read line; case $line in *'\"event\":\"show\"'*'\"recipientId\":\"s\"'*'\"revision\":1'*'anBlZw=='*) exit "
      "10;; "
      "esac; exit 1");
  show();
  until([&] { return !told.empty(); });
  EXPECT_EQ(told[0].kind, AnswerKind::confirmed);
  EXPECT_EQ(printed.str(), "");
}

TEST_F(Program, SaysWordsBeforeItEndsThenHeardAtOnce) {
  start("cat >/dev/null; echo displayed; echo nonsense; echo acting; exit 20");
  show();
  until([&] { return told.size() == 3; });
  EXPECT_EQ(told[0].kind, AnswerKind::displayed);
  EXPECT_EQ(told[1].kind, AnswerKind::acting);
  EXPECT_EQ(told[2].reason, UnableReason::no_staff);
}

TEST_F(Program, DoesNotReadThenItsExitCountsAllTheSame) {
  start("exit 0");
  show();
  until([&] { return !told.empty(); });
  EXPECT_EQ(told[0].kind, AnswerKind::displayed);
}

TEST_F(Program, RunsTooLongThenEndedAndUnableUnlessItHasSaidSomething) {
  start("exec sleep 1000", std::chrono::milliseconds(1));
  show();
  until([&] { return !told.empty(); });
  EXPECT_EQ(told[0].reason, UnableReason::equipment);
  EXPECT_NE(printed.str().find("program-failed"), std::string::npos);
}

TEST_F(Program, TakeDownWhileItShowsThenThatOneIsEndedAndTheTakeDownRun) {
  start("read line; case $line in *take-down*) exit 0;; esac; echo displayed; exec sleep 1000");
  show();
  until([&] { return told.size() == 1; });
  show();
  take_down();
  until([&] { return gone == 1; });
  EXPECT_EQ(told.size(), 1U) << "what waited to be shown is not shown";
}

TEST_F(Program, DoesNotEndWhenAskedToThenItIsEnded) {
  start("trap '' TERM; while :; do sleep 1000; done", std::chrono::milliseconds(1));
  show();
  until([&] { return !told.empty(); });
  EXPECT_EQ(told[0].reason, UnableReason::equipment);
}

TEST_F(Program, ShownAgainWhileATakeDownWaitsThenItIsNotTakenDown) {
  start("read line; case $line in *take-down*) exit 0;; esac; exit 10");
  show();
  take_down();  // ends the program, and waits for that
  show();
  until([&] { return told.size() == 2; });
  EXPECT_EQ(told[1].kind, AnswerKind::confirmed);
  EXPECT_EQ(gone, 0);
}

TEST_F(Program, ManyNoticesWaitThenARecallGoesBeforeThem) {
  start("cat >/dev/null");
  std::string order;
  for (const char* alert : {"a", "b", "c"}) {
    core::Notice notice = notice_at({1, 0});
    notice.alert_id = core::AlertId(alert);
    display->show(core::RecipientId("s"), Show{std::make_shared<const core::Notice>(notice), nullptr, {}},
                  [&order, alert](Shown) { order += alert; });
  }
  display->take_down(core::RecipientId("s"), TakeDown{core::AlertId("z"), {2, 0}, TakeDownReason::recalled},
                     [&order] { order += "z"; });
  until([&] { return order.size() == 4; });
  EXPECT_EQ(order, "azbc");
}

TEST_F(Program, TakeDownFailsThenRemovalIsNotBelieved) {
  start("exit 1");
  take_down();
  until([&] { return !printed.str().empty(); });
  EXPECT_EQ(gone, 0);
}

TEST_F(Program, StationEndsBeforeItThenTheProgramEndsToo) {
  start("exec sleep 1000");
  show();
  loop.poll();
  display.reset();
}

}  // namespace
}  // namespace tuanyuan::station
