#include "simulation/world/checker.hpp"

#include <utility>

#include "simulation/checkers/checkers.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {
namespace {

constexpr std::size_t violations_kept_max = 20;  ///< the first are what matters

}  // namespace

std::vector<std::unique_ptr<Checker>> all_checkers(Stage& stage) {
  std::vector<std::unique_ptr<Checker>> all;
  for (const auto make :
       {progress, durable, once, forgotten, recall, released, slow_part, borrowed, watched, alert_clock,
        sightings, duplicates}) {
    all.push_back(make(stage));
  }
  return all;
}

void Checker::report(const std::string& what) {
  stage_.jury.violated(name_, what);
}

Jury::Jury(Stage& stage) : stage_(stage), checkers_(all_checkers(stage)) {}

void Jury::at_rest(Rest& rest) {
  for (const auto& checker : checkers_) {
    checker->at_rest(rest);
  }
}

std::optional<std::string> Jury::waiting() const {
  for (const auto& checker : checkers_) {
    if (checker->waits()) {
      return checker->name();
    }
  }
  return std::nullopt;
}

void Jury::violated(std::string_view promise, const std::string& what) {
  stage_.trace("VIOLATION", promise, what);
  if (violations_.size() < violations_kept_max) {
    violations_.push_back(std::string(promise) + ": " + what);
  }
}

void Jury::add_checks_to(Counts& counts) const {
  for (const auto& checker : checkers_) {
    counts[checker->name()] += checker->checks();
  }
}

}  // namespace tuanyuan::simulation
