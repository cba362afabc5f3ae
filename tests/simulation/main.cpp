#include <charconv>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "simulation/simulation.hpp"

namespace tuanyuan::simulation {
namespace {

struct Options {
  std::vector<std::uint64_t> chosen;  ///< of a file; otherwise a range:
  std::uint64_t from = 1;
  std::uint64_t seeds = 100;
  std::optional<double> minutes;  ///< of wall time; then `seeds` does not count
  bool traced = false;
  bool twice = false;  ///< each seed a second time, to compare the traces
  bool keep_going = true;
};

constexpr const char* usage =
    "usage: simulate [--seed N [--trace]] [--from N] [--seeds N | --minutes N] [--twice] [--stop-at-first]\n"
    "       simulate --file REGRESSIONS\n";

/// One seed a line, and a word on it.
std::vector<std::uint64_t> read_seeds(const char* path) {
  std::vector<std::uint64_t> seeds;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::uint64_t seed = 0;
    if (std::istringstream(line) >> seed) {
      seeds.push_back(seed);
    }
  }
  return seeds;
}

bool parse(int count, char** words, Options& options) {
  for (int index = 1; index < count; ++index) {
    const std::string_view word = words[index];
    const auto number = [&](auto& into) {
      if (index + 1 >= count) {
        return false;
      }
      const std::string_view text = words[++index];
      return std::from_chars(text.data(), text.data() + text.size(), into).ec == std::errc{};
    };
    bool good = true;
    if (word == "--seed") {
      good = number(options.from);
      options.seeds = 1;
    } else if (word == "--file" && index + 1 < count) {
      options.chosen = read_seeds(words[++index]);
      options.seeds = options.chosen.size();
      good = !options.chosen.empty();
    } else if (word == "--from") {
      good = number(options.from);
    } else if (word == "--seeds") {
      good = number(options.seeds);
    } else if (word == "--minutes") {
      good = number(options.minutes.emplace());
    } else if (word == "--trace") {
      options.traced = true;
    } else if (word == "--twice") {
      options.twice = true;
    } else if (word == "--stop-at-first") {
      options.keep_going = false;
    } else {
      good = false;
    }
    if (!good) {
      return false;
    }
  }
  return true;
}

/// The sums over all seeds, as the soak's last line has them.
class Soak {
 public:
  void add(const Outcome& outcome) {
    ++seeds_;
    violations_ += outcome.violations.empty() ? 0 : 1;
    virtual_hours_ += outcome.virtual_hours;
    for (const auto& [name, times] : outcome.faults) {
      faults_[name] += times;
    }
    for (const auto& [name, times] : outcome.checks) {
      checks_[name] += times;
    }
  }

  void print(double wall_s) const {
    std::cout << "{\"seeds\":" << seeds_ << ",\"violations\":" << violations_
              << ",\"virtual_hours\":" << virtual_hours_ << ",\"wall_s\":" << wall_s << ",\"faults\":";
    print(faults_);
    std::cout << ",\"checks\":";
    print(checks_);
    std::cout << "}" << std::endl;
  }

  std::uint64_t seeds() const { return seeds_; }
  std::uint64_t violations() const { return violations_; }

 private:
  static void print(const Counts& counts) {
    const char* separator = "{";
    for (const auto& [name, times] : counts) {
      std::cout << separator << '"' << name << "\":" << times;
      separator = ",";
    }
    std::cout << (counts.empty() ? "{}" : "}");
  }

  std::uint64_t seeds_ = 0;
  std::uint64_t violations_ = 0;
  double virtual_hours_ = 0;
  Counts faults_;
  Counts checks_;
};

void tell(const Outcome& outcome, const char* program) {
  std::cout << "seed " << outcome.seed << " breaks a promise:\n";
  for (const std::string& violation : outcome.violations) {
    std::cout << "  " << violation << '\n';
  }
  std::cout << "  replay: " << program << " --seed " << outcome.seed << " --trace" << std::endl;
}

Outcome run(std::uint64_t seed, const Options& options) {
  Outcome outcome = Simulation(seed, options.traced).run();
  if (options.twice) {
    const Outcome again = Simulation(seed, false).run();
    if (again.trace_hash != outcome.trace_hash || again.events != outcome.events) {
      outcome.violations.push_back("determinism: the same seed gave two traces");
    }
  }
  return outcome;
}

int simulate(const Options& options, const char* program) {
  const auto begun = std::chrono::steady_clock::now();
  const auto wall_s = [begun] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  };
  Soak soak;
  const auto goes_on = [&] {
    return options.minutes ? wall_s() < *options.minutes * 60 : soak.seeds() < options.seeds;
  };
  while (goes_on() && (options.keep_going || soak.violations() == 0)) {
    const std::uint64_t seed = options.chosen.empty() ? options.from + soak.seeds() : options.chosen[soak.seeds()];
    const Outcome outcome = run(seed, options);
    soak.add(outcome);
    if (!outcome.violations.empty()) {
      tell(outcome, program);
    }
  }
  soak.print(wall_s());
  return soak.violations() == 0 ? 0 : 1;
}

}  // namespace
}  // namespace tuanyuan::simulation

int main(int count, char** words) {
  tuanyuan::simulation::Options options;
  if (!tuanyuan::simulation::parse(count, words, options)) {
    std::cerr << tuanyuan::simulation::usage;
    return 2;
  }
  return tuanyuan::simulation::simulate(options, words[0]);
}
