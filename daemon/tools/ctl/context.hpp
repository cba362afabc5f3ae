#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "tools/ctl/api.hpp"
#include "tools/ctl/failure.hpp"

namespace CLI {
class App;
}

namespace tuanyuan::ctl {

/// Everything outside the program, so that tests stand in for it.
struct World {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool terminal = false;      ///< whether `err` is one, where lines can be redrawn
  std::size_t columns = 100;  ///< of it
  std::function<Outcome<std::unique_ptr<HttpClient>>(const Connection&)> connect = {};
  std::function<core::Instant()> wall_now = {};
  std::function<std::chrono::steady_clock::time_point()> steady_now = {};
  std::function<void(std::chrono::milliseconds)> pause = {};
  std::function<std::string()> new_key = {};
};

/// Options that every command takes.
struct CommonOptions {
  std::string api;
  std::string ca;
  std::string certificate;
  std::string key;
  std::string language;
  std::string idempotency_key;
  int timeout_seconds = 30;
  bool json = false;
  std::string field;
};

/// What a command works with: the options, the daemon, and where to print.
class Context {
 public:
  explicit Context(World& world) : world_(world) {}

  World& world() { return world_; }
  CommonOptions& options() { return options_; }

  /// Connects on first use. Failure (usage): the options do not say where or with what.
  Outcome<Api*> api();

  /// The whole of a file, or of the standard input for "-".
  Outcome<std::string> read(const std::string& file);

  /// Prints an answer: its JSON with --json, one field of it with --field, otherwise what `view` makes of it.
  Outcome<void> print(const std::string& body, const std::function<std::string(const boost::json::value&)>& view);
  Outcome<void> print(const boost::json::value& answer,
                      const std::function<std::string(const boost::json::value&)>& view);

  /// What the command line asks for: set by parsing, called after it.
  std::function<Outcome<void>()> command;

 private:
  World& world_;
  CommonOptions options_;
  std::unique_ptr<Api> api_;
};

/// Makes `app` the command that is run where it is named last.
void on_command(CLI::App* app, Context& context, std::function<Outcome<void>(Context&)> run);

void add_report_commands(CLI::App& app, Context& context);
void add_alert_commands(CLI::App& app, Context& context);
void add_board_commands(CLI::App& app, Context& context);
void add_recipient_commands(CLI::App& app, Context& context);
void add_exercise_commands(CLI::App& app, Context& context);
void add_channel_commands(CLI::App& app, Context& context);
void add_outbox_commands(CLI::App& app, Context& context);
void add_sighting_commands(CLI::App& app, Context& context);
void add_journal_commands(CLI::App& app, Context& context);
void add_pki_commands(CLI::App& app, Context& context);
void add_verify_command(CLI::App& app, Context& context);

/// Where a command line does not name the deployment's PKI directory itself.
inline constexpr const char* pki_variable = "TUANYUAN_PKI";

}  // namespace tuanyuan::ctl
