#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace tuanyuan::core {

/// All of them, one after the other, in one allocation: for texts that are made for each of many recipients.
inline std::string joined(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) {
    size += part.size();
  }
  std::string text;
  text.reserve(size);
  for (const std::string_view part : parts) {
    text += part;
  }
  return text;
}

}  // namespace tuanyuan::core
