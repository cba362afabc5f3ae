#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/metrics/prometheus_metrics.hpp"
#include "ports/health.hpp"
#include "ports/ledger.hpp"

namespace tuanyuan::app {

/// Puts together what /readyz says. Not ready only while nothing can be committed: a daemon whose broker is
/// away still has to take reports.
class DaemonHealth final : public ports::Health {
 public:
  /// One part that may be degraded: its name, and what is wrong with it now; empty: nothing.
  using Part = std::pair<std::string, std::function<std::string()>>;

  DaemonHealth(ports::Ledger& ledger, const metrics::PrometheusMetrics& metrics)
      : ledger_(ledger), metrics_(metrics) {}

  void add(Part part) { parts_.push_back(std::move(part)); }

  boost::asio::awaitable<ports::HealthView> check() override;
  std::string metrics() override { return metrics_.text(); }

 private:
  ports::Ledger& ledger_;
  const metrics::PrometheusMetrics& metrics_;
  std::vector<Part> parts_;
};

}  // namespace tuanyuan::app
