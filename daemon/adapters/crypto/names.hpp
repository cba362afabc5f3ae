#pragma once

#include <string_view>

namespace tuanyuan::crypto {

inline constexpr std::size_t common_name_chars_max = 64;  ///< ub-common-name, RFC 5280

/// [A-Za-z0-9_-]{1,64}: what recipients and officers may be called (contract, section 4).
inline bool is_common_name(std::string_view name) {
  if (name.empty() || name.size() > common_name_chars_max) {
    return false;
  }
  for (const char c : name) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-') {
      return false;
    }
  }
  return true;
}

}  // namespace tuanyuan::crypto
