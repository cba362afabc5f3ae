#pragma once

#include <string>

#include "core/notice.hpp"

namespace tuanyuan::station {

/// Where the public can read more of an alert, for the code on a display. No notice for others says whether its
/// alert was released to the public, or is suspended for it: the address has to answer for those too.
struct PublicCopies {
  std::string url_prefix;     ///< the alert's id follows; empty: there are none
  bool of_exercises = false;  ///< exercises have one too
};

/// Empty: there is none. Otherwise there may be one.
std::string public_copy_of(const core::Notice& notice, const PublicCopies& copies);

}  // namespace tuanyuan::station
