#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/forecast.hpp"
#include "core/ids.hpp"
#include "core/recipient.hpp"

namespace tuanyuan::engine {

struct World;

/// How much of one channel's queue is looked at, where each receiver's part of it counts. What stands behind is
/// forecast by the channel as a whole.
inline constexpr std::size_t queued_rows_max = 20'000;

/// What waits for one recipient, and when it will have been sent.
struct QueuedRow {
  core::AlertId alert;
  core::RecipientId recipient;
  std::uint64_t endpoint = 0;  ///< which of its endpoints there, as the row names it
  core::Instant sent_by;
};

/// The queues of a channel's receivers, which the ledger does not tell apart: whom each row is for stands in it,
/// and by which receiver that one is reached is found out here, and remembered while the directory stays the same.
/// Loop thread.
class LaneQueue {
 public:
  /// Of one channel: by which receiver an address is reached, and how that goes now, by the wall clock.
  struct Lanes {
    std::function<std::string(const core::Endpoint&)> of;
    std::function<core::LaneFlow(const std::string&)> flow;
  };

  explicit LaneQueue(World& world) : world_(world) {}

  /// What waits for single recipients, most urgent first; nothing: the ledger cannot be read.
  boost::asio::awaitable<std::optional<std::vector<QueuedRow>>> rows(core::ChannelKind channel,
                                                                     core::ChannelFlow flow, Lanes lanes);

 private:
  /// Lanes by recipient and endpoint; 0: by the first of the channel.
  using Known = std::unordered_map<core::Ordinal, std::map<std::uint64_t, std::string>>;

  boost::asio::awaitable<bool> learn(core::ChannelKind channel, const Lanes& lanes,
                                     std::vector<core::Ordinal> ordinals);

  World& world_;
  std::uint64_t generation_ = 0;
  std::map<core::ChannelKind, Known> known_;
};

}  // namespace tuanyuan::engine
