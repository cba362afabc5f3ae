#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tuanyuan::http {

/// What a request line asks for.
struct Target {
  std::string path;  ///< unreserved characters and `:` decoded (RFC 3986, section 6.2.2.2), all else as sent
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded

  Target() = default;
  /// Nothing: not given. Twice is as good as an unusable value: the text then holds a NUL, which no value may.
  std::optional<std::string> parameter(std::string_view name) const;
};

/// Nothing: neither origin-form nor absolute-form (RFC 9112, section 3.2), or badly escaped, or with more
/// parameters than anybody needs.
std::optional<Target> parse_target(std::string_view target);

/// The id in a path that the pattern describes, such as `/api/v1/reports/{id}:release`; empty where the pattern
/// has none. Nothing: it does not match. An id holds neither `/` nor `:`, and is no longer than
/// 4 * path_id_bytes_max.
std::optional<std::string> match(std::string_view pattern, std::string_view path);

/// [A-Za-z0-9_-]{1,64}: what every id in this daemon looks like.
bool is_id(std::string_view text);

}  // namespace tuanyuan::http
