#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tuanyuan::fuzz {

/// An input never grows beyond this by mutation.
inline constexpr std::size_t mutated_bytes_max = 64 * 1024;

/// Makes inputs that are nearly like those of a corpus. The same seed, corpus and index give the same input, on
/// every machine.
class Mutator {
 public:
  Mutator(const std::vector<std::string>& corpus, std::uint64_t seed) : corpus_(corpus), seed_(seed) {}

  std::string make(std::uint64_t index) const;

 private:
  const std::vector<std::string>& corpus_;
  std::uint64_t seed_;
};

}  // namespace tuanyuan::fuzz
