#include "tools/station/crews.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "tools/station/random.hpp"
#include "tools/station/recipients_file.hpp"

namespace tuanyuan::station {
namespace {

std::string read_whole(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error || size > recipients_bytes_max) {
    throw std::runtime_error(path + ": " + (error ? error.message() : "is too large"));
  }
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) {
    throw std::runtime_error(path + ": cannot be read");
  }
  return text;
}

std::vector<StationPlan> read_plans(const std::string& path) {
  const auto rows = read_recipients(read_whole(path));
  if (!rows) {
    std::string wrong = path;
    for (const core::FieldError& field : rows.error().fields) {
      wrong += "\n  " + field.path + " " + field.message.en;
    }
    throw std::runtime_error(wrong);
  }
  return plan_stations(*rows);
}

Member member_of(const Options& options) {
  // The command line is read as a row of a recipients file would be, by the same rules.
  const auto quoted = [](const std::string& text) {
    std::string cell = "\"";
    for (const char c : text) {
      cell += c == '"' ? std::string("\"\"") : std::string(1, c);
    }
    return cell + "\"";
  };
  std::string coverage;
  for (const std::string& prefix : options.coverage) {
    coverage += (coverage.empty() ? "\"" : ",\"") + prefix + "\"";
  }
  std::string audience = options.audience;
  std::transform(audience.begin(), audience.end(), audience.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  const std::string row = quoted(options.recipient) + "," + quoted(audience) + "," + quoted(options.division) +
                          "," + quoted("[" + coverage + "]");
  auto rows = read_recipients("id,audience,division,coverage\n" + row + "\n");
  if (!rows || rows->size() != 1) {
    throw std::runtime_error("--audience, --division or --coverage is not well formed");
  }
  Member member = std::move(rows->front().member);
  member.name = options.name;
  if (options.latitude) {
    const auto crs = parse_crs(options.crs);
    if (!crs) {
      throw std::runtime_error("--crs is WGS84, CGCS2000, GCJ02 or BD09");
    }
    member.place = core::to_wgs84(core::Position{*options.latitude, *options.longitude}, *crs);
  }
  return member;
}

Crew single_crew(const Options& options) {
  Crew crew;
  crew.credentials = {options.certificate_file, options.key_file};
  if (options.recipients_file.empty()) {
    crew.plan.self = member_of(options);
    return crew;
  }
  std::vector<StationPlan> plans = read_plans(options.recipients_file);
  const auto plan = std::find_if(plans.begin(), plans.end(),
                                 [&](const StationPlan& one) { return one.self.id.value == options.recipient; });
  if (plan == plans.end()) {
    throw std::runtime_error(options.recipients_file + ": has no connection of its own for " + options.recipient);
  }
  crew.plan = std::move(*plan);
  if (!options.name.empty()) {
    crew.plan.self.name = options.name;
  }
  return crew;
}

bool draw_percent(std::uint64_t& state, std::uint32_t percent) {
  return split_mix(state) % 100 < percent;
}

}  // namespace

Temper draw_temper(const Options& options, std::string_view id) {
  std::uint64_t state = seed_of(options.seed, id);
  Temper temper;
  temper.silent = draw_percent(state, options.silent_percent);
  const bool slow = draw_percent(state, options.slow_percent);
  temper.delay = slow ? Steady(std::chrono::seconds(options.slow_seconds)) : Steady{0};
  temper.confirm_after = Steady(split_mix(state) % (std::uint64_t{options.confirm_ms_max} + 1));
  return temper;
}

bool draw_flapping(const Options& options, std::string_view id) {
  std::uint64_t state = seed_of(~options.seed, id);
  return draw_percent(state, options.flapping_percent);
}

std::vector<Crew> make_crews(const Options& options) {
  std::vector<Crew> crews;
  if (!options.simulate) {
    crews.push_back(single_crew(options));
    return crews;
  }
  for (StationPlan& plan : read_plans(options.recipients_file)) {
    const std::string id = plan.self.id.value;
    Crew crew;
    crew.plan = std::move(plan);
    crew.temper = draw_temper(options, id);
    crew.flapping = draw_flapping(options, id) ? std::optional(Flapping{}) : std::nullopt;
    const std::filesystem::path folder(options.credentials_dir);
    crew.credentials = {folder / (id + ".crt"), folder / (id + ".key")};
    if (!std::filesystem::exists(crew.credentials.certificate_file)) {
      throw std::runtime_error(crew.credentials.certificate_file + ": is missing");
    }
    crews.push_back(std::move(crew));
  }
  if (crews.empty()) {
    throw std::runtime_error(options.recipients_file + ": nobody in it has a connection of its own");
  }
  return crews;
}

}  // namespace tuanyuan::station
