#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <optional>

#include "adapters/push/http_client.hpp"
#include "adapters/push/webhook_channel.hpp"
#include "app/config.hpp"
#include "engine/engine.hpp"
#include "runtime/blocking_pool.hpp"

namespace tuanyuan::app {

/// The gateways of the configuration, on one HTTP client. One more is a member here, with its section in the
/// configuration. Outlives the engine. Loop thread.
class Gateways {
 public:
  /// Throws where a file cannot be read.
  Gateways(boost::asio::any_io_executor loop, const GatewaysConfig& config, const engine::Tools& tools);

  void add_to(engine::Engine& engine);
  /// Reads again whom to trust. Throws like the constructor, and leaves everything as it was.
  void reload();

 private:
  const GatewaysConfig& config_;
  runtime::BlockingPool names_;
  push::SystemResolver resolver_;
  push::HttpClient http_;
  std::optional<push::WebhookChannel> webhook_;
};

}  // namespace tuanyuan::app
