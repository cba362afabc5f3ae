#include "adapters/mqtt/outlet.hpp"

namespace tuanyuan::mqtt {

core::DeliveryOutcome worse(core::DeliveryOutcome left, core::DeliveryOutcome right) {
  using enum core::DeliveryOutcome;
  if (left == rejected || right == rejected) {
    return rejected;
  }
  return left == right ? left : unknown;
}

core::DeliveryOutcome outcome_of_reason(int reason_code) {
  constexpr int first_error = 0x80;
  constexpr int topic_name_invalid = 0x90;
  constexpr int packet_too_large = 0x95;
  constexpr int payload_format_invalid = 0x99;
  constexpr int retain_not_supported = 0x9A;
  if (reason_code < first_error) {
    return core::DeliveryOutcome::accepted;
  }
  switch (reason_code) {
    case topic_name_invalid:
    case packet_too_large:
    case payload_format_invalid:
    case retain_not_supported:
      return core::DeliveryOutcome::rejected;
    default:
      return core::DeliveryOutcome::retry;
  }
}

}  // namespace tuanyuan::mqtt
