#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "simulation/world/random.hpp"

namespace tuanyuan::simulation {

/// What can go wrong, by the names that the soak counts them under.
enum class Fault : std::uint8_t {
  ledger_busy,      ///< nothing is written, and that is said
  ledger_io_error,  ///< likewise
  ledger_full,      ///< likewise
  ledger_unknown,   ///< written or not, and nobody says
  ledger_slow,      ///< the answer takes its time
  ledger_unread,    ///< a read fails
  crash_in_commit,  ///< before it, or after it and before its answer
  crash_in_send,    ///< before the channel has it, or after
  crash_anywhere,   ///< between any two steps of the loop
  stop_in_order,    ///< an administrator restarts the daemon
  publish_lost,     ///< with the daemon's connection
  puback_lost,      ///< the broker has it, and the daemon does not learn of it
  broker_restart,   ///< it forgets what it retained
  daemon_cut_off,   ///< from the broker
  station_cut_off,  ///< from the broker
  message_lost,     ///< with the station's connection
  message_delayed,
  message_repeated,  ///< once more, later, behind newer ones
  answer_lost,       ///< of a desk, on its way back to the officer
  gateway_refuses,   ///< 429 and 5xx
  gateway_unknown,   ///< a timeout, the gateway having taken it or not
  gateway_hangs,
  wall_step,
  wall_drift,
  long_stop,  ///< the daemon is away, or stands still, for minutes or hours
};
inline constexpr std::size_t fault_count = 25;
std::string_view to_string(Fault fault);

using Counts = std::map<std::string, std::uint64_t, std::less<>>;

/// How likely each fault is in this world, whether faults happen at all now, and how often each did. Each kind
/// draws from a stream of its own.
class Faults {
 public:
  /// About half of the kinds never happen in one world, so that every combination comes up; the others are as
  /// likely as the draw says, over two orders of magnitude.
  explicit Faults(Random random);

  /// Whether it happens now. Counted, when it does.
  bool strikes(Fault fault);
  /// For faults that come by themselves: how long until the next one.
  Span until_next(Fault fault, Span mean);
  /// Whether this kind happens in this world at all.
  bool has(Fault fault) const { return of(fault).likelihood > 0; }
  /// Whether it did before everything healed.
  bool ever(Fault fault) const { return of(fault).ever; }
  void count(Fault fault) { ++of(fault).times; }
  Random& random(Fault fault) { return of(fault).random; }

  /// The world is whole again, but for the gateway where that stays ill.
  void heal(bool gateway_too);
  bool healed() const { return healed_; }
  void add_to(Counts& counts) const;

 private:
  struct Kind {
    Random random{0};
    double likelihood = 0;
    bool ever = false;
    std::uint64_t times = 0;
  };
  Kind& of(Fault fault) { return kinds_[static_cast<std::size_t>(fault)]; }
  const Kind& of(Fault fault) const { return kinds_[static_cast<std::size_t>(fault)]; }

  std::array<Kind, fault_count> kinds_;
  bool healed_ = false;
};

}  // namespace tuanyuan::simulation
