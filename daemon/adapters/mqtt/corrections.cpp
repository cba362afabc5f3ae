#include "adapters/mqtt/corrections.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tuanyuan::mqtt {
namespace {

constexpr std::chrono::minutes window{1};

}  // namespace

bool Corrections::note(const std::string& topic, const ports::RetainedSeen& seen, ports::RetainedVerdict verdict,
                       Steady now) {
  const auto found = pending_.find(topic);
  if (verdict == ports::RetainedVerdict::in_order) {
    forget(topic);
    return true;
  }
  if (found != pending_.end()) {
    found->second.seen = seen;
    found->second.verdict = verdict;
    return true;
  }
  if (pending_.size() >= limits_.pending_max) {
    return false;
  }
  const Steady due = earliest(topic, verdict, now);
  pending_.emplace(topic, Pending{seen, verdict, due});
  order_.emplace(due, topic);
  return true;
}

Corrections::Steady Corrections::earliest(const std::string& topic, ports::RetainedVerdict verdict, Steady now) {
  const Steady wanted = verdict == ports::RetainedVerdict::stranger ? now + limits_.stranger_grace : now;
  const auto found = spent_.find(topic);
  if (found == spent_.end() || found->second.count < limits_.per_topic_per_minute_max) {
    return wanted;
  }
  return std::max(wanted, found->second.window_start + window);
}

void Corrections::charge(const std::string& topic, Steady now) {
  // Whoever has not been corrected for a minute has its whole budget again and need not be remembered.
  std::erase_if(spent_, [now](const auto& item) { return now - item.second.window_start >= window; });
  Spent& spent = spent_.try_emplace(topic, Spent{now, 0}).first->second;
  ++spent.count;
}

std::vector<Corrections::Due> Corrections::take_due(Steady now, std::size_t most) {
  std::vector<Due> due;
  while (due.size() < most && !order_.empty() && order_.begin()->first <= now) {
    const std::string topic = order_.begin()->second;
    order_.erase(order_.begin());
    auto taken = pending_.extract(topic);
    charge(topic, now);
    due.push_back(Due{topic, std::move(taken.mapped().seen), taken.mapped().verdict});
  }
  return due;
}

std::optional<Corrections::Steady> Corrections::next_due() const {
  if (order_.empty()) {
    return std::nullopt;
  }
  return order_.begin()->first;
}

void Corrections::forget(const std::string& topic) {
  const auto found = pending_.find(topic);
  if (found == pending_.end()) {
    return;
  }
  const auto [first, last] = order_.equal_range(found->second.due);
  for (auto place = first; place != last; ++place) {
    if (place->second == topic) {
      order_.erase(place);
      break;
    }
  }
  pending_.erase(found);
}

void Corrections::clear() {
  pending_.clear();
  order_.clear();
}

}  // namespace tuanyuan::mqtt
