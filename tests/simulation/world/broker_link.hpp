#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "adapters/mqtt/outlet.hpp"
#include "runtime/reply.hpp"
#include "simulation/world/broker.hpp"
#include "simulation/world/loop.hpp"

namespace tuanyuan::simulation {

/// The daemon's connection to the broker, in place of Paho: what the parts of adapters/mqtt need below them. It
/// connects by itself, answers a publish once (PUBACK, loss of the connection, or the deadline), and passes on
/// what comes in.
class BrokerLink final : public mqtt::Outlet, public mqtt::ReceiptOutlet, public BrokerClient {
 public:
  struct Events {
    std::function<void()> up;
    std::function<void()> down;
    std::function<void(const std::string&, const std::shared_ptr<const std::string>&)> message;
  };

  BrokerLink(Loop& loop, Stage& stage, Broker& broker, Events events);
  ~BrokerLink() override;

  void start() { try_to_connect(); }
  void stop();

  bool is_up() const override { return up_; }
  boost::asio::awaitable<core::DeliveryOutcome> publish(std::vector<mqtt::Outgoing> messages) override;
  void send_receipts(const std::vector<mqtt::Outgoing>& messages) override;

  void lost() override;
  void arrived(const std::string& topic, const std::shared_ptr<const std::string>& payload) override;

 private:
  struct Publishing {
    Publishing(boost::asio::any_io_executor executor, std::size_t messages)
        : reply(executor), unanswered(messages) {}
    runtime::Reply<core::DeliveryOutcome> reply;
    std::size_t unanswered;
    bool answered = false;
    void answer(core::DeliveryOutcome outcome);
  };

  void try_to_connect();

  Loop& loop_;
  Stage& stage_;
  Broker& broker_;
  Events events_;
  Random random_;
  bool up_ = false;
  bool stopped_ = false;
  std::vector<std::shared_ptr<Publishing>> publishing_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< for events that come after a crash
};

}  // namespace tuanyuan::simulation
