#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <utility>
#include <vector>

namespace tuanyuan::ports {

/// How the daemon is, for /readyz: ready while reports and acknowledgements can be committed; what else is
/// wrong is named as degraded.
struct HealthView {
  bool ready = false;
  std::vector<std::pair<std::string, std::string>> degraded;  ///< part ("broker", "ledger") -> what is wrong

  HealthView() = default;
};

class Health {
 public:
  virtual ~Health() = default;
  virtual boost::asio::awaitable<HealthView> check() = 0;
  /// The metrics in the text format of Prometheus.
  virtual std::string metrics() = 0;
};

}  // namespace tuanyuan::ports
