#include "adapters/metrics/prometheus_metrics.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "adapters/metrics/catalogue.hpp"

namespace tuanyuan::metrics {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

TEST(PrometheusMetrics, BeforeAnythingIsCountedThenEveryMetricIsNamedOnce) {
  const std::string text = PrometheusMetrics().text();
  for (const Metric& metric : catalogue()) {
    const std::string name(metric.name);
    EXPECT_EQ(count(text, "# HELP " + name + ' '), 1U) << name;
    EXPECT_EQ(count(text, "# TYPE " + name + ' '), 1U) << name;
  }
}

TEST(PrometheusMetrics, WhatIsCountedThenStandsUnderItsNameWithItsLabels) {
  PrometheusMetrics metrics;
  metrics.add("tuanyuan_deliveries_total", {{"channel", "mqtt"}, {"outcome", "accepted"}}, 2);
  metrics.set("tuanyuan_broker_connected", {{"broker", "primary"}}, 1);
  metrics.observe("tuanyuan_ledger_commit_seconds", {}, 0.003);
  const std::string text = metrics.text();
  EXPECT_NE(text.find("tuanyuan_deliveries_total{channel=\"mqtt\",outcome=\"accepted\"} 2\n"), std::string::npos);
  EXPECT_NE(text.find("tuanyuan_broker_connected{broker=\"primary\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("tuanyuan_ledger_commit_seconds_bucket{le=\"0.005\"} 1\n"), std::string::npos);
  EXPECT_EQ(count(text, "# TYPE tuanyuan_deliveries_total "), 1U);
}

TEST(PrometheusMetrics, WhatIsNotInTheCatalogueOrOfAnotherKindThenThrows) {
  PrometheusMetrics metrics;
  EXPECT_THROW(metrics.add("tuanyuan_made_up_total", {}, 1), std::logic_error);
  EXPECT_THROW(metrics.set("tuanyuan_deliveries_total", {}, 1), std::logic_error);
}

}  // namespace
}  // namespace tuanyuan::metrics
