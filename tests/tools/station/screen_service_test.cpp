// The screens over HTTP: what they say, to whom, and what they refuse.
#include "tools/station/screen_fixture.hpp"

#include <boost/asio/detached.hpp>

#include "adapters/drawing/qr_modules.hpp"
#include "tools/station/printing_display.hpp"
#include "tools/station/qr_code.hpp"

namespace tuanyuan::station {
namespace {

using namespace std::chrono_literals;

TEST_F(ScreenTest, NothingInForceThenCurrentIsEmptyAndNamesTheStation) {
  settle();
  const boost::json::object now = current();
  EXPECT_EQ(now.at("station").at("recipientId").as_string(), "hub");
  EXPECT_EQ(now.at("station").at("name").as_string(), "沈阳站");
  EXPECT_TRUE(now.at("notices").as_array().empty());
  EXPECT_EQ(now.at("now").as_int64(), core::to_epoch_ms(clock.wall_now()));
}

TEST_F(ScreenTest, InForceThenCurrentSaysWhatOtherProgramsNeed) {
  core::Notice one = with_photo(notice(alert_a), "jpeg");
  one.status = core::Status::actual;
  one.contact = core::Contact{"沈阳市公安局", "110"};
  show(one, {"hub"}, "jpeg");
  const boost::json::value listed = current().at("notices").at(0);
  EXPECT_EQ(listed.at("alertId").as_string(), alert_a.value);
  EXPECT_EQ(listed.at("revision").as_int64(), 1);
  EXPECT_EQ(listed.at("step").as_int64(), 0);
  EXPECT_EQ(listed.at("kind").as_string(), "ALERT");
  EXPECT_EQ(listed.at("status").as_string(), "ACTUAL");
  EXPECT_EQ(listed.at("audience").as_string(), "PARTNER");
  EXPECT_EQ(listed.at("issuedAt"), notice_json(one).at("issuedAt"));
  EXPECT_EQ(listed.at("expiresAt"), notice_json(one).at("expiresAt"));
  EXPECT_EQ(listed.at("texts").at(0).at("headline").as_string(), "【演练】寻找儿童");
  EXPECT_EQ(listed.at("contact").at("phone").as_string(), "110");
  EXPECT_TRUE(listed.at("hasPhoto").as_bool());
  EXPECT_EQ(listed.at("publicCopy").as_string(), "https://example.org/a/" + alert_a.value);
  const std::string photo(listed.at("photo").as_string());
  const http::Response picture = ask(get("/" + photo));
  EXPECT_EQ(picture.status, 200);
  EXPECT_EQ(picture.content_type, "image/jpeg");
  EXPECT_EQ(picture.body, "jpeg");
  EXPECT_EQ(ask(get("/screens/m1/" + photo)).status, 404) << "that screen does not show it";
  take_down(alert_a);
  EXPECT_EQ(ask(get("/" + photo)).status, 404) << "nothing is left of it";
  EXPECT_TRUE(current().at("notices").as_array().empty());
}

TEST_F(ScreenTest, SeveralThenTheMostUrgentFirst) {
  const auto made = [](const char* id, core::Status status, bool taken, int minute) {
    core::Notice one = notice(core::AlertId(id));
    one.status = status;
    one.abduction_suspected = taken;
    one.issued_at = today + std::chrono::minutes(minute);
    return one;
  };
  show(made("exercise", core::Status::exercise, true, 9));
  show(made("old", core::Status::actual, false, 1));
  show(made("new", core::Status::actual, false, 2));
  show(made("taken", core::Status::actual, true, 0));
  std::string order;
  const boost::json::object listed = current();
  for (const boost::json::value& one : listed.at("notices").as_array()) {
    order += std::string(one.at("alertId").as_string()) + " ";
  }
  EXPECT_EQ(order, "taken new old exercise ");
}

TEST_F(ScreenTest, PublicCopyThenACodeForWhatIsMeantAndNoneForAnExercise) {
  core::Notice meant = notice(alert_a);
  meant.status = core::Status::actual;
  show(meant);
  show(notice(alert_b));
  const http::Response code = ask(get("/codes/" + alert_a.value + ".svg"));
  EXPECT_EQ(code.status, 200);
  EXPECT_EQ(code.content_type, "image/svg+xml");
  EXPECT_EQ(code.body, qr_svg("https://example.org/a/" + alert_a.value));
  EXPECT_EQ(ask(get("/codes/" + alert_b.value + ".svg")).status, 404);
  EXPECT_EQ(ask(get("/codes/" + alert_a.value)).status, 404);
  EXPECT_TRUE(current().at("notices").at(1).at("code").is_null());
}

TEST_F(ScreenTest, LookoutThenNoCodeForItWasReleasedToNobody) {
  core::Notice lookout = notice(alert_a, 0);
  lookout.status = core::Status::actual;
  show(lookout);
  EXPECT_TRUE(current().at("notices").at(0).at("publicCopy").is_null());
  EXPECT_TRUE(current().at("notices").at(0).at("code").is_null());
  EXPECT_EQ(ask(get("/codes/" + alert_a.value + ".svg")).status, 404);
  core::Notice released = notice(alert_a);
  released.status = core::Status::actual;
  show(released);
  EXPECT_EQ(ask(get("/codes/" + alert_a.value + ".svg")).status, 200);
}

TEST_F(ScreenTest, PageThenServedBelowEachScreensOwnPath) {
  EXPECT_EQ(ask(get("/")).body, "<p>page");
  EXPECT_EQ(ask(get("/screens/m1/")).body, "<p>page");
  const http::Response bare = ask(get("/screens/m1"));
  EXPECT_EQ(bare.status, 302);
  EXPECT_EQ(bare.fields.at(0).second, "/screens/m1/");
  for (const char* path : {"/screens/", "/screens/other/", "/screens", "/../etc/passwd", "/x", "//", "*",
                           "/screens/m1/screens/m1/", "/photos/", "/codes/.svg"}) {
    EXPECT_EQ(ask(get(path)).status, 404) << path;
  }
}

TEST_F(ScreenTest, AskedUnderAStrangersNameThenRefused) {
  for (const char* host : {"127.0.0.1", "127.0.0.1:8480", "[::1]:8480", "[::1]", "localhost:8480", "LOCALHOST",
                           "192.168.1.20:80", "screen.example:8480"}) {
    http::Request request = get("/current.json");
    request.host = host;
    EXPECT_EQ(ask(request).status, 200) << host;
  }
  for (const char* host : {"evil.example", "evil.example:8480", "localhost.evil.example", "127.0.0.1.evil.example",
                           "", ":8480", "[", "a]:1"}) {
    http::Request request = get("/current.json");
    request.host = host;
    EXPECT_EQ(ask(request).status, 403) << host;
  }
  http::Request nameless = get("/current.json");
  nameless.host.reset();
  EXPECT_EQ(ask(nameless).status, 403);
}

TEST_F(ScreenTest, AnotherSitesPageThenRefused) {
  settle();
  show(notice(alert_a));
  const std::string body = R"({"page":"p","serial":1,"holds":[]})";
  for (const char* origin : {"http://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:8480",
                             "http://127.0.0.1:8481", ""}) {
    http::Request request = post("/shown", body);
    request.origin = origin;
    EXPECT_EQ(ask(request).status, 403) << origin;
    http::Request read = get("/current.json");
    read.origin = origin;
    EXPECT_EQ(ask(read).status, 403) << origin;
  }
  http::Request simple = post("/shown", body);
  simple.origin.reset();
  EXPECT_EQ(ask(simple).status, 200) << "JSON that no page of another origin can send unasked";
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""}) {
    simple.content_type = type;
    EXPECT_EQ(ask(simple).status, 403) << type;
  }
}

