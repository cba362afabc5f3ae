#pragma once

#include <chrono>
#include <cstddef>

// Every limit of the push gateways has its name here.
namespace tuanyuan::push {

inline constexpr std::size_t url_bytes_max = 4'096;      ///< as an endpoint's address (core/limits.hpp)
inline constexpr std::size_t host_name_bytes_max = 253;  ///< RFC 1035, section 2.3.4, without the last dot
inline constexpr std::size_t host_label_bytes_max = 63;

// Standard Webhooks.
inline constexpr std::size_t webhook_secrets_max = 4;  ///< of one endpoint, while they are rotated
inline constexpr std::size_t webhook_key_bytes_min = 24;
inline constexpr std::size_t webhook_key_bytes_max = 64;
inline constexpr std::chrono::seconds webhook_tolerance{5 * 60};  ///< how old or early a signature may be
inline constexpr std::size_t webhook_signatures_max = 16;         ///< looked at in one header

}  // namespace tuanyuan::push
