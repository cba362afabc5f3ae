#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "adapters/crypto/files.hpp"
#include "runtime/system_clock.hpp"
#include "tools/station/crews.hpp"
#include "tools/station/fleet.hpp"
#include "tools/station/keyboard.hpp"
#include "tools/station/options.hpp"
#include "tools/station/picture_display.hpp"
#include "tools/station/printing_display.hpp"
#include "tools/station/program_display.hpp"
#include "tools/station/screen_server.hpp"
#include "tools/station/screen_with_picture.hpp"

namespace {

using namespace tuanyuan::station;

/// A connection a station: as many descriptors as the system lets us have.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

FleetSettings fleet_settings(const Options& options, const std::string& ca) {
  FleetSettings settings;
  settings.broker_host = options.broker_host;
  settings.broker_port = options.broker_port;
  settings.ca = ca;
  settings.connecting_max = options.connecting_max;
  settings.wants_batches = options.simulate;
  // Sightings are not retained: one station on duty has them kept while it is away.
  settings.session_expiry_s = options.simulate ? 0 : 3'600;
  settings.tells_each = !options.simulate;
  settings.tells_totals = options.simulate;
  settings.ready_file = options.ready_file;
  settings.seed = options.seed;
  return settings;
}

PublicCopies public_copies(const Options& options) {
  return {options.public_copy, options.public_copy_of_exercises};
}

ScreenServiceSettings screen_settings(const Options& options) {
  ScreenServiceSettings settings;
  settings.names = options.screen_names;
  settings.copies = public_copies(options);
  return settings;
}

PictureSettings picture_settings(const Options& options) {
  PictureSettings settings;
  settings.size = parse_picture_size(options.render.front()).value();
  settings.file = options.render.back();
  settings.languages = options.languages;
  settings.copies = public_copies(options);
  settings.seed = options.seed;
  return settings;
}

std::unique_ptr<Display> make_display(const Options& options, boost::asio::io_context& loop,
                                      tuanyuan::ports::Clock& clock, JournalLines& lines) {
  if (options.simulate) {
    return std::make_unique<SimulatedDisplay>();
  }
  if (!options.program.empty()) {
    return std::make_unique<ProgramDisplay>(loop.get_executor(), lines, options.program,
                                            std::chrono::seconds(options.program_seconds_max), options.seed);
  }
  if (!options.render.empty()) {
    return std::make_unique<PictureDisplay>(loop.get_executor(), clock, lines, picture_settings(options));
  }
  return std::make_unique<PrintingDisplay>(lines, options.print);
}

void run(const Options& options) {
  boost::asio::io_context loop(1);
  JournalLines lines(std::cout);
  tuanyuan::runtime::SystemClock clock;
  const std::string ca = tuanyuan::crypto::read_file(options.ca_file);
  MindSettings mind_settings;
  mind_settings.prefix = options.prefix;
  mind_settings.json = options.json;
  Commons commons(mind_settings, ca);
  std::vector<Crew> crews = make_crews(options);
  std::unique_ptr<Display> display;
  std::optional<ScreenServer> screen;
  if (options.screen_address.empty()) {
    display = make_display(options, loop, clock, lines);
  } else {
    auto screens = std::make_unique<Screens>(lines, clock, crews.front().plan);
    screen.emplace(loop, *screens, clock, lines, options.screen_address, options.screen_port,
                   screen_settings(options));
    display = std::move(screens);
    if (!options.render.empty()) {
      PictureSettings beside = picture_settings(options);
      beside.prints = false;
      display = std::make_unique<ScreenWithPicture>(
          std::move(display), std::make_unique<PictureDisplay>(loop.get_executor(), clock, lines, beside),
          tuanyuan::core::RecipientId(options.recipient));
    }
  }
  Fleet fleet(loop, fleet_settings(options, ca), commons, *display, lines, clock);
  for (Crew& crew : crews) {
    fleet.add(std::move(crew));
  }
  std::optional<Keyboard> keyboard;
  if (options.interactive || (!options.simulate && options.program.empty() && isatty(STDIN_FILENO) == 1)) {
    keyboard.emplace(loop.get_executor(), STDIN_FILENO, fleet, lines);
    keyboard->start();
  }
  boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
  signals.async_wait([&](boost::system::error_code error, int) {
    if (!error) {
      if (screen) {
        screen->stop();
      }
      fleet.stop();
    }
  });
  if (screen) {
    screen->start();
  }
  fleet.start();
  loop.run();
}

}  // namespace

int main(int argc, char** argv) {
  const ParsedOptions parsed = parse_options(argc, argv, TUANYUAN_VERSION);
  if (parsed.exit_code) {
    return *parsed.exit_code;
  }
  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();
  try {
    run(parsed.options);
  } catch (const std::exception& error) {
    std::cerr << "tuanyuan-station: " << error.what() << std::endl;
    return exit_wrong_usage;
  }
  return exit_done;
}
