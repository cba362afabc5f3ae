#pragma once

#include <string_view>

#include "core/time.hpp"

namespace tuanyuan::push {

/// What a Retry-After field asks for (RFC 9110, section 10.2.3), in seconds or as an IMF-fixdate: from now on,
/// never negative, at most retry_after_max. 0 for anything else; dates in the two obsolete forms are not read.
core::Duration parse_retry_after(std::string_view field, core::Instant now);

}  // namespace tuanyuan::push
