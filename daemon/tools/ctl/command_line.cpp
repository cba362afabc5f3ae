#include "tools/ctl/command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <exception>

namespace tuanyuan::ctl {
namespace {

constexpr int timeout_seconds_max = 3600;

void add_common_options(CLI::App& app, CommonOptions& options) {
  app.add_option("--api", options.api, "such as https://localhost:8443/api/v1")->envname("TUANYUAN_API");
  app.add_option("--ca", options.ca, "certificates that are trusted, PEM")->envname("TUANYUAN_CA");
  app.add_option("--certificate", options.certificate, "who asks, PEM")->envname("TUANYUAN_CERTIFICATE");
  app.add_option("--key", options.key, "the key to it, PEM")->envname("TUANYUAN_KEY");
  app.add_option("--language", options.language, "of the daemon's texts: zh-CN or en")
      ->envname("TUANYUAN_LANGUAGE");
  app.add_option("--timeout", options.timeout_seconds, "seconds for one call, its repeats included")
      ->check(CLI::Range(1, timeout_seconds_max))
      ->capture_default_str();
  app.add_option("--idempotency-key", options.idempotency_key,
                 "of an unsafe call; one is made where none is given");
  app.add_flag("--json", options.json, "print JSON");
  app.add_option("--field", options.field, "print one field of the answer, such as alertId or circle.radiusKm");
}

int report(const Failure& failure, World& world, const CommonOptions& options) {
  world.err << "tuanyuanctl: " << failure.text << std::endl;
  if (options.json && !failure.problem.empty()) {
    world.out << failure.problem << '\n';
  }
  return static_cast<int>(failure.exit);
}

}  // namespace

int run(std::vector<std::string> arguments, World& world, const std::string& version) {
  Context context(world);
  CLI::App app("The operator's command line of tuanyuan.", "tuanyuanctl");
  app.set_version_flag("--version", version);
  app.require_subcommand(1);
  app.fallthrough();
  add_common_options(app, context.options());
  add_report_commands(app, context);
  add_alert_commands(app, context);
  add_board_commands(app, context);
  add_recipient_commands(app, context);
  add_exercise_commands(app, context);
  add_channel_commands(app, context);
  add_outbox_commands(app, context);
  add_sighting_commands(app, context);
  add_journal_commands(app, context);
  add_pki_commands(app, context);
  add_verify_command(app, context);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants a vector
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& failure) {
    return app.exit(failure, world.out, world.err) == 0 ? static_cast<int>(Exit::done)
                                                        : static_cast<int>(Exit::usage);
  }
  try {
    const auto outcome = context.command();
    world.out << std::flush;
    return outcome ? static_cast<int>(Exit::done) : report(outcome.error(), world, context.options());
  } catch (const std::exception& failure) {
    return report(Failure(Exit::usage, failure.what()), world, context.options());
  }
}

}  // namespace tuanyuan::ctl
