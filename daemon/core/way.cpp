#include "core/way.hpp"

#include <algorithm>
#include <string_view>

#include "core/limits.hpp"

namespace tuanyuan::core {
namespace {

/// FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv).
class Digest {
 public:
  void add(std::string_view bytes) {
    for (const char byte : bytes) {
      value_ = (value_ ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
    }
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

bool contains(const std::vector<Endpoint>& endpoints, const Endpoint& wanted) {
  return std::any_of(endpoints.begin(), endpoints.end(), [&wanted](const Endpoint& each) {
    return each.channel == wanted.channel && each.address == wanted.address;
  });
}

}  // namespace

std::uint64_t endpoint_key(const Endpoint& endpoint) {
  if (endpoint.channel == ChannelKind::mqtt) {
    return 0;
  }
  Digest digest;
  digest.add(to_string(endpoint.channel));
  digest.add(std::string_view("", 1));  // a byte that is in no name
  digest.add(endpoint.address);
  return std::max<std::uint64_t>(digest.value(), 1);
}

Way way_of(const Endpoint& endpoint) {
  return {endpoint.channel, endpoint_key(endpoint)};
}

std::vector<Endpoint> former_endpoints(std::vector<Endpoint> former, const std::vector<Endpoint>& before,
                                       const std::vector<Endpoint>& now,
                                       const std::optional<EndpointKeys>& needed) {
  if (needed) {
    std::erase_if(former, [&needed](const Endpoint& each) {
      return std::find(needed->begin(), needed->end(), endpoint_key(each)) == needed->end();
    });
  }
  for (const Endpoint& each : before) {
    if (each.channel != ChannelKind::mqtt && !contains(former, each)) {
      former.push_back(each);
    }
  }
  std::erase_if(former, [&now](const Endpoint& each) { return contains(now, each); });
  if (former.size() > former_endpoints_max) {
    former.erase(former.begin(), former.end() - static_cast<std::ptrdiff_t>(former_endpoints_max));
  }
  return former;
}

}  // namespace tuanyuan::core
