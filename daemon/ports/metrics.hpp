#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tuanyuan::ports {

/// What operations watch. Names and labels are the contract's (section 2); no label ever names an alert, a
/// recipient or a county. Cheap; loop thread.
class Metrics {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  virtual ~Metrics() = default;

  virtual void add(std::string_view counter, Labels labels, double by = 1) = 0;
  virtual void set(std::string_view gauge, Labels labels, double value) = 0;
  virtual void observe(std::string_view histogram, Labels labels, double value) = 0;
};

}  // namespace tuanyuan::ports
