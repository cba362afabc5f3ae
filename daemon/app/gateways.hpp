#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <map>
#include <memory>
#include <vector>

#include "adapters/push/answer_links.hpp"
#include "adapters/push/credentials.hpp"
#include "adapters/push/h2_client.hpp"
#include "adapters/push/http_client.hpp"
#include "adapters/push/known_names.hpp"
#include "adapters/push/words.hpp"
#include "app/gateway_config.hpp"
#include "engine/engine.hpp"
#include "runtime/blocking_pool.hpp"

namespace tuanyuan::app {

/// What a gateway is made of.
struct GatewayParts {
  push::Http& http;
  push::Http& http2;  ///< for those that take many requests at once
  const engine::Tools& tools;
  const GatewayConfig& config;
  const push::Credentials& secrets;
  const push::Words& words;
  const push::AnswerLinks& links;
};

/// How many connections of HTTP/1.1 there may be at once.
struct GatewayConnections {
  std::size_t in_use = 0;
  std::size_t idle = 0;  ///< beside those
};
/// As many as all gateways of the configuration together want, so that a slow one takes no connection from the
/// others (promise 6).
GatewayConnections wanted_connections(const GatewaysConfig& config);

/// The gateways of the configuration, on one HTTP client and one for HTTP/2. One more is a row in the table of
/// gateways.cpp, and one in that of gateway_config.cpp. Outlives the engine. Loop thread.
class Gateways {
 public:
  /// Throws where a file cannot be read.
  /// `api_base`: where gateways call back unless the configuration says otherwise.
  Gateways(boost::asio::any_io_executor loop, const GatewaysConfig& config, core::NoticeTemplates texts,
           const std::string& api_base, const engine::Tools& tools, const GatewayConnections& connections);

  const push::AnswerLinks& links() const { return links_; }
  const push::Credentials& secrets_of(core::ChannelKind kind) const { return secrets_.at(kind); }
  void add_to(engine::Engine& engine);
  /// Reads again whom to trust, and the gateways' secrets. Throws like the constructor, and leaves everything as
  /// it was.
  void reload();

 private:
  using Secrets = std::map<core::ChannelKind, push::Credentials>;

  static Secrets read_secrets(const GatewaysConfig& config);

  const GatewaysConfig& config_;
  runtime::BlockingPool names_;
  push::SystemResolver resolver_;
  push::KnownNames known_names_;
  push::KnownNames names_of_each_;  ///< looked up for each connection, as Apple asks for
  push::HttpClient http_;
  push::H2Client http2_;
  Secrets secrets_;
  push::Words words_;
  push::AnswerLinks links_;
  std::vector<std::unique_ptr<ports::Channel>> channels_;
};

}  // namespace tuanyuan::app
