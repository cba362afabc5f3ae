#pragma once

#include <cstddef>
#include <string>

namespace tuanyuan::app {

/// Descriptors that are never a client's: of the ledger, the log, the broker with its files, the loop, and every
/// connection of the operations listener, and the few connections of HTTP/2. What an attacker or a storm of
/// stations takes, these keep.
inline constexpr std::size_t descriptors_reserved = 128;
/// With fewer the daemon does not start: a handful of stations would shut the police out.
inline constexpr std::size_t client_connections_min = 32;
/// With fewer than these, or what they want where that is less, neither: an alert would wait for its own way out.
inline constexpr std::size_t gateway_connections_min = 16;

/// Below so much the disk of the ledger is named as degraded, while there still is time.
inline constexpr unsigned long long disk_free_bytes_min = 256ULL << 20;

/// Raises the soft limit on open files to the hard one, and says how many there may be.
std::size_t raise_files_max();

/// Of the descriptors that the daemon does not need itself, how many are whose.
struct DescriptorShares {
  std::size_t clients = 0;   ///< connections to the API
  std::size_t gateways = 0;  ///< connections that carry a request
  std::size_t idle = 0;      ///< those that wait for the next one: they only save time
};

/// Where there are few, gateways have half of what clients can spare, and what is idle an eighth of the rest; of
/// many both have what they want, and clients all others. Throws std::runtime_error, for the operator, where there
/// are too few to start with.
DescriptorShares share_descriptors(std::size_t files, std::size_t gateways_wanted, std::size_t idle_wanted);

/// What is wrong with the space that is left beside `file`; empty: nothing.
std::string little_space(const std::string& file);

}  // namespace tuanyuan::app
