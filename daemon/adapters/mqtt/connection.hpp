#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "ports/clock.hpp"

/// The life of the connection to the broker as a function: what happened goes in, what to do comes out. No
/// socket, no clock, no Paho: `Link` performs the actions.
namespace tuanyuan::mqtt::connection {

using Steady = ports::Clock::Steady;

enum class Phase : std::uint8_t {
  stopped,      ///< before the start and after the end
  connecting,   ///< asked Paho for a connection
  subscribing,  ///< connected, waiting for the SUBACK
  up,           ///< of use
  waiting,      ///< backing off before the next attempt
  closing,      ///< said good-bye, waiting for its end
};

struct State {
  Phase phase = Phase::stopped;
  std::uint32_t failures = 0;  ///< attempts since a connection last was stable
  std::uint64_t timer = 0;     ///< number of the deadline that counts; earlier ones are void
  Steady up_since{};
};

// What happened.
struct Start {};
struct Connected {};
struct ConnectFailed {
  std::string reason;
};
struct Subscribed {};
struct SubscribeFailed {
  std::string reason;
};
struct Lost {
  std::string reason;
};
struct Due {
  std::uint64_t timer = 0;
};
struct Stop {};
struct Disconnected {};
using Event =
    std::variant<Start, Connected, ConnectFailed, Subscribed, SubscribeFailed, Lost, Due, Stop, Disconnected>;

// What to do, in this order.
struct Connect {
  friend bool operator==(const Connect&, const Connect&) = default;
};
struct Subscribe {
  friend bool operator==(const Subscribe&, const Subscribe&) = default;
};
struct Disconnect {
  friend bool operator==(const Disconnect&, const Disconnect&) = default;
};
/// Answer with Due{timer} at that time.
struct SetTimer {
  Steady at{};
  std::uint64_t timer = 0;
  friend bool operator==(const SetTimer&, const SetTimer&) = default;
};
struct AnnounceUp {
  friend bool operator==(const AnnounceUp&, const AnnounceUp&) = default;
};
/// `was_up`: it was of use until now; otherwise an attempt failed. `is_ours`: we end it.
struct AnnounceDown {
  std::string reason;
  bool was_up = false;
  bool is_ours = false;
  friend bool operator==(const AnnounceDown&, const AnnounceDown&) = default;
};
struct AnnounceStopped {
  friend bool operator==(const AnnounceStopped&, const AnnounceStopped&) = default;
};
using Action = std::variant<Connect, Subscribe, Disconnect, SetTimer, AnnounceUp, AnnounceDown, AnnounceStopped>;

struct Step {
  State next;
  std::vector<Action> actions;
};

/// Total: an event that means nothing in this phase changes nothing. `random` is any 64 random bits, for the
/// jitter.
Step advance(const State& state, const Event& event, Steady now, std::uint64_t random);

/// 1 s doubling to 60 s, of which the second half is drawn: ten thousand stations and a daemon that lost the
/// same broker must not come back in step.
ports::Clock::Steady::duration back_off(std::uint32_t failures, std::uint64_t random);

}  // namespace tuanyuan::mqtt::connection
