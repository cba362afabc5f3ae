#pragma once

#include <cctype>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tuanyuan::mqtt5 {

inline std::uint8_t nibble_of(char digit) {
  const std::string_view digits = "0123456789abcdef";
  const std::size_t at = digits.find(digit);
  if (at == std::string_view::npos) {
    throw std::invalid_argument("not a hexadecimal digit");
  }
  return static_cast<std::uint8_t>(at);
}

/// Octets as the tables write them: pairs of hexadecimal digits, text between apostrophes, spaces at will.
inline std::vector<std::uint8_t> octets(std::string_view written) {
  std::vector<std::uint8_t> read;
  for (std::size_t at = 0; at < written.size(); ++at) {
    if (written[at] == '\'') {
      for (++at; written.at(at) != '\''; ++at) {
        read.push_back(static_cast<std::uint8_t>(written[at]));
      }
    } else if (written[at] != ' ') {
      read.push_back(static_cast<std::uint8_t>(nibble_of(written[at]) << 4 | nibble_of(written.at(at + 1))));
      ++at;
    }
  }
  return read;
}

}  // namespace tuanyuan::mqtt5
