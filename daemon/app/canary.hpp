#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "adapters/mqtt/broker.hpp"
#include "engine/world.hpp"

namespace tuanyuan::app {

/// Every interval a signed exercise notice goes through the broker to a built-in recipient and back, outside all
/// boards and statistics; when it last came round is a metric that an alert rule watches. Loop thread.
class CanaryKeeper {
 public:
  CanaryKeeper(engine::Tools& tools, mqtt::Broker& broker, std::chrono::seconds interval, std::string unit)
      : tools_(tools), broker_(broker), interval_(interval), unit_(std::move(unit)) {}

  /// For ever; to be spawned once.
  boost::asio::awaitable<void> keep();
  /// What /readyz says of it: empty while the last flight came back.
  std::string wrong() const;

 private:
  boost::asio::awaitable<bool> fly();

  engine::Tools& tools_;
  mqtt::Broker& broker_;
  std::chrono::seconds interval_;
  std::string unit_;
  std::optional<bool> came_back_;
};

}  // namespace tuanyuan::app
