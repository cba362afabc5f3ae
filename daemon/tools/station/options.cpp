#include "tools/station/options.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <string_view>

#include "adapters/drawing/qr_modules.hpp"
#include "tools/station/picture_display.hpp"
#include "tools/station/topics.hpp"

namespace tuanyuan::station {
namespace {

/// Of a UUID (RFC 9562).
constexpr std::size_t alert_id_bytes_max = 36;

/// mqtts://host[:port], IPv6 addresses in brackets; without TLS there are no stations.
std::string read_broker(const std::string& url, Options& into) {
  constexpr std::string_view scheme = "mqtts://";
  std::string_view rest = url;
  if (!rest.starts_with(scheme)) {
    return "--broker: has to begin with mqtts://";
  }
  rest.remove_prefix(scheme.size());
  const std::size_t bracket = rest.starts_with('[') ? rest.find(']') : std::string_view::npos;
  const std::size_t colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
  into.broker_host = bracket == std::string_view::npos ? rest.substr(0, colon) : rest.substr(1, bracket - 1);
  into.broker_port = colon == std::string_view::npos ? "8883" : std::string(rest.substr(colon + 1));
  const bool digits = into.broker_port.find_first_not_of("0123456789") == std::string::npos;
  return into.broker_host.empty() || into.broker_port.empty() || !digits ? "--broker: mqtts://HOST[:PORT]" : "";
}

/// HOST:PORT, HOST an address (IPv6 in brackets) or localhost: what the screen is served on is named, never
/// guessed.
std::string read_screen(const std::string& where, Options& into) {
  if (where.empty()) {
    return "";
  }
  constexpr const char* wrong = "--screen: ADDRESS:PORT, such as 127.0.0.1:8480";
  const std::size_t colon = where.rfind(':');
  if (colon == std::string::npos) {
    return wrong;
  }
  std::string host = where.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  into.screen_address = host == "localhost" ? "127.0.0.1" : host;
  boost::system::error_code no_address;
  boost::asio::ip::make_address(into.screen_address, no_address);
  const std::string_view digits = std::string_view(where).substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), into.screen_port);
  return no_address || digits.empty() || error != std::errc() || end != digits.end() ? wrong : "";
}

void add_screen(CLI::App& app, Options& options, std::string& screen) {
  app.add_option("--screen", screen, "ADDRESS:PORT where a page of what has to be shown now is served");
  app.add_option("--screen-name", options.screen_names, "a name that browsers may ask the screen by")
      ->delimiter(',');
  app.add_option(
      "--public-copy", options.public_copy,
      "URL that with an alert's id at its end leads to the public copy; screen and picture show it as a code. A "
      "notice does not say whether there is one: the address has to answer also for alerts that were not "
      "released to the public, or are suspended for it");
  app.add_flag("--public-copy-of-exercises", options.public_copy_of_exercises,
               "exercises have one too: where exercises_reach_public is set");
}

