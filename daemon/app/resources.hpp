#pragma once

#include <cstddef>
#include <string>

namespace tuanyuan::app {

/// Descriptors that are never a client's: of the ledger, the log, the broker with its files, the loop, and every
/// connection of the operations listener. What an attacker or a storm of stations takes, these keep.
inline constexpr std::size_t descriptors_reserved = 128;
/// With fewer the daemon does not start: a handful of stations would shut the police out.
inline constexpr std::size_t client_connections_min = 32;

/// Below so much the disk of the ledger is named as degraded, while there still is time.
inline constexpr unsigned long long disk_free_bytes_min = 256ULL << 20;

/// Raises the soft limit on open files to the hard one, and says how many of them clients may have: those that
/// the daemon itself and its gateways need are not theirs. Throws std::runtime_error, for the operator, where what
/// is left is too little.
std::size_t client_connections_max(std::size_t gateway_connections_max);

/// What is wrong with the space that is left beside `file`; empty: nothing.
std::string little_space(const std::string& file);

}  // namespace tuanyuan::app
