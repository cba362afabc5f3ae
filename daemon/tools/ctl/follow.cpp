#include "tools/ctl/follow.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "tools/ctl/json_view.hpp"
#include "tools/ctl/times.hpp"

namespace tuanyuan::ctl {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds look_interval_max = 1000ms;  ///< also when no event says anything
constexpr std::chrono::milliseconds look_interval_min = 50ms;    ///< a burst of events is one look
constexpr std::chrono::milliseconds draw_interval = 1000ms;      ///< where lines cannot be redrawn
constexpr std::size_t line_columns = 160;                        ///< there too
constexpr const char* kinds[] = {"RECEIVED", "DISPLAYED", "CONFIRMED", "REMOVED"};

std::string sums(const boost::json::value& summary) {
  std::string text;
  for (const char* name : {"expected", "received", "displayed", "confirmed", "removed", "unable", "silent"}) {
    text += (text.empty() ? "" : ", ") + text_at(summary, name) + ' ' + name;
  }
  const std::string took = text_at(summary, "releaseToLastReceivedMs");
  return text + (took.empty() ? "" : "; all had received after " + took + " ms") + '\n';
}

}  // namespace

void Follower::listen() {
  auto opened = api_.events(last_event_id_);
  stream_ = opened ? std::move(*opened) : nullptr;
  reader_ = EventStreamReader();
}

Outcome<void> Follower::look(Progress& progress, const std::string& alert_id) {
  const auto body = api_.get("/alerts/" + escape(alert_id) + "/board");
  if (!body) {
    return body.error();
  }
  auto board = parse_json(*body);
  if (!board) {
    return Failure(Exit::refused, "the daemon's answer is not JSON");
  }
  progress.take_board(std::move(*board), context_.world().wall_now());
  return boost::system::in_place_value;
}

bool Follower::hear(const std::string& alert_id, std::chrono::milliseconds patience) {
  const auto bytes = stream_->read(patience);
  if (!bytes) {
    listen();
    return true;  // whatever has happened in between
  }
  bool news = false;
  for (const ServerEvent& event : reader_.feed(*bytes)) {
    last_event_id_ = event.id;
    const auto data = parse_json(event.data);
    news = news || (data && text_at(*data, "alertId") == alert_id);
  }
  return news;
}

void Follower::await_news(const std::string& alert_id) {
  World& world = context_.world();
  const auto until = world.steady_now() + look_interval_max;
  world.pause(look_interval_min);
  for (auto now = world.steady_now(); now < until; now = world.steady_now()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - now) + 1ms;
    if (!stream_) {
      world.pause(left);
    } else if (hear(alert_id, left)) {
      return;
    }
  }
}

void Follower::draw(const Progress& progress) {
  World& world = context_.world();
  const auto now = world.steady_now();
  const auto since_start = std::chrono::duration_cast<std::chrono::milliseconds>(now - started_);
  if (world.terminal) {
    world.err << "\r\033[K" << progress.line(since_start, world.columns - 1) << std::flush;
  } else if (drawn_ == std::chrono::steady_clock::time_point() || now - drawn_ >= draw_interval) {
    world.err << progress.line(since_start, line_columns) << std::endl;
    drawn_ = now;
  }
}

Outcome<void> Follower::follow(const FollowOptions& options) {
  started_ = context_.world().steady_now();
  if (!stream_) {
    listen();
  }
  const auto alert = api_.get("/alerts/" + escape(options.alert_id));
  if (!alert) {
    return alert.error();
  }
  Progress progress(options.alert_id);
  if (const auto answer = parse_json(*alert)) {
    progress.set_released_at(from_rfc3339(text_at(*answer, "releasedAt")));
  }
  const auto give_up = started_ + std::chrono::seconds(options.patience_seconds);
  for (;;) {
    if (const auto looked = look(progress, options.alert_id); !looked) {
      return looked.error();
    }
    draw(progress);
    const bool reached = !options.until.empty() && progress.reached(options.until);
    const bool late = options.patience_seconds > 0 && context_.world().steady_now() >= give_up;
    if (reached || late) {
      drawn_ = {};
      draw(progress);
      context_.world().err << (context_.world().terminal ? "\n" : "") << std::flush;
      const auto printed = context_.print(boost::json::value(progress.summary()), sums);
      if (!printed || reached) {
        return printed;
      }
      return Failure(Exit::refused, "not every expected recipient has answered " + options.until + " in time");
    }
    await_news(options.alert_id);
  }
}

void add_follow_options(CLI::App* app, FollowOptions& options) {
  app->add_option("--until", options.until, "end when every expected recipient has answered so")
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(kinds), std::end(kinds))));
  app->add_option("--patience", options.patience_seconds, "seconds after which --until gives up, with status 1")
      ->check(CLI::PositiveNumber);
}

}  // namespace tuanyuan::ctl
