#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tuanyuan::station {

/// The command line (README.md says what each is for).
struct Options {
  std::string broker_host;
  std::string broker_port;
  std::string ca_file;
  std::string prefix;
  bool json = false;
  std::string ready_file;
  std::uint64_t seed = 1;
  std::size_t connecting_max = 64;

  // One station.
  std::string certificate_file;
  std::string key_file;
  std::string recipient;
  std::string audience = "partner";
  std::string division;
  std::optional<double> latitude;
  std::optional<double> longitude;
  std::string crs = "WGS84";
  std::vector<std::string> coverage;
  bool print = false;
  bool interactive = false;
  std::string name;
  std::string screen_address;  ///< empty: no screen
  std::uint16_t screen_port = 0;
  std::vector<std::string> screen_names;
  std::string public_copy;  ///< on the screen and in the picture
  bool public_copy_of_exercises = false;
  std::string program;
  std::uint32_t program_seconds_max = 600;
  std::vector<std::string> render;     ///< size ("1920x1080") and file; empty: no picture
  std::vector<std::string> languages;  ///< of the picture, BCP 47; empty: all those of a notice

  // Many.
  bool simulate = false;
  std::string recipients_file;
  std::string credentials_dir;
  std::uint32_t slow_percent = 0;
  std::uint32_t slow_seconds = 10;
  std::uint32_t silent_percent = 0;
  std::uint32_t flapping_percent = 0;
  std::uint32_t confirm_ms_max = 500;
};

inline constexpr int exit_done = 0;
inline constexpr int exit_wrong_usage = 2;

/// Reads the command line; what is wrong with it, or what was asked for (help, version), is printed and the
/// program's exit code returned instead.
struct ParsedOptions {
  Options options;
  std::optional<int> exit_code;
};
ParsedOptions parse_options(int argc, const char* const* argv, const char* version);

}  // namespace tuanyuan::station
