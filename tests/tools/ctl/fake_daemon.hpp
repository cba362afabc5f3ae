#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "tools/ctl/command_line.hpp"

namespace tuanyuan::ctl {

/// A stream of events that gives what it was given, then says nothing more.
class ScriptedStream final : public HttpStream {
 public:
  explicit ScriptedStream(std::deque<std::string> pieces, std::function<void(std::chrono::milliseconds)> wait)
      : pieces_(std::move(pieces)), wait_(std::move(wait)) {}

  Outcome<std::string> read(std::chrono::milliseconds patience) override {
    if (pieces_.empty()) {
      wait_(patience);
      return std::string();
    }
    std::string piece = pieces_.front();
    pieces_.pop_front();
    return piece;
  }

 private:
  std::deque<std::string> pieces_;
  std::function<void(std::chrono::milliseconds)> wait_;
};

/// The program's surroundings: a daemon that answers by script, clocks that move when somebody waits, and
/// what was printed.
class FakeDaemon {
 public:
  using Answer = Outcome<HttpResponse>;

  static HttpResponse answer(int status, std::string body) {
    HttpResponse response;
    response.status = status;
    response.content_type = status < 300 ? "application/json" : "application/problem+json";
    response.body = std::move(body);
    return response;
  }
  static Answer lost() { return Failure(Exit::unreachable, "no answer from the fake daemon"); }

  /// The next answer to "METHOD /target"; the last one given to a target stays.
  FakeDaemon& on(const std::string& call, Answer given) {
    script_[call].push_back(std::move(given));
    return *this;
  }
  FakeDaemon& on(const std::string& call, int status, std::string body) {
    return on(call, Answer(answer(status, std::move(body))));
  }
  FakeDaemon& stream(std::deque<std::string> pieces) {
    pieces_ = std::move(pieces);
    return *this;
  }

  int run(std::vector<std::string> arguments) {
    for (const char* option : {"--api=https://daemon.test/api/v1", "--ca=ca", "--certificate=c", "--key=k"}) {
      arguments.emplace_back(option);
    }
    return run_bare(std::move(arguments));
  }

  int run_bare(std::vector<std::string> arguments) {
    World world{in, out, err};
    world.connect = [this](const Connection& connection) -> Outcome<std::unique_ptr<HttpClient>> {
      connected = connection;
      return std::unique_ptr<HttpClient>(new Client(*this));
    };
    world.wall_now = [this] { return wall; };
    world.steady_now = [this] { return steady; };
    world.pause = [this](std::chrono::milliseconds time) { pass(time); };
    world.new_key = [this] { return "key-" + std::to_string(++keys); };
    return ctl::run(std::move(arguments), world, "0");
  }

  void pass(std::chrono::milliseconds time) {
    wall += time;
    steady += time;
  }

  std::string header(std::size_t request, const std::string& name) const {
    for (const auto& [field, value] : requests.at(request).headers) {
      if (field == name) {
        return value;
      }
    }
    return "";
  }

  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Connection connected;
  std::vector<HttpRequest> requests;
  core::Instant wall = core::from_epoch_ms(1'795'334'400'000);  // 2026-11-22T08:00:00Z
  std::chrono::steady_clock::time_point steady;
  int keys = 0;

 private:
  class Client final : public HttpClient {
   public:
    explicit Client(FakeDaemon& daemon) : daemon_(daemon) {}
    Outcome<HttpResponse> send(const HttpRequest& request, std::chrono::milliseconds) override {
      daemon_.requests.push_back(request);
      auto found = daemon_.script_.find(request.method + ' ' + request.target);
      if (found == daemon_.script_.end()) {
        return answer(404, R"({"title":"no such call in the script"})");
      }
      Answer given = found->second.front();
      if (found->second.size() > 1) {
        found->second.pop_front();
      }
      return given;
    }
    Outcome<std::unique_ptr<HttpStream>> open(const HttpRequest& request, std::chrono::milliseconds) override {
      daemon_.requests.push_back(request);
      return std::unique_ptr<HttpStream>(new ScriptedStream(
          std::exchange(daemon_.pieces_, {}), [this](std::chrono::milliseconds time) { daemon_.pass(time); }));
    }

   private:
    FakeDaemon& daemon_;
  };

  std::map<std::string, std::deque<Answer>> script_;
  std::deque<std::string> pieces_;
};

}  // namespace tuanyuan::ctl
