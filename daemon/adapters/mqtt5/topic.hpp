#pragma once

#include <string_view>

namespace tuanyuan::mqtt5 {

/// Section 1.5.4: well-formed UTF-8 (no surrogates, no over-long forms, nothing beyond U+10FFFF), without U+0000.
bool is_valid_string(std::string_view text);

/// Section 4.7: what may be published to. Neither empty nor with a wildcard; `topic` is a valid string.
bool is_topic_name(std::string_view topic);

/// Sections 4.7.1 and 4.8.2: what may be subscribed to, shared subscriptions among them.
bool is_topic_filter(std::string_view filter);

/// Section 4.8.2: begins with "$share/".
bool is_shared(std::string_view filter);

/// Whether a message published to `topic` goes to who subscribed to `filter`. Of a shared subscription the part
/// after the share's name counts. Section 4.7.2: a wildcard in the first level does not match what begins with
/// "$". Both arguments have to be valid.
bool matches(std::string_view filter, std::string_view topic);

}  // namespace tuanyuan::mqtt5
