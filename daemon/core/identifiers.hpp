#pragma once

#include <string_view>

namespace tuanyuan::core {

/// 8-4-4-4-12 hexadecimal digits (RFC 9562). Either case is taken, as that standard asks of readers; what was
/// given is kept as it is, because who sent it waits for it to come back.
bool is_uuid(std::string_view text);

/// What may stand as a recipient's id, and so as a level of its topics: [A-Za-z0-9_-]{1,64} (contract, section 4).
bool is_recipient_id(std::string_view text);

}  // namespace tuanyuan::core
