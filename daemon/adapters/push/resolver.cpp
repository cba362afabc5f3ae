#include "adapters/push/resolver.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>
#include <utility>

#include "adapters/push/limits.hpp"

namespace tuanyuan::push {
namespace {

namespace ip = boost::asio::ip;

struct Freed {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};

ip::address address_of(const addrinfo& found) {
  if (found.ai_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, found.ai_addr, sizeof(v4));
    return ip::address_v4(ntohl(v4.sin_addr.s_addr));
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, found.ai_addr, sizeof(v6));
  ip::address_v6::bytes_type bytes;
  std::memcpy(bytes.data(), v6.sin6_addr.s6_addr, bytes.size());
  return ip::address_v6(bytes, v6.sin6_scope_id);
}

std::vector<ip::address> look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) {
    return {};
  }
  const std::unique_ptr<addrinfo, Freed> owned(list);
  std::vector<ip::address> addresses;
  for (const addrinfo* at = list; at != nullptr && addresses.size() < addresses_of_a_name_max; at = at->ai_next) {
    if (at->ai_family == AF_INET || at->ai_family == AF_INET6) {
      addresses.push_back(address_of(*at));
    }
  }
  return addresses;
}

struct LookUp {
  std::string host;
  std::vector<ip::address> operator()() const { return look_up(host); }
};

}  // namespace

boost::asio::awaitable<std::vector<ip::address>> SystemResolver::resolve(std::string host) {
  LookUp work{std::move(host)};
  auto found = co_await pool_.run(std::move(work));
  co_return found ? std::move(*found) : std::vector<ip::address>();
}

}  // namespace tuanyuan::push
