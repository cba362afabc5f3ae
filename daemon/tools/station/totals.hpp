#pragma once

#include <cstdint>

namespace tuanyuan::station {

/// What a process's stations have done, all together. Each answer counts once, however often it is repeated.
struct Totals {
  std::uint64_t connected = 0;  ///< stations that are subscribed now
  std::uint64_t received = 0;
  std::uint64_t displayed = 0;
  std::uint64_t confirmed = 0;
  std::uint64_t removed = 0;
  std::uint64_t unable = 0;
  std::uint64_t receipts = 0;  ///< that ended the repeating of an answer
  std::uint64_t repeats = 0;
  std::uint64_t refused = 0;   ///< receipts that say REFUSED
  std::uint64_t rejected = 0;  ///< notices that were not genuine
};

}  // namespace tuanyuan::station
