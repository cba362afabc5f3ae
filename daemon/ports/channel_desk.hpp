#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/caller.hpp"
#include "core/delivery.hpp"
#include "core/rate_budget.hpp"
#include "core/refusal.hpp"
#include "core/time.hpp"
#include "ports/case_desk.hpp"

namespace tuanyuan::ports {

struct ChannelPause {
  core::Actor by;
  core::Instant since;
  std::string reason;
};

/// How one channel is.
struct ChannelView {
  core::ChannelKind channel = core::ChannelKind::mqtt;
  bool up = false;                        ///< it is there: connected, or needs no connection
  std::optional<ChannelPause> paused;     ///< nothing goes out until somebody resumes it
  std::uint32_t lanes_open = 0;           ///< receivers whose breaker is open; one for all where it has no lanes
  std::optional<core::Instant> next_try;  ///< when the first of them is tried again
  std::uint64_t waiting = 0;              ///< outbox rows that are still to be sent
  core::Duration oldest_age{0};           ///< for how long the oldest of them has been due
  std::uint32_t in_flight = 0;            ///< of them, under way now
  std::uint32_t in_flight_max = 0;
  double sends_per_second = 0;  ///< sent within the last minute
  core::RatePolicy quota;       ///< of all it sends; no sends: without limit
  core::RatePolicy lane_quota;  ///< of each receiver
  std::uint32_t retired = 0;    ///< addresses that are not used any more
  bool doubtful = false;        ///< it calls most addresses dead, and is not believed
};

struct OutboxView {
  core::Delivery delivery;
  core::Instant died_at;
  bool in_force = false;  ///< it could be requeued
};

struct OutboxFilter {
  std::optional<core::ChannelKind> channel;
  core::AlertId alert;  ///< empty: of all
};

/// Who gets a test message, and by which of its endpoints of that channel.
struct TestOptions {
  core::RecipientId recipient;
  std::string address;  ///< empty: the first

  TestOptions() = default;
};

/// A message that says of itself that it is a test, by the recipient's endpoint of that channel.
struct ChannelTest {
  core::DeliveryOutcome outcome = core::DeliveryOutcome::unknown;
  bool address_dead = false;
  std::uint32_t took_ms = 0;
};

/// The channels, for operators. What is paused waits; nothing is lost. Loop thread.
class ChannelDesk {
 public:
  template <class T>
  using Answer = boost::asio::awaitable<core::Result<T>>;

  virtual ~ChannelDesk() = default;

  virtual Answer<std::vector<ChannelView>> channels(core::Caller caller) = 0;
  /// Refused with a conflict where it is so already.
  virtual Answer<ChannelView> pause(core::Caller caller, std::string channel, std::string reason,
                                    Idempotency once) = 0;
  virtual Answer<ChannelView> resume(core::Caller caller, std::string channel, Idempotency once) = 0;
  /// Waits for the outcome. It goes past pauses and breakers, and holds nothing of any child. Not found: no such
  /// channel; invalid: the recipient has no such endpoint there.
  virtual Answer<ChannelTest> test(core::Caller caller, std::string channel, TestOptions options,
                                   Idempotency once) = 0;

  /// What died of the alerts that the caller sees, the latest first.
  virtual Answer<Listed<OutboxView>> outbox(core::Caller caller, OutboxFilter filter, Page page) = 0;
  /// Refused with a conflict, which says why, where it is not dead (any more) or not in force.
  virtual Answer<OutboxView> requeue(core::Caller caller, std::string id, Idempotency once) = 0;
};

}  // namespace tuanyuan::ports
