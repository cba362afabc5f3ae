#pragma once

#include <string_view>

namespace tuanyuan::core {

/// Whether a text has the shape of a language tag (BCP 47): a language of 2 to 8 letters, then parts of 1 to
/// 8 letters and digits. Whether the parts are registered is not looked up.
bool is_language_tag(std::string_view text);

}  // namespace tuanyuan::core