TEST_F(ScreenTest, OtherMethodsThenRefused) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    http::Request request = post("/current.json", "{}");
    request.method = method;
    EXPECT_EQ(ask(request).status, 405) << method;
  }
  http::Request read = get("/shown");
  EXPECT_EQ(ask(read).status, 405);
  http::Request head = get("/events?page=p");
  head.method = "HEAD";
  EXPECT_EQ(ask(head).status, 405);
}

TEST_F(ScreenTest, BodiesThatAreNoneThenRefusedAndNothingChanges) {
  settle();
  show(notice(alert_a));
  account("p1", held(alert_a));
  told.clear();
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"/shown", ""},
      {"/shown", "[]"},
      {"/shown", "{"},
      {"/shown", R"({"page":"p1","serial":1})"},
      {"/shown", R"({"page":"","serial":1,"holds":[]})"},
      {"/shown", R"({"page":"a b","serial":1,"holds":[]})"},
      {"/shown", R"({"page":"p1","serial":-1,"holds":[]})"},
      {"/shown", R"({"page":"p1","serial":1.5,"holds":[]})"},
      {"/shown", R"({"page":"p1","serial":9007199254740993,"holds":[]})"},
      {"/shown", R"({"page":"p1","serial":1,"holds":{}})"},
      {"/shown", R"({"page":"p1","serial":1,"holds":[1]})"},
      {"/shown", R"({"page":"p1","serial":1,"holds":[{"alertId":"a"}]})"},
      {"/shown", R"({"page":"p1","serial":1,"holds":[{"alertId":"../a","revision":1}]})"},
      {"/shown", R"({"page":"p1","serial":1,"holds":[{"alertId":"a","revision":4294967296}]})"},
      {"/shown", R"({"page":"p1","serial":1,"holds":[],"closed":"yes"})"},
      {"/shown", R"({"page":"p1","serial":1,"holds":[],"more":1})"},
      {"/answers", R"({"page":"p1","alertId":"a","revision":1})"},
      {"/answers", R"({"page":"p1","alertId":")" + alert_a.value + R"(","revision":1,"kind":"DISPLAYED"})"},
      {"/answers", R"({"page":"p1","alertId":")" + alert_a.value + R"(","revision":1,"kind":"REMOVED"})"},
      {"/answers", R"({"page":"p1","alertId":")" + alert_a.value + R"(","revision":1,"kind":"UNABLE"})"},
      {"/answers",
       R"({"page":"p1","alertId":")" + alert_a.value + R"(","revision":1,"kind":"UNABLE","reason":""})"},
      {"/answers", R"({"page":"p1","alertId":")" + alert_a.value +
                       R"(","revision":1,"kind":"CONFIRMED","reason":"NO_STAFF"})"},
  };
  for (const auto& [path, body] : wrong) {
    EXPECT_EQ(ask(post(path, body)).status, 400) << path << " " << body;
  }
  http::Request large = post("/shown", "");
  large.body_too_large = true;
  EXPECT_EQ(ask(large).status, 413);
  EXPECT_TRUE(told.empty());
}

