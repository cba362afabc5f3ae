#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "tools/ctl/context.hpp"
#include "tools/ctl/event_stream.hpp"
#include "tools/ctl/progress.hpp"

namespace tuanyuan::ctl {

struct FollowOptions {
  std::string alert_id;
  std::string until;         ///< ends when every expected recipient has answered so; empty: stays
  int patience_seconds = 0;  ///< with `until`: gives up after that; 0: never
};

/// Watches an alert: GET /events says when something has happened, the board says what.
class Follower {
 public:
  Follower(Context& context, Api& api) : context_(context), api_(api) {}

  /// Begins to listen for events now. Where that is refused the board alone is watched.
  void listen();

  /// Draws a line until `until` is reached: over and over on a terminal, else one a second. Prints the sums at
  /// the end. Failure (refused): it was not reached in time.
  Outcome<void> follow(const FollowOptions& options);

 private:
  Outcome<void> look(Progress& progress, const std::string& alert_id);
  void await_news(const std::string& alert_id);
  bool hear(const std::string& alert_id, std::chrono::milliseconds patience);
  void draw(const Progress& progress);

  Context& context_;
  Api& api_;
  std::unique_ptr<HttpStream> stream_;
  EventStreamReader reader_;
  std::string last_event_id_;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point drawn_;
};

void add_follow_options(CLI::App* app, FollowOptions& options);

}  // namespace tuanyuan::ctl
