#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace tuanyuan::core {

/// The names of an enumeration that counts from zero, in its order: both directions from one table.
template <class Enum, std::size_t n>
struct Names {
  std::array<std::string_view, n> names;

  constexpr std::string_view operator[](Enum value) const { return names.at(static_cast<std::size_t>(value)); }

  constexpr std::optional<Enum> find(std::string_view name) const {
    for (std::size_t index = 0; index < n; ++index) {
      if (names[index] == name && !name.empty()) {
        return static_cast<Enum>(index);
      }
    }
    return std::nullopt;
  }
};

}  // namespace tuanyuan::core
