#pragma once

#include <string>
#include <string_view>

namespace tuanyuan::drawing {

/// A text fit to be set: one line without control characters, without marks that turn the direction of what stands
/// around it (Unicode Bidirectional Algorithm, section 2), and without octets that are not UTF-8.
std::string plain(std::string_view text);

/// Plain, and with what HTML takes for its own written as references.
std::string escaped(std::string_view text);

}  // namespace tuanyuan::drawing
