#include "adapters/metrics/prometheus_metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "adapters/metrics/catalogue.hpp"

namespace tuanyuan::metrics {
namespace {

prometheus::Labels to_labels(ports::Metrics::Labels labels) {
  prometheus::Labels made;
  for (const auto& [name, value] : labels) {
    made.emplace(name, value);
  }
  return made;
}

template <class Families>
auto& family_of(Families& families, std::string_view name) {
  const auto found = families.find(name);
  if (found == families.end()) {
    throw std::logic_error("a metric that is not in the catalogue: " + std::string(name));
  }
  return found->second;
}

std::string_view type_name(Kind kind) {
  switch (kind) {
    case Kind::counter:
      return "counter";
    case Kind::gauge:
      return "gauge";
    case Kind::histogram:
      return "histogram";
  }
  throw std::logic_error("a kind of metric that has no name");
}

void append_description(const Metric& metric, std::string& text) {
  for (const auto& [word, what] :
       {std::pair("# HELP ", metric.help), std::pair("# TYPE ", type_name(metric.kind))}) {
    text += word;
    text += metric.name;
    text += ' ';
    text += what;
    text += '\n';
  }
}

}  // namespace

struct PrometheusMetrics::Registry {
  struct HistogramFamily {
    prometheus::Family<prometheus::Histogram>* family;
    std::vector<double> buckets;
  };

  prometheus::Registry registry;
  std::map<std::string, prometheus::Family<prometheus::Counter>*, std::less<>> counters;
  std::map<std::string, prometheus::Family<prometheus::Gauge>*, std::less<>> gauges;
  std::map<std::string, HistogramFamily, std::less<>> histograms;
};

PrometheusMetrics::PrometheusMetrics() : registry_(std::make_unique<Registry>()) {
  for (const Metric& metric : catalogue()) {
    const std::string name(metric.name);
    const std::string help(metric.help);
    switch (metric.kind) {
      case Kind::counter:
        registry_->counters[name] =
            &prometheus::BuildCounter().Name(name).Help(help).Register(registry_->registry);
        break;
      case Kind::gauge:
        registry_->gauges[name] = &prometheus::BuildGauge().Name(name).Help(help).Register(registry_->registry);
        break;
      case Kind::histogram:
        registry_->histograms[name] = {
            &prometheus::BuildHistogram().Name(name).Help(help).Register(registry_->registry),
            std::vector<double>(metric.buckets.begin(), metric.buckets.end())};
        break;
    }
  }
}

PrometheusMetrics::~PrometheusMetrics() = default;

void PrometheusMetrics::add(std::string_view counter, Labels labels, double by) {
  family_of(registry_->counters, counter)->Add(to_labels(labels)).Increment(by);
}

void PrometheusMetrics::set(std::string_view gauge, Labels labels, double value) {
  family_of(registry_->gauges, gauge)->Add(to_labels(labels)).Set(value);
}

void PrometheusMetrics::observe(std::string_view histogram, Labels labels, double value) {
  const Registry::HistogramFamily& found = family_of(registry_->histograms, histogram);
  found.family->Add(to_labels(labels), found.buckets).Observe(value);
}

std::string PrometheusMetrics::text() const {
  const std::vector<prometheus::MetricFamily> families = registry_->registry.Collect();
  std::string text = prometheus::TextSerializer().Serialize(families);
  std::set<std::string_view> counted;
  for (const prometheus::MetricFamily& family : families) {
    counted.insert(family.name);
  }
  // What has not been counted yet is named all the same: who writes a rule or a panel sees what there will be.
  for (const Metric& metric : catalogue()) {
    if (!counted.contains(metric.name)) {
      append_description(metric, text);
    }
  }
  return text;
}

}  // namespace tuanyuan::metrics
