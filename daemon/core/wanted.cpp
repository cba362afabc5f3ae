#include "core/wanted.hpp"

#include <algorithm>
#include <chrono>
#include <map>

namespace tuanyuan::core {
namespace {

using Time = Duration AnswerTimes::*;

Wanted row(AnswerKind kind, Duration time, std::optional<Category> category = std::nullopt) {
  Wanted wanted;
  wanted.kind = kind;
  wanted.category = category;
  wanted.seconds = static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(time).count());
  return wanted;
}

/// The time of most categories; of two that are equally common the shorter one.
Duration usual(const ChasePolicy& policy, Audience audience, Time time) {
  std::map<Duration, std::size_t> common;
  for (std::size_t index = 0; index < category_count; ++index) {
    ++common[policy.of(audience, static_cast<Category>(index)).*time];
  }
  const auto fewer = [](const auto& one, const auto& other) { return one.second < other.second; };
  return std::max_element(common.begin(), common.end(), fewer)->first;
}

void add(std::vector<Wanted>& all, const ChasePolicy& policy, Audience audience, AnswerKind kind, Time time) {
  const Duration most = usual(policy, audience, time);
  all.push_back(row(kind, most));
  for (std::size_t index = 0; index < category_count; ++index) {
    const auto category = static_cast<Category>(index);
    if (const Duration own = policy.of(audience, category).*time; own != most) {
      all.push_back(row(kind, own, category));
    }
  }
}

}  // namespace

std::vector<Wanted> wanted_of_alert(const ChasePolicy& policy, Audience audience) {
  std::vector<Wanted> all;
  add(all, policy, audience, AnswerKind::received, &AnswerTimes::received);
  // Nobody is chased for DISPLAYED, but exercises are scored by it: in time until it has to be confirmed.
  add(all, policy, audience, AnswerKind::displayed, &AnswerTimes::confirmed);
  add(all, policy, audience, AnswerKind::confirmed, &AnswerTimes::confirmed);
  return all;
}

std::vector<Wanted> wanted_of_recall(const ChasePolicy& policy, Audience audience) {
  std::vector<Wanted> all;
  add(all, policy, audience, AnswerKind::removed, &AnswerTimes::removed);
  return all;
}

}  // namespace tuanyuan::core
