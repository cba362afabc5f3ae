#pragma once

#include <cstdint>
#include <string_view>

namespace tuanyuan::station {

/// SplitMix64 (Steele, Lea, Flood 2014): eight octets of state for each of ten thousand stations.
inline std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

/// What a station of that name draws from the program's seed, whatever the order of stations (FNV-1a).
inline std::uint64_t seed_of(std::uint64_t seed, std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char octet : name) {
    hash = (hash ^ static_cast<std::uint8_t>(octet)) * 0x100000001B3ULL;
  }
  std::uint64_t state = seed ^ hash;
  return split_mix(state);
}

}  // namespace tuanyuan::station
