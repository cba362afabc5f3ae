#pragma once

#include "tools/ctl/http_client.hpp"

namespace tuanyuan::ctl {

/// What the daemon answered instead of what was asked, as a person reads it: title, detail, and each wrong
/// field on a line of its own. `body` need not be problem+json (RFC 9457): a proxy may stand in between.
Failure refusal(HttpResponse response);

}  // namespace tuanyuan::ctl
