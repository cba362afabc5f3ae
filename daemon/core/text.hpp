#pragma once

#include <string>
#include <utility>

namespace tuanyuan::core {

/// A text for people in both of the languages the daemon itself speaks. Which one is shown is decided at the
/// edge, from Accept-Language; zh-CN is the default (contract, section 2).
struct Text {
  std::string zh;
  std::string en;

  Text() = default;
  Text(std::string chinese, std::string english) : zh(std::move(chinese)), en(std::move(english)) {}

  friend bool operator==(const Text&, const Text&) = default;
};

}  // namespace tuanyuan::core
