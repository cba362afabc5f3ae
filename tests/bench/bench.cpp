#include "bench/bench.hpp"

#include <mimalloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <set>
#include <stdexcept>

namespace tuanyuan::bench {
namespace {

constexpr int all_met = 0;
constexpr int goal_missed = 1;
constexpr int not_run = 2;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string quoted(const std::string& text) {
  return boost::json::serialize(boost::json::string(text));
}

std::string text_of(const Goal& goal) {
  if (goal.of == Goal::Of::nothing) {
    return "null";
  }
  return quoted(std::string(goal.of == Goal::Of::ratio ? "ratio" : "ours") +
                (goal.bound == Goal::Bound::at_most ? " <= " : " >= ") + number(goal.limit));
}

/// The benches asked for, in the program's order; all when none is named. Throws at a name that is not there.
std::vector<Bench> chosen(const std::vector<Bench>& benches, const std::set<std::string>& names) {
  for (const std::string& name : names) {
    if (std::none_of(benches.begin(), benches.end(), [&](const Bench& bench) { return bench.name == name; })) {
      throw std::invalid_argument("no benchmark is called " + name);
    }
  }
  std::vector<Bench> out;
  std::copy_if(benches.begin(), benches.end(), std::back_inserter(out),
               [&](const Bench& bench) { return names.empty() || names.contains(bench.name); });
  return out;
}

int run(const Bench& bench) {
  progress(bench.name);
  int status = all_met;
  try {
    for (const Figure& figure : bench.run()) {
      std::cout << figure.line() << std::endl;
      status = std::max(status, figure.met() ? all_met : goal_missed);
    }
  } catch (const std::exception& failure) {
    progress(bench.name + " could not be run: " + failure.what());
    status = not_run;
  }
  return status;
}

}  // namespace

double Figure::ratio() const {
  return reference == 0 ? 0 : ours / reference;
}

bool Figure::met() const {
  if (goal.of == Goal::Of::nothing) {
    return true;
  }
  const double value = goal.of == Goal::Of::ratio ? ratio() : ours;
  return goal.bound == Goal::Bound::at_most ? value <= goal.limit : value >= goal.limit;
}

std::string Figure::line() const {
  std::string out = "{\"bench\":" + quoted(bench) + ",\"ours\":" + number(ours) +
                    ",\"reference\":" + number(reference) + ",\"reference_is\":" + quoted(reference_is) +
                    ",\"unit\":" + quoted(unit) + ",\"ratio\":" + number(ratio()) + ",\"goal\":" + text_of(goal) +
                    ",\"met\":" + (met() ? "true" : "false");
  for (const auto& [name, value] : more) {
    out += "," + quoted(name) + ":" + number(value);
  }
  return out + "}";
}

int run_benches(int argc, char** argv, const std::vector<Bench>& benches) {
  const std::set<std::string> names(argv + 1, argv + argc);
  if (names.contains("--list")) {
    for (const Bench& bench : benches) {
      std::cout << bench.name << "\n";
    }
    return all_met;
  }
  try {
    int status = all_met;
    for (const Bench& bench : chosen(benches, names)) {
      status = std::max(status, run(bench));
    }
    return status;
  } catch (const std::invalid_argument& failure) {
    progress(failure.what());
    return not_run;
  }
}

void progress(const std::string& text) {
  std::cerr << text << std::endl;
}

double median(std::vector<double> values) {
  if (values.empty()) {
    throw std::invalid_argument("the median of nothing");
  }
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Pairs interleave(std::size_t runs, const std::function<double()>& ours, const std::function<double()>& reference) {
  Pairs pairs;
  for (std::size_t run = 0; run < runs; ++run) {
    if (run % 2 == 0) {
      pairs.ours.push_back(ours());
      pairs.reference.push_back(reference());
    } else {
      pairs.reference.push_back(reference());
      pairs.ours.push_back(ours());
    }
  }
  return pairs;
}

double seconds(const std::function<void()>& work) {
  const auto began = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

void Milestone::reach() {
  const std::lock_guard lock(mutex_);
  reached_ = true;
  changed_.notify_all();
}

void Milestone::reset() {
  const std::lock_guard lock(mutex_);
  reached_ = false;
}

bool Milestone::await(std::chrono::seconds patience) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [this] { return reached_; });
}

std::size_t resident_bytes() {
  mi_collect(true);
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  std::size_t resident = 0;
  if (!(statm >> pages >> resident)) {
    throw std::runtime_error("/proc/self/statm cannot be read");
  }
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

double in_child(const std::function<double()>& work) {
  int ends[2];
  if (pipe(ends) != 0) {
    throw std::runtime_error("no pipe to a child process");
  }
  const pid_t child = fork();
  if (child < 0) {
    throw std::runtime_error("no child process");
  }
  if (child == 0) {
    int status = 1;
    try {
      const double value = work();
      status = write(ends[1], &value, sizeof value) == sizeof value ? 0 : 1;
    } catch (const std::exception& failure) {
      progress(failure.what());
    }
    _exit(status);
  }
  close(ends[1]);
  double value = 0;
  const bool whole = read(ends[0], &value, sizeof value) == sizeof value;
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!whole || status != 0) {
    throw std::runtime_error("the child process that measures failed");
  }
  return value;
}

}  // namespace tuanyuan::bench
