#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/opening_hours.hpp"

// Whatever an operator's file holds for hours is either refused or answers every question consistently.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tuanyuan::core;
  const auto hours = OpeningHours::parse({reinterpret_cast<const char*>(data), size});
  if (hours.has_error()) {
    return 0;
  }
  const Instant now = from_epoch_ms(1'780'000'000'000 + static_cast<std::int64_t>(size) * 3'599'999);
  const auto opening = hours->next_opening(now);
  const bool consistent = opening ? *opening >= now && hours->is_open(*opening) : !hours->is_open(now);
  if (!consistent || hours->is_open(now) != (opening == now)) {
    std::abort();
  }
  return 0;
}
