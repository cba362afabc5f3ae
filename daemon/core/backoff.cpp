#include "core/backoff.hpp"

#include <algorithm>

namespace tuanyuan::core {
namespace {

Duration doubled(const BackoffPolicy& policy, std::uint32_t times) {
  Duration wait = std::min(policy.first, policy.longest);
  for (; times > 0 && wait < policy.longest && wait > Duration(0); --times) {
    wait = wait > policy.longest / 2 ? policy.longest : wait * 2;
  }
  return wait;
}

/// 0 to `span`, both included.
Duration share(Duration span, std::uint64_t random) {
  return Duration(static_cast<std::int64_t>(random % (static_cast<std::uint64_t>(span.count()) + 1)));
}

}  // namespace

Duration backoff_delay(const BackoffPolicy& policy, std::uint32_t attempts, std::uint64_t random) {
  const Duration wait = doubled(policy, attempts > 0 ? attempts - 1 : 0);
  if (policy.jitter == Jitter::full) {
    return share(wait, random);
  }
  const Duration half = wait / 2;
  return wait - half + share(half, random);
}

}  // namespace tuanyuan::core
