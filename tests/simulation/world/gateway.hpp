#pragma once

#include "ports/channel.hpp"
#include "simulation/world/loop.hpp"
#include "simulation/world/stage.hpp"

namespace tuanyuan::simulation {

/// What the gateway of all recipients, and the way to it, is like at the moment. Outlives the daemon.
class Gateway {
 public:
  explicit Gateway(Stage& stage) : stage_(stage), random_(stage.random.fork("gateway")) {}

  /// One attempt on the loop that asks.
  boost::asio::awaitable<ports::SendResult> take(core::Delivery delivery, core::Endpoint endpoint);

 private:
  Stage& stage_;
  Random random_;
};

/// A channel of another kind than the broker, over that gateway: promise 6 needs two.
class GatewayChannel final : public ports::Channel {
 public:
  GatewayChannel(Stage& stage, Gateway& gateway) : stage_(stage), gateway_(gateway) {}

  core::ChannelKind kind() const override { return core::ChannelKind::webhook; }
  std::size_t in_flight_max() const override { return 4; }
  bool is_up() const override { return true; }
  boost::asio::awaitable<ports::SendResult> send(const ports::Dispatch& dispatch) override;

 private:
  Stage& stage_;
  Gateway& gateway_;
};

}  // namespace tuanyuan::simulation
