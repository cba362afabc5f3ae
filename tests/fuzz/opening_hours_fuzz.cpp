// Whatever an operator's file holds for hours is either refused or answers every question consistently.
#include "core/opening_hours.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tuanyuan::core;
  const auto hours = OpeningHours::parse(tuanyuan::fuzz::text_of(data, size));
  if (hours.has_error()) {
    return 0;
  }
  const Instant now = from_epoch_ms(1'780'000'000'000 + static_cast<std::int64_t>(size) * 3'599'999);
  const auto opening = hours->next_opening(now);
  if (opening) {
    require(*opening >= now && hours->is_open(*opening));
  } else {
    require(!hours->is_open(now));
  }
  require(hours->is_open(now) == (opening == now));
  return 0;
}
