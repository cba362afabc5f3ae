#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tuanyuan::core {

/// What is done about a recipient that keeps silent, one after the other.
enum class ChaseStep : std::uint8_t {
  direct,  ///< the notice once more, addressed to it alone: by each of its further endpoints, one after the other
  unit,    ///< to the unit that answers for it, where it has one
  late,    ///< listed for the supervising office; from here on a person has to pick up the telephone
};
inline constexpr std::size_t chase_step_count = 3;
/// "direct", as journal and board have it.
std::string_view to_string(ChaseStep step);

}  // namespace tuanyuan::core
