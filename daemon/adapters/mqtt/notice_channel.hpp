#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/mqtt/outlet.hpp"
#include "adapters/mqtt/topic_guard.hpp"
#include "adapters/mqtt/topics.hpp"
#include "core/refusal.hpp"
#include "ports/channel.hpp"
#include "ports/clock.hpp"
#include "ports/retained_truth.hpp"

namespace tuanyuan::mqtt {

/// The topic a dispatch belongs to; nothing for a photo that is addressed to one recipient, which takes it by
/// HTTP (contract, section 4).
std::optional<Topic> topic_of(const core::Delivery& delivery);
/// The same for something seen.
Topic topic_of(const ports::RetainedSeen& seen);

/// The retained messages of one dispatch: a notice twice, a photo once. Refuses (invalid) what cannot be
/// published: a photo for one recipient, a parcel without its content, one that has expired.
core::Result<std::vector<Outgoing>> messages_of(const ports::Dispatch& dispatch, const Topics& topics,
                                                core::Instant now);

/// Publishes outbox rows as retained messages.
///
/// A dispatch older than what already stands on its topic is not published, since that would show again what was
/// recalled. It is answered as accepted: everybody who listens there has something newer, and nothing is left to
/// do for it. Loop thread.
class NoticeChannel {
 public:
  NoticeChannel(Outlet& outlet, const Topics& topics, ports::Clock& clock);

  boost::asio::awaitable<ports::SendResult> send(const ports::Dispatch& dispatch);
  /// Many at once, in this order; the worst of their outcomes. What has expired or is superseded is left out.
  boost::asio::awaitable<core::DeliveryOutcome> send_all(std::vector<ports::Dispatch> dispatches);
  /// Empties a retained topic of which the ledger knows nothing, in all its encodings.
  boost::asio::awaitable<core::DeliveryOutcome> clear(Topic topic);

  const TopicGuard& guard() const { return guard_; }
  void sweep() { guard_.sweep(clock_.wall_now()); }

 private:
  bool admit(const ports::Dispatch& dispatch, const std::vector<Outgoing>& messages);

  Outlet& outlet_;
  const Topics& topics_;
  ports::Clock& clock_;
  TopicGuard guard_;
};

}  // namespace tuanyuan::mqtt
