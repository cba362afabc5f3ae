#include "core/crowd.hpp"

#include <algorithm>

namespace tuanyuan::core {
namespace {

/// How much of the mean each new send is: the last few count, since a receiver may fall ill in a moment.
constexpr int weight = 4;

}  // namespace

bool Crowd::is_quick(Instant now) const {
  const bool one_hangs = !under_way_.empty() && now - *under_way_.begin() > quick_send_max;
  return each_ > Duration(0) && each_ <= quick_send_max && !one_hangs;
}

bool Crowd::has_room(Instant now) const {
  return places_ < share_ || is_quick(now);
}

Instant Crowd::slow_from() const {
  if (under_way_.empty() || each_ > quick_send_max) {
    return Instant::min();
  }
  return *under_way_.begin() + quick_send_max;
}

Duration Crowd::pause() const {
  return std::clamp(each_, crowd_pause_min, crowd_pause_max);
}

void Crowd::answered(Instant sent_at, Instant now) {
  if (const auto found = under_way_.find(sent_at); found != under_way_.end()) {
    under_way_.erase(found);
  }
  const Duration took = std::max(now - sent_at, Duration(1));  // one that took no measurable time still took some
  each_ = each_ == Duration(0) ? took : each_ + (took - each_) / weight;
}

}  // namespace tuanyuan::core
