#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string_view>
#include <vector>

namespace tuanyuan::push {

/// The addresses whose first `bits` bits are those of `base`.
struct Network {
  boost::asio::ip::address base;
  unsigned bits = 0;

  /// An IPv4 network holds no IPv6 address, not even one that carries such an IPv4 address.
  bool contains(const boost::asio::ip::address& address) const;
};

/// "10.20.0.0/16", "fd00::/8" or one address. Nothing for names, and where bits are set below the prefix: who
/// wrote "10.0.0.1/8" meant either more or less than that.
std::optional<Network> parse_network(std::string_view text);

/// Which addresses requests may go to, so that nobody makes the daemon speak to what only the daemon can reach
/// by entering a URL into the directory. Judged are addresses, never names: a name may mean something else
/// the next time it is asked for. Pure.
class AddressGuard {
 public:
  AddressGuard() = default;
  /// `named`: what the deployment allows beside the public internet.
  explicit AddressGuard(std::vector<Network> named) : named_(std::move(named)) {}

  /// Whether the deployment names it. Only there may a request go unencrypted (contract, section 5).
  bool names(const boost::asio::ip::address& address) const;
  /// Whether a request may go there: on the public internet, or named.
  bool permits(const boost::asio::ip::address& address) const;

 private:
  std::vector<Network> named_;
};

/// Whether everybody on the internet means the same host by this address. Those that carry an IPv4 address in an
/// IPv6 one never are, since where they lead depends on translators and tunnels on the way.
bool is_public(const boost::asio::ip::address& address);

}  // namespace tuanyuan::push
