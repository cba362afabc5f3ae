#include "adapters/push/address_guard.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>

namespace tuanyuan::push {
namespace {

namespace ip = boost::asio::ip;

constexpr unsigned v4_bits = 32;
constexpr unsigned v6_bits = 128;

bool same_prefix(std::span<const unsigned char> left, std::span<const unsigned char> right, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(whole), right.begin())) {
    return false;
  }
  const unsigned rest = bits % 8;
  return rest == 0 || (static_cast<unsigned>(left[whole] ^ right[whole]) >> (8 - rest)) == 0;
}

bool has_bits_below(const Network& network) {
  const auto is_set = [&network](std::span<const unsigned char> bytes) {
    for (unsigned bit = network.bits; bit < bytes.size() * 8; ++bit) {
      if ((bytes[bit / 8] & (0x80U >> (bit % 8))) != 0) {
        return true;
      }
    }
    return false;
  };
  return network.base.is_v4() ? is_set(network.base.to_v4().to_bytes()) : is_set(network.base.to_v6().to_bytes());
}

/// IANA IPv4 Special-Purpose Address Registry (RFC 6890) without what it calls globally reachable, and the
/// multicast addresses (RFC 5771).
constexpr std::array special_v4{
    "0.0.0.0/8",        // this network (RFC 791)
    "10.0.0.0/8",       // private (RFC 1918)
    "100.64.0.0/10",    // carriers' NAT (RFC 6598)
    "127.0.0.0/8",      // loopback (RFC 1122)
    "169.254.0.0/16",   // link-local (RFC 3927), and the metadata services of clouds
    "172.16.0.0/12",    // private
    "192.0.0.0/24",     // protocol assignments (RFC 6890)
    "192.0.2.0/24",     // documentation (RFC 5737)
    "192.88.99.0/24",   // 6to4 relays, no more (RFC 7526)
    "192.168.0.0/16",   // private
    "198.18.0.0/15",    // benchmarks (RFC 2544)
    "198.51.100.0/24",  // documentation
    "203.0.113.0/24",   // documentation
    "224.0.0.0/4",      // multicast
    "240.0.0.0/4",      // reserved (RFC 1112), with 255.255.255.255 (RFC 919)
};

/// Of IPv6 only 2000::/3 is given out as global unicast (IANA IPv6 Address Space, RFC 4291). So loopback, ::/96
/// and ::ffff:0:0/96 (IPv4-compatible and -mapped), NAT64 (64:ff9b::/96, RFC 6052; 64:ff9b:1::/48, RFC 8215),
/// discard-only (100::/64), SRv6 (5f00::/16), unique local (fc00::/7, RFC 4193), link-local (fe80::/10),
/// site-local (fec0::/10) and multicast (ff00::/8) are all outside, and so is whatever comes to be defined there.
constexpr const char* global_unicast_v6 = "2000::/3";

/// IANA IPv6 Special-Purpose Address Registry, inside 2000::/3.
constexpr std::array special_v6{
    "2001::/23",      // protocol assignments: Teredo (RFC 4380), benchmarks (RFC 5180), ORCHID (RFC 7343)
    "2001:db8::/32",  // documentation (RFC 3849)
    "2002::/16",      // 6to4 (RFC 3056)
    "3fff::/20",      // documentation (RFC 9637)
};

template <std::size_t Count>
std::vector<Network> networks(const std::array<const char*, Count>& texts) {
  std::vector<Network> parsed;
  for (const char* text : texts) {
    parsed.push_back(parse_network(text).value());
  }
  return parsed;
}

bool in_any(const std::vector<Network>& networks, const ip::address& address) {
  return std::any_of(networks.begin(), networks.end(),
                     [&address](const Network& network) { return network.contains(address); });
}

}  // namespace

bool Network::contains(const ip::address& address) const {
  if (address.is_v4() != base.is_v4()) {
    return false;
  }
  return base.is_v4() ? same_prefix(base.to_v4().to_bytes(), address.to_v4().to_bytes(), bits)
                      : same_prefix(base.to_v6().to_bytes(), address.to_v6().to_bytes(), bits);
}

std::optional<Network> parse_network(std::string_view text) {
  // Asio reads up to a NUL; and a zone (%) means something on one machine only.
  constexpr std::string_view characters = "0123456789abcdefABCDEF.:/";
  if (text.find_first_not_of(characters) != std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t slash = std::min(text.find('/'), text.size());
  boost::system::error_code failed;
  Network network;
  network.base = ip::make_address(std::string(text.substr(0, slash)), failed);
  if (failed) {
    return std::nullopt;
  }
  const unsigned bits_max = network.base.is_v4() ? v4_bits : v6_bits;
  network.bits = bits_max;
  if (slash < text.size()) {
    const std::string_view bits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), network.bits);
    if (error != std::errc() || end != bits.data() + bits.size()) {
      return std::nullopt;
    }
  }
  return network.bits > bits_max || has_bits_below(network) ? std::nullopt : std::optional<Network>(network);
}

bool is_public(const ip::address& address) {
  static const std::vector<Network> v4 = networks(special_v4);
  static const std::vector<Network> v6 = networks(special_v6);
  static const Network global = parse_network(global_unicast_v6).value();
  return address.is_v4() ? !in_any(v4, address) : global.contains(address) && !in_any(v6, address);
}

bool AddressGuard::names(const ip::address& address) const {
  return in_any(named_, address);
}

bool AddressGuard::permits(const ip::address& address) const {
  return is_public(address) || names(address);
}

}  // namespace tuanyuan::push
