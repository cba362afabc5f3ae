#include <gmock/gmock.h>

#include "tools/ctl/board_view.hpp"
#include "tools/ctl/fake_daemon.hpp"
#include "tools/ctl/json_view.hpp"
#include "tools/ctl/progress.hpp"

namespace tuanyuan::ctl {
namespace {

using testing::HasSubstr;

std::string board(int received, int confirmed) {
  return R"({"alertId":"a1","revision":1,"step":0,"expected":10,"unexpected":1,"counts":{"RECEIVED":)" +
         std::to_string(received) + R"(,"CONFIRMED":)" + std::to_string(confirmed) + R"(},"silentTotal":2})";
}

constexpr const char* alert = R"({"id":"a1","releasedAt":"2026-11-22T07:59:59Z"})";
constexpr const char* news = "event: acknowledgement\nid: 9\ndata: {\"alertId\":\"a1\"}\n\n";

TEST(Progress, NobodyExpectedThenNothingIsReached) {
  Progress progress("a1");
  EXPECT_FALSE(progress.reached("RECEIVED"));
  progress.take_board(*parse_json(R"({"expected":0})"), {});
  EXPECT_FALSE(progress.reached("RECEIVED"));
}

TEST(Progress, LastOneReceivedThenTheTimeSinceTheRelease) {
  Progress progress("a1");
  progress.set_released_at(core::from_epoch_ms(1'000));
  progress.take_board(*parse_json(board(9, 0)), core::from_epoch_ms(1'500));
  EXPECT_FALSE(progress.release_to_last_received_ms());
  progress.take_board(*parse_json(board(10, 0)), core::from_epoch_ms(1'750));
  progress.take_board(*parse_json(board(10, 10)), core::from_epoch_ms(2'000));
  EXPECT_EQ(progress.release_to_last_received_ms(), 750);
  EXPECT_EQ(text_at(progress.summary(), "confirmed"), "10");
}

TEST(Progress, LineThenBarsAsWideAsTheTerminalLets) {
  Progress progress("a1");
  progress.take_board(*parse_json(board(10, 5)), {});
  const std::chrono::milliseconds time(1'250);
  EXPECT_EQ(progress.line(time, 160),
            "   1.2 s  10 expected  received ████████████ 10  displayed ░░░░░░░░░░░░ 0  confirmed ██████░░░░░░ 5  "
            "silent 2");
  EXPECT_EQ(progress.line(time, 90),
            "   1.2 s  10 expected  received █████ 10  displayed ░░░░░ 0  confirmed ██░░░ 5  silent 2");
  EXPECT_EQ(progress.line(time, 75), "   1.2 s  10 expected  received 10  displayed 0  confirmed 5  silent 2");
  EXPECT_EQ(progress.line(time, 10), "   1.2 s  ");
}

TEST(Watch, UntilAllConfirmedThenTheSums) {
  FakeDaemon daemon;
  daemon.stream({news, news}).on("GET /alerts/a1", 200, alert);
  daemon.on("GET /alerts/a1/board", 200, board(4, 0)).on("GET /alerts/a1/board", 200, board(10, 3));
  daemon.on("GET /alerts/a1/board", 200, board(10, 10));
  EXPECT_EQ(daemon.run({"watch", "a1", "--until", "CONFIRMED", "--json"}), 0);
  const auto sums = parse_json(daemon.out.str());
  ASSERT_TRUE(sums);
  EXPECT_EQ(number_at(*sums, "expected"), 10);
  EXPECT_EQ(number_at(*sums, "confirmed"), 10);
  EXPECT_EQ(number_at(*sums, "releaseToLastReceivedMs"), 1'050) << "one short wait after the event";
}

TEST(Watch, NotReachedInTimeThenStatusOneAndTheSumsAllTheSame) {
  FakeDaemon daemon;
  daemon.on("GET /alerts/a1", 200, alert).on("GET /alerts/a1/board", 200, board(4, 0));
  EXPECT_EQ(daemon.run({"watch", "a1", "--until", "RECEIVED", "--patience", "5"}), 1);
  EXPECT_THAT(daemon.out.str(), HasSubstr("4 received"));
  EXPECT_EQ(daemon.requests.size(), 2U + 6U) << "without events the board is looked at once a second";
}

TEST(Watch, UnknownAlertThenRefused) {
  FakeDaemon daemon;
  daemon.on("GET /alerts/a1", 404, R"({"title":"there is no such thing"})");
  EXPECT_EQ(daemon.run({"watch", "a1"}), 1);
}

TEST(Release, FollowedThenListensBeforeItReleases) {
  FakeDaemon daemon;
  daemon.stream({news}).on("POST /reports/r1:release", 201, alert).on("GET /alerts/a1", 200, alert);
  daemon.on("GET /alerts/a1/board", 200, board(10, 10));
  EXPECT_EQ(daemon.run({"report", "release", "r1", "--follow", "--until", "CONFIRMED"}), 0);
  EXPECT_EQ(daemon.requests[0].target, "/events");
  EXPECT_EQ(daemon.requests[1].target, "/reports/r1:release");
}

TEST(Board, ShownThenSumsGroupsAndWhomToTelephone) {
  const std::string text = board_view(*parse_json(R"({"alertId":"a1","revision":1,"step":0,"expected":4,
    "unexpected":1,"counts":{"RECEIVED":3,"CONFIRMED":2},
    "byCategory":{"hospital":{"expected":4,"counts":{"RECEIVED":3}}},"byRing":{"100":{"expected":4,"counts":{}}},
    "byChannel":{"webhook":{"expected":3,"counts":{"RECEIVED":2}}},"forecast":{"waiting":2,
    "sentBy":"2026-11-22T08:03:00Z","channels":[{"channel":"sms","waiting":2,"ahead":7,"sentBy":"2026-11-22T08:03:00Z"}]},
    "silent":[{"recipientId":"h1","name":"第一医院","category":"hospital","liaison":{"post":"总值班室",
    "telephone":"024-5550-0501"},"tried":["webhook","sms"],"endpoints":[{"channel":"webhook","state":"HELD"},
    {"channel":"sms","state":"RETIRED"}],"nextStep":"telephone","dueAt":"2026-11-22T08:05:00Z",
    "awaited":"CONFIRMED","reason":"NO_STAFF"}],"silentTotal":3})"));
  EXPECT_THAT(text, HasSubstr("expected 4, unexpected 1, silent 3"));
  EXPECT_THAT(text, HasSubstr("RECEIVED   ██████████████████████░░░░░░░░  3  75%"));
  EXPECT_THAT(text, HasSubstr("hospital         4         3"));
  EXPECT_THAT(text, HasSubstr("ring km"));
  EXPECT_THAT(text, HasSubstr("024-5550-0501"));
  EXPECT_THAT(text, HasSubstr("and 2 more"));
  EXPECT_THAT(text, HasSubstr("webhook         3         2"));
  EXPECT_THAT(text, HasSubstr("the last will have been sent to: 2026-11-22T08:03:00Z"));
  EXPECT_THAT(text, HasSubstr("sms               2            7  2026-11-22T08:03:00Z"));
  EXPECT_THAT(text, HasSubstr("webhook, sms  webhook HELD, sms RETIRED  CONFIRMED  NO_STAFF  telephone"));
}

}  // namespace
}  // namespace tuanyuan::ctl
