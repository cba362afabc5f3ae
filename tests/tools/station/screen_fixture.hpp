#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "runtime/task_group.hpp"
#include "runtime/virtual_clock.hpp"
#include "tools/station/deployment.hpp"
#include "tools/station/screen_service.hpp"
#include "tools/station/screens.hpp"

namespace tuanyuan::station {

using core::AnswerKind;
using core::UnableReason;

inline const core::AlertId alert_a("0198c0de-0000-7000-8000-00000000000a");
inline const core::AlertId alert_b("0198c0de-0000-7000-8000-00000000000b");

/// What a display has told the station: of which alert's revision, whose, what.
struct ToldOf {
  std::string alert;
  std::uint32_t revision = 0;
  std::string recipient;
  AnswerKind kind = AnswerKind::displayed;
  UnableReason reason = UnableReason::none;

  friend bool operator==(const ToldOf&, const ToldOf&) = default;
};

inline void PrintTo(const ToldOf& told, std::ostream* out) {
  *out << told.alert.back() << " r" << told.revision << " " << told.recipient << " " << core::to_string(told.kind)
       << " " << core::to_string(told.reason);
}

/// A station's screens in virtual time, with a test for pages and for the station's mind.
class ScreenTest : public testing::Test {
 protected:
  ScreenTest() {
    StationPlan plan;
    plan.self.id = core::RecipientId("hub");
    plan.self.name = "沈阳站";
    Member member;
    member.id = core::RecipientId("m1");
    member.name = "沈阳站东广场";
    plan.members.push_back(member);
    screens = std::make_unique<Screens>(lines, clock, plan);
    ScreenServiceSettings settings;
    settings.names = {"screen.example"};
    settings.copies = {"https://example.org/a/", false};
    service = std::make_unique<ScreenService>(*screens, clock, loop.get_executor(), site, settings);
    tasks.spawn(screens->run());
  }

  /// The station is subscribed and has heard what is in force, and pages of a former run have had time to come
  /// back.
  void settle() {
    screens->online(core::RecipientId("hub"));
    pass(Screen::return_ms_max);
  }

  void pass(std::chrono::milliseconds time) { clock.run_for(time); }

  static core::Notice notice(const core::AlertId& alert, std::uint32_t revision = 1) {
    core::Notice made = notice_at({revision, 0});
    made.alert_id = alert;
    return made;
  }

  void show(const core::Notice& notice, std::vector<std::string> recipients = {"hub"},
            const std::string& photo = {}) {
    Show wish{std::make_shared<const core::Notice>(notice),
              photo.empty() ? nullptr : std::make_shared<const std::string>(photo),
              {}};
    for (std::string& id : recipients) {
      wish.recipients.emplace_back(std::move(id));
    }
    screens->show(core::RecipientId("hub"), wish,
                  [this, alert = notice.alert_id.value, revision = notice.version.revision](const Shown& shown) {
                    told.push_back({alert, revision, shown.recipient ? shown.recipient->value : "", shown.kind,
                                    shown.reason});
                  });
  }

  void take_down(const core::AlertId& alert) {
    screens->take_down(core::RecipientId("hub"), TakeDown{alert, {2, 0}, TakeDownReason::recalled},
                       [this] { gone += 1; });
  }

  http::Response ask(http::Request request) {
    std::optional<http::Response> answered;
    boost::asio::co_spawn(
        loop, service->handle(std::move(request)),
        [&answered](std::exception_ptr, http::Response response) { answered = std::move(response); });
    clock.settle();
    return answered.value();
  }

  static http::Request get(std::string target) {
    http::Request request;
    request.method = "GET";
    request.target = std::move(target);
    request.host = "127.0.0.1:8480";
    return request;
  }

  static http::Request post(std::string target, std::string body) {
    http::Request request = get(std::move(target));
    request.method = "POST";
    request.origin = "http://127.0.0.1:8480";
    request.content_type = "application/json";
    request.body = std::move(body);
    return request;
  }

  boost::json::object current(const std::string& base = "/") {
    return boost::json::parse(ask(get(base + "current.json")).body).as_object();
  }

  /// A page's account; `holds` such as `{"alertId":…}`, separated by commas. By default it has taken in
  /// everything.
  int account(const std::string& page, const std::string& holds, const std::string& base = "/",
              std::optional<std::uint64_t> serial = std::nullopt) {
    const auto& screen = base == "/" ? screens->own() : screens->find("m1");
    return ask(post(base + "shown", R"({"page":")" + page + R"(","serial":)" +
                                        std::to_string(serial.value_or(screen->serial())) + R"(,"holds":[)" +
                                        holds + "]}"))
        .status;
  }

  static std::string held(const core::AlertId& alert, std::uint32_t revision = 1, bool painted = true) {
    return R"({"alertId":")" + alert.value + R"(","revision":)" + std::to_string(revision) + R"(,"painted":)" +
           (painted ? "true}" : "false}");
  }

  int say(const std::string& page, const core::AlertId& alert, std::uint32_t revision, const std::string& kind,
          const std::string& reason = {}) {
    return ask(post("/answers", R"({"page":")" + page + R"(","alertId":")" + alert.value + R"(","revision":)" +
                                    std::to_string(revision) + R"(,"kind":")" + kind + "\"" +
                                    (reason.empty() ? "" : R"(,"reason":")" + reason + "\"") + "}"))
        .status;
  }

  std::vector<ToldOf> heard() { return std::exchange(told, {}); }

  ToldOf of(const core::AlertId& alert, std::uint32_t revision, AnswerKind kind, const std::string& who = "hub",
            UnableReason reason = UnableReason::none) {
    return {alert.value, revision, who, kind, reason};
  }

  const pages::File files[1] = {{"index.html", "text/html; charset=utf-8", "tag", false, "<p>page", "gz"}};
  pages::Site site{files};
  std::ostringstream printed;
  JournalLines lines{printed};
  boost::asio::io_context loop{1};
  runtime::VirtualClock clock{loop, today};
  std::unique_ptr<Screens> screens;
  std::unique_ptr<ScreenService> service;
  runtime::TaskGroup tasks{loop.get_executor()};
  std::vector<ToldOf> told;
  int gone = 0;
};

}  // namespace tuanyuan::station
