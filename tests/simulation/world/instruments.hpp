#pragma once

#include <map>
#include <string>

#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {

/// The log: into the trace, and to the checkers.
class SimLog final : public ports::Log {
 public:
  explicit SimLog(Stage& stage) : stage_(stage) {}
  void write(ports::Severity, std::string_view event, Fields fields) override {
    stage_.trace("log", event);
    stage_.jury.tell(&Checker::logged, event, fields);
  }

 private:
  Stage& stage_;
};

/// The metrics of one life of the daemon, by name and labels.
class SimMetrics final : public ports::Metrics {
 public:
  explicit SimMetrics(Stage& stage) : stage_(stage) {}

  void add(std::string_view counter, Labels labels, double by) override { at(counter, labels) += by; }
  void set(std::string_view gauge, Labels labels, double value) override { at(gauge, labels) = value; }
  void observe(std::string_view histogram, Labels labels, double) override { at(histogram, labels) += 1; }
  const std::map<std::string, double>& values() const { return values_; }

 private:
  double& at(std::string_view name, Labels labels) {
    std::string key(name);
    for (const auto& [label, value] : labels) {
      key.append(" ").append(label).append("=").append(value);
    }
    const auto [place, added] = values_.emplace(std::move(key), 0);
    if (added) {
      stage_.jury.tell(&Checker::measured, name, labels);
    }
    return place->second;
  }

  Stage& stage_;
  std::map<std::string, double> values_;
};

}  // namespace tuanyuan::simulation