TEST_F(ScreenTest, TextsOfANoticeThenOneLineOfDataWhateverTheyHold) {
  core::Notice hostile = notice(alert_a);
  hostile.texts[0].body = "a\n\ndata: {}\r\n<script>alert(1)</script>\u2028";
  show(hostile);
  account("p1", "");
  const http::Response stream = ask(get("/events?page=p1"));
  std::optional<std::string> piece;
  boost::asio::co_spawn(loop, stream.source->next(),
                        [&](std::exception_ptr, std::optional<std::string> next) { piece = std::move(next); });
  clock.settle();
  ASSERT_TRUE(piece);
  EXPECT_EQ(std::count(piece->begin(), piece->end(), '\n'), 4) << "retry and one event";
}

TEST_F(ScreenTest, FollowedThenEveryChangeComesAtOnceAndTheStateNowAndThen) {
  settle();
  account("p1", "");
  const http::Response stream = ask(get("/events?page=p1"));
  EXPECT_EQ(stream.content_type, "text/event-stream");
  std::vector<std::string> pieces;
  const auto read = [&] {
    boost::asio::co_spawn(loop, stream.source->next(), [&](std::exception_ptr, std::optional<std::string> next) {
      pieces.push_back(next.value_or("end"));
    });
    clock.settle();
  };
  read();
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_TRUE(pieces[0].starts_with("retry: 2000\n\ndata: {"));
  read();
  EXPECT_EQ(pieces.size(), 1U) << "nothing has changed";
  show(notice(alert_a));
  clock.settle();
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_NE(pieces[1].find(alert_a.value), std::string::npos);
  read();
  pass(ScreenService::state_every_ms);
  EXPECT_EQ(pieces.size(), 3U);
  read();
  take_down(alert_a);
  clock.settle();
  ASSERT_EQ(pieces.size(), 4U);
  EXPECT_EQ(pieces[3].find(alert_a.value), std::string::npos);
  EXPECT_EQ(gone, 0) << "it was given to the page";
}

TEST_F(ScreenTest, FollowedByAPageThatHasGivenNoAccountThenRefused) {
  EXPECT_EQ(ask(get("/events?page=p1")).status, 404);
  EXPECT_EQ(ask(get("/events")).status, 404);
  EXPECT_EQ(ask(get("/current.json?page=p1")).status, 404);
}

TEST_F(ScreenTest, TooManyFollowThenRefused) {
  account("p1", "");
  std::vector<http::Response> streams;
  for (std::size_t i = 0; i < Screen::watchers_max; ++i) {
    streams.push_back(ask(get("/events?page=p1")));
    EXPECT_EQ(streams.back().status, 200);
  }
  EXPECT_EQ(ask(get("/events?page=p1")).status, 503);
  streams.pop_back();
  EXPECT_EQ(ask(get("/events?page=p1")).status, 200);
}

TEST(QrCode, AddressThenAPictureWithItsQuietZone) {
  const auto svg = qr_svg("https://example.org/a/0198c0de-0000-7000-8000-00000000000a");
  ASSERT_TRUE(svg);
  EXPECT_TRUE(svg->starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  // The finder pattern's first row: seven dark modules, after four of white.
  EXPECT_NE(svg->find("M4 4h7v1h-7z"), std::string::npos);
  EXPECT_FALSE(qr_svg(""));
  EXPECT_FALSE(qr_svg(std::string(drawing::qr_bytes_max + 1, 'a')));
  EXPECT_TRUE(qr_svg(std::string(drawing::qr_bytes_max, '"')));
}

}  // namespace
}  // namespace tuanyuan::station
