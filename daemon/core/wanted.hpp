#pragma once

#include <vector>

#include "core/chase.hpp"
#include "core/notice.hpp"

namespace tuanyuan::core {

/// Which answers a notice asks of its audience, and within which time: what its readers are told is what they are
/// chased by. Of each answer one row without a category, the time of most of them, and one for each category that
/// has another: never more rows than categories. By the policy alone, so that a version's bytes are the same
/// everywhere.
std::vector<Wanted> wanted_of_alert(const ChasePolicy& policy, Audience audience);
std::vector<Wanted> wanted_of_recall(const ChasePolicy& policy, Audience audience);

}  // namespace tuanyuan::core
