#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/broadcaster.hpp"
#include "engine/gateway.hpp"
#include "engine/lane_queue.hpp"
#include "engine/retirements.hpp"
#include "engine/world.hpp"
#include "ports/channel_desk.hpp"

namespace tuanyuan::engine {

/// How long a test message may be shown.
inline constexpr core::Duration test_lasts = std::chrono::minutes(10);

/// How many of those whose bots refuse us are named in one line.
inline constexpr std::size_t refused_named_max = 5;

/// How the channels go, and what operators do about it. A pause is a line of the journal; what died is queued
/// again only while its version of the alert is in force.
class ChannelService final : public ports::ChannelDesk {
 public:
  ChannelService(World& world, Retirements& retirements);

  /// `frame` null: MQTT, which needs none.
  void add(Broadcaster& sender, Gateway* frame) { lines_.push_back({&sender, frame}); }

  /// Empty: every channel goes.
  std::string wrong() const;
  boost::asio::awaitable<void> refresh_gauges();

  Answer<std::vector<ports::ChannelView>> channels(core::Caller caller) override;
  Answer<ports::ChannelView> pause(core::Caller caller, std::string channel, std::string reason,
                                   ports::Idempotency once) override;
  Answer<ports::ChannelView> resume(core::Caller caller, std::string channel, ports::Idempotency once) override;
  Answer<ports::ChannelTest> test(core::Caller caller, std::string channel, ports::TestOptions options,
                                  ports::Idempotency once) override;
  Answer<ports::Listed<ports::OutboxView>> outbox(core::Caller caller, ports::OutboxFilter filter,
                                                  ports::Page page) override;
  Answer<ports::OutboxView> requeue(core::Caller caller, std::string id, ports::Idempotency once) override;

 private:
  struct Line {
    Broadcaster* sender = nullptr;
    Gateway* frame = nullptr;

    core::ChannelKind kind() const { return sender->channel(); }
  };

  const Line* find(core::ChannelKind channel) const;
  const Line* find(const std::string& channel) const;
  core::Instant steady_now() const;
  core::Instant on_the_wall(core::Instant steady) const;
  core::ChannelFlow flow_of(const Line& line) const;
  boost::asio::awaitable<std::optional<std::vector<QueuedRow>>> queue_of(core::ChannelKind channel);
  core::EndpointState state_of(const core::Endpoint& endpoint) const;
  Answer<ports::ChannelView> view(Line line) const;
  Answer<ports::ChannelView> decide(core::Caller caller, Line line, core::EntryBody body, ports::Idempotency once);
  Answer<ports::Dispatch> test_dispatch(Line line, ports::TestOptions options) const;
  core::Result<void> compose_test(ports::Dispatch& dispatch, const core::Caller& caller) const;
  boost::asio::awaitable<ports::ChannelTest> send_test(Line line, ports::Dispatch dispatch, core::Actor by);
  Answer<ports::ChannelTest> keep(ports::ChannelTest tested, ports::Idempotency once);
  std::optional<core::Text> why_not_in_force(const core::Delivery& delivery) const;
  ports::OutboxView view_of(const ports::Ledger::DeadDelivery& row) const;
  bool sees(const core::Caller& caller, const core::AlertId& alert) const;

  World& world_;
  Retirements& retirements_;
  LaneQueue lane_queue_;
  std::vector<Line> lines_;
};

}  // namespace tuanyuan::engine
