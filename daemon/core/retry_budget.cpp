#include "core/retry_budget.hpp"

#include <algorithm>

namespace tuanyuan::core {

bool RetryBudget::take(Instant now) {
  if (earned_ >= 1) {
    earned_ -= 1;
    return true;
  }
  if (last_free_ != Instant::min() && now - last_free_ < policy_.one_each) {
    return false;
  }
  last_free_ = now;
  return true;
}

void RetryBudget::earn(double share) {
  earned_ = std::min(earned_ + share, policy_.at_once);
}

}  // namespace tuanyuan::core
