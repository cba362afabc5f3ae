#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/refusal.hpp"

namespace tuanyuan::push {

/// Where a request goes. Whether it may, the AddressGuard says of the addresses that the host turns out to have.
struct Url {
  bool is_secure = true;  ///< https
  std::string host;       ///< a name in lower case, or an address; an IPv6 one without its brackets
  bool host_is_address = false;
  std::uint16_t port = 443;
  std::string target;  ///< path and query, as given

  Url() = default;
  /// For the Host field: the port only where it is not the scheme's.
  std::string authority() const;
  /// What connections are shared by.
  std::string origin() const;
};
/// Whether they share connections.
inline bool is_same_origin(const Url& left, const Url& right) {
  return left.port == right.port && left.is_secure == right.is_secure && left.host == right.host;
}

/// Reads an absolute http or https URL (RFC 3986), strictly: ASCII alone, a name of letters, digits, hyphens and
/// underscores or an address, no user information. A fragment is dropped, for it is never sent. Hosts that
/// resolvers take for addresses though they are not written as such (127.1, 0x7f000001) are refused. The refusal
/// (invalid) never repeats the URL: it may hold somebody's token.
core::Result<Url> parse_url(std::string_view text);

}  // namespace tuanyuan::push
