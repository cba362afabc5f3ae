#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/metrics/prometheus_metrics.hpp"
#include "ports/clock.hpp"
#include "ports/health.hpp"
#include "ports/ledger.hpp"
#include "ports/log.hpp"

namespace tuanyuan::app {

/// How often the parts are looked at when nobody asks: the gauge and the log are to tell of a full disk before a
/// report meets it.
inline constexpr core::Duration health_interval = std::chrono::seconds(5);

/// Puts together what /readyz says. Not ready only while nothing can be committed: a daemon whose broker is
/// away still has to take reports. Each look also sets the gauge `tuanyuan_degraded`, and the log is told when a
/// part fails and when it is well again.
class DaemonHealth final : public ports::Health {
 public:
  /// One part that may be degraded: its name, and what is wrong with it now; empty: nothing.
  using Part = std::pair<std::string, std::function<std::string()>>;

  DaemonHealth(ports::Ledger& ledger, metrics::PrometheusMetrics& metrics, ports::Clock& clock, ports::Log& log)
      : ledger_(ledger), metrics_(metrics), clock_(clock), log_(log) {}

  void add(Part part) { parts_.push_back(std::move(part)); }

  /// Looks again and again, until cancelled.
  boost::asio::awaitable<void> watch();

  boost::asio::awaitable<ports::HealthView> check() override;
  std::string metrics() override { return metrics_.text(); }

 private:
  void note(const std::string& part, std::string wrong, ports::HealthView& view);

  ports::Ledger& ledger_;
  metrics::PrometheusMetrics& metrics_;
  ports::Clock& clock_;
  ports::Log& log_;
  std::vector<Part> parts_;
  std::map<std::string, bool, std::less<>> degraded_;
};

}  // namespace tuanyuan::app
