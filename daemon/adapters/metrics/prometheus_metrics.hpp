#pragma once

#include <memory>
#include <string>

#include "ports/metrics.hpp"

namespace tuanyuan::metrics {

/// The daemon's metrics in prometheus-cpp. A name has to stand in the catalogue with its kind and help text:
/// an unknown one is a programmer's error and throws. Any thread.
class PrometheusMetrics final : public ports::Metrics {
 public:
  PrometheusMetrics();
  ~PrometheusMetrics() override;

  void add(std::string_view counter, Labels labels, double by) override;
  void set(std::string_view gauge, Labels labels, double value) override;
  void observe(std::string_view histogram, Labels labels, double value) override;

  /// Everything in the text format 0.0.4.
  std::string text() const;

 private:
  struct Registry;
  std::unique_ptr<Registry> registry_;
};

}  // namespace tuanyuan::metrics
