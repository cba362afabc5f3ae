#pragma once

#include <boost/assert/source_location.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace tuanyuan::fuzz {

/// A property that has to hold for every input. Where it does not, says which and ends the process, which is how
/// both libFuzzer and our own driver learn of it.
inline void require(bool holds, const boost::source_location& at = BOOST_CURRENT_LOCATION) {
  if (!holds) {
    std::fprintf(stderr, "%s:%u: does not hold\n", at.file_name(), static_cast<unsigned>(at.line()));
    std::abort();
  }
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace tuanyuan::fuzz
