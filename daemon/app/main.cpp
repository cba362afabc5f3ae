#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "adapters/ledger/sqlite/sqlite_ledger.hpp"
#include "app/config.hpp"
#include "app/daemon.hpp"

namespace {

constexpr int wrong_usage = 2;

int print_errors(const std::vector<tuanyuan::app::ConfigError>& errors) {
  for (const auto& error : errors) {
    std::fprintf(stderr, "%s: %s\n", error.path.c_str(), error.message.c_str());
  }
  return errors.empty() ? 0 : wrong_usage;
}

int migrate(const tuanyuan::app::Config& config) {
  const auto migrated = tuanyuan::ledger::migrate_ledger(config.ledger_path);
  std::printf("ledger schema %d -> %d\n", migrated.from, migrated.to);
  return 0;
}

int run(const std::string& file, bool check_only, bool migrate_only) {
  tuanyuan::app::LoadedConfig loaded = tuanyuan::app::load_config(file);
  if (print_errors(loaded.errors) != 0) {
    return wrong_usage;
  }
  if (migrate_only) {
    return migrate(loaded.config);
  }
  if (print_errors(tuanyuan::app::check_files(loaded.config)) != 0) {
    return wrong_usage;
  }
  if (check_only) {
    std::puts("the configuration is good");
    return 0;
  }
  tuanyuan::app::Daemon daemon(std::move(loaded.config), TUANYUAN_VERSION);
  return daemon.run();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App options{"tuanyuand: broadcasts missing-child alerts", "tuanyuand"};
  std::string config;
  bool check_only = false;
  bool migrate_only = false;
  options.add_option("--config", config, "configuration file (TOML)")->required();
  options.add_flag("--check-config", check_only, "say what is wrong with the configuration, and exit");
  options.add_flag("--migrate", migrate_only, "bring the ledger's schema up to this program's, and exit");
  options.set_version_flag("--version", "tuanyuand " TUANYUAN_VERSION);
  try {
    options.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int shown = options.exit(error);
    return shown == 0 ? 0 : wrong_usage;
  }
  try {
    return run(config, check_only, migrate_only);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tuanyuand: %s\n", error.what());
    return 1;
  }
}
