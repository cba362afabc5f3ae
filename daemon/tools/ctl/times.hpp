#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace tuanyuan::ctl {

/// RFC 3339 in UTC, as the daemon writes its times.
std::string to_rfc3339(core::Instant at);
std::optional<core::Instant> from_rfc3339(std::string_view text);

}  // namespace tuanyuan::ctl
