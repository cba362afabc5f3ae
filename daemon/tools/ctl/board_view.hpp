#pragma once

#include <boost/json.hpp>
#include <string>

namespace tuanyuan::ctl {

/// A board as people read it: the sums as bars, who has answered by category, division, ring and channel, and
/// whom to telephone.
std::string board_view(const boost::json::value& board);

}  // namespace tuanyuan::ctl