void add_common(CLI::App& app, Options& options, std::string& broker) {
  app.add_option("--broker", broker, "mqtts://HOST[:PORT]")->required();
  app.add_option("--ca", options.ca_file, "the deployment's CA, PEM")->required();
  app.add_option("--prefix", options.prefix, "before every topic");
  app.add_flag("--json", options.json, "the topics in JSON instead of protobuf");
  app.add_option("--ready-file", options.ready_file, "written when every station is subscribed");
  app.add_option("--seed", options.seed, "of every random choice");
  app.add_option("--connecting", options.connecting_max, "connections being made at once")
      ->check(CLI::Range(1, 10'000));
  app.add_option("--recipients", options.recipients_file, "CSV of recipients, as the daemon imports it");
}

void add_single(CLI::App& app, Options& options) {
  app.add_option("--certificate", options.certificate_file, "the recipient's, PEM");
  app.add_option("--key", options.key_file, "the recipient's, PEM");
  app.add_option("--recipient", options.recipient, "whose station this is");
  app.add_option("--name", options.name, "its name, for people");
  app.add_option("--audience", options.audience, "police, partner or public");
  app.add_option("--division", options.division, "GB/T 2260, 6 digits");
  app.add_option("--latitude", options.latitude, "degrees")->check(CLI::Range(-90.0, 90.0));
  app.add_option("--longitude", options.longitude, "degrees")->check(CLI::Range(-180.0, 180.0));
  app.add_option("--crs", options.crs, "WGS84, CGCS2000, GCJ02 or BD09");
  app.add_option("--coverage", options.coverage, "division prefixes, or *")->delimiter(',');
  app.add_flag("--print", options.print, "print what the notices say, the child's data with it");
  app.add_flag("--interactive", options.interactive, "read a person's answers from standard input");
  app.add_option("--exec", options.program, "a program that each notice is handed to");
  app.add_option("--exec-seconds", options.program_seconds_max, "how long it may run")
      ->check(CLI::Range(1, 86'400));
  app.add_option("--render", options.render,
                 "SIZE FILE: keep a PNG of what must be shown now; the size is " + picture_size_rule())
      ->expected(2);
  app.add_option("--language", options.languages,
                 "of that picture, BCP 47, several in turn; all those of a notice where none is named")
      ->delimiter(',');
}

void add_simulation(CLI::App& app, Options& options) {
  app.add_flag("--simulate", options.simulate, "a station for each recipient of the file");
  app.add_option("--credentials", options.credentials_dir, "holds ID.crt and ID.key for each");
  app.add_option("--slow", options.slow_percent, "percent that answer late")->check(CLI::Range(0, 100));
  app.add_option("--slow-seconds", options.slow_seconds, "how late")->check(CLI::Range(0, 86'400));
  app.add_option("--silent", options.silent_percent, "percent that never answer")->check(CLI::Range(0, 100));
  app.add_option("--flapping", options.flapping_percent, "percent that drop their connection again and again")
      ->check(CLI::Range(0, 100));
  app.add_option("--confirm-ms", options.confirm_ms_max, "at most as long a simulated person takes to confirm")
      ->check(CLI::Range(0, 3'600'000));
}

/// What is said of a display that there is none of: whoever set it counts on it, and would see nothing of it.
std::string without_display(const Options& options) {
  const bool has_screen = !options.screen_address.empty();
  const bool has_picture = !options.render.empty();
  if (!options.public_copy.empty() && !has_screen && !has_picture) {
    return "--public-copy needs --screen or --render";
  }
  if (options.public_copy_of_exercises && options.public_copy.empty()) {
    return "--public-copy-of-exercises needs --public-copy";
  }
  if (!options.screen_names.empty() && !has_screen) {
    return "--screen-name needs --screen";
  }
  if (!options.languages.empty() && !has_picture) {
    return "--language needs --render";
  }
  return "";
}

/// What only makes sense together.
std::string contradiction(const Options& options) {
  if (options.simulate) {
    if (options.recipients_file.empty() || options.credentials_dir.empty()) {
      return "--simulate needs --recipients and --credentials";
    }
    return options.program.empty() && options.screen_address.empty() && options.render.empty() &&
                   options.public_copy.empty() && !options.interactive && !options.print
               ? ""
               : "--exec, --screen, --render, --public-copy, --print and --interactive are for one station";
  }
  if (options.recipient.empty() || options.certificate_file.empty() || options.key_file.empty()) {
    return "one station needs --recipient, --certificate and --key; many need --simulate";
  }
  if (options.recipients_file.empty() && options.division.empty()) {
    return "--division (or --recipients with a row for it) is needed";
  }
  if (options.latitude.has_value() != options.longitude.has_value()) {
    return "--latitude and --longitude belong together";
  }
  if (!options.screen_address.empty() && (!options.program.empty() || options.print)) {
    return "--screen, --exec and --print exclude each other";
  }
  if (options.public_copy.size() + alert_id_bytes_max > drawing::qr_bytes_max) {
    return "--public-copy is too long for a code";
  }
  if (!options.render.empty() && !options.program.empty()) {
    return "--render and --exec are one display each";
  }
  if (!options.render.empty() && !parse_picture_size(options.render.front())) {
    return "--render: the size is " + picture_size_rule();
  }
  return "";
}

}  // namespace

ParsedOptions parse_options(int argc, const char* const* argv, const char* version) {
  ParsedOptions parsed;
  Options& options = parsed.options;
  options.prefix = default_prefix;
  CLI::App app("tuanyuan-station: a recipient of missing-child alerts, or thousands in simulation");
  app.set_version_flag("--version", version);
  std::string broker;
  std::string screen;
  add_common(app, options, broker);
  add_single(app, options);
  add_screen(app, options, screen);
  add_simulation(app, options);
  try {
    app.parse(argc, argv);
    for (const std::string& wrong : {read_broker(broker, options), read_screen(screen, options),
                                     contradiction(options), without_display(options)}) {
      if (!wrong.empty()) {
        throw CLI::ValidationError(wrong);
      }
    }
  } catch (const CLI::ParseError& error) {
    parsed.exit_code = app.exit(error) == 0 ? exit_done : exit_wrong_usage;
  }
  return parsed;
}

}  // namespace tuanyuan::station
