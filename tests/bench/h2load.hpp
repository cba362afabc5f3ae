#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "bench/nghttpd.hpp"

namespace tuanyuan::bench {

/// How fast something pushes.
struct PushRate {
  double per_second = 0;
  double cpu_microseconds = 0;  ///< of the one who pushes, for each
};
PushRate push_rate(std::size_t pushes, double seconds, double cpu_seconds);

/// What h2load asks, over one connection.
struct H2Load {
  std::size_t requests = 0;
  std::size_t in_flight = 0;
  std::vector<std::string> paths;  ///< one after the other, over and over
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
};

/// Throws where not every answer is a 2xx.
PushRate run_h2load(const Nghttpd& server, const H2Load& load);

}  // namespace tuanyuan::bench
