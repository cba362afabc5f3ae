#include "simulation/world/faults.hpp"

#include <algorithm>
#include <cmath>

namespace tuanyuan::simulation {
namespace {

constexpr std::array<std::string_view, fault_count> names{
    "ledger_busy",     "ledger_io_error", "ledger_full",      "ledger_unknown", "ledger_slow",
    "ledger_unread",   "crash_in_commit", "crash_in_send",    "crash_anywhere", "stop_in_order",
    "publish_lost",    "puback_lost",     "broker_restart",   "daemon_cut_off", "station_cut_off",
    "message_lost",    "message_delayed", "message_repeated", "answer_lost",    "gateway_refuses",
    "gateway_unknown", "gateway_hangs",   "wall_step",        "wall_drift",
    "long_stop"};

constexpr double likelihood_min = 0.002;
constexpr double likelihood_max = 0.2;
constexpr double chance_of_a_quiet_world = 0.05;

}  // namespace

std::string_view to_string(Fault fault) {
  return names[static_cast<std::size_t>(fault)];
}

Faults::Faults(Random random) {
  const bool quiet = random.chance(chance_of_a_quiet_world);
  for (Kind& kind : kinds_) {
    kind.random = random.fork("fault");
    const bool ever = random.chance(0.5);
    const double likelihood = likelihood_min * std::pow(likelihood_max / likelihood_min, random.unit());
    kind.ever = ever && !quiet;
    kind.likelihood = kind.ever ? likelihood : 0;
  }
}

void Faults::heal(bool gateway_too) {
  healed_ = true;
  for (std::size_t index = 0; index < fault_count; ++index) {
    const auto fault = static_cast<Fault>(index);
    const bool of_gateway =
        fault == Fault::gateway_refuses || fault == Fault::gateway_unknown || fault == Fault::gateway_hangs;
    if (gateway_too || !of_gateway) {
      kinds_[index].likelihood = 0;
    }
  }
}

bool Faults::strikes(Fault fault) {
  Kind& kind = of(fault);
  const bool struck = kind.random.chance(kind.likelihood);
  kind.times += struck ? 1 : 0;
  return struck;
}

Span Faults::until_next(Fault fault, Span mean) {
  const double waited = -std::log(1 - of(fault).random.unit()) * static_cast<double>(mean.count());
  return Span(1 + static_cast<std::int64_t>(waited));
}

void Faults::add_to(Counts& counts) const {
  for (std::size_t index = 0; index < fault_count; ++index) {
    counts[std::string(names[index])] += kinds_[index].times;
  }
}

}  // namespace tuanyuan::simulation
