#include "adapters/http/server.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include "adapters/http/api.hpp"
#include "adapters/http/listener.hpp"
#include "adapters/http/operations.hpp"
#include "adapters/http/tls.hpp"

namespace tuanyuan::http {
namespace {

/// Enough for probes and scrapers, and no way to hurt the API.
constexpr std::size_t operations_connections_max = 64;

TlsFiles files_of(const Config& config) {
  return {config.certificate_file, config.key_file, config.ca_file};
}

ListenerSettings api_settings(const Config& config) {
  ListenerSettings settings;
  settings.name = "api";
  settings.address = config.api_address;
  settings.port = config.api_port;
  settings.limits = config.limits;
  settings.tls = load_tls(files_of(config));
  return settings;
}

ListenerSettings operations_settings(const Config& config) {
  ListenerSettings settings;
  settings.name = "operations";
  settings.address = config.operations_address;
  settings.port = config.operations_port;
  settings.limits = config.limits;
  settings.limits.connections_max = operations_connections_max;
  return settings;
}

class BothListeners final : public Server {
 public:
  BothListeners(const boost::asio::any_io_executor& executor, Config config, const Desks& desks)
      : config_(std::move(config)), desks_(desks), api_(desks, config_.limits), operations_(desks) {
    ListenerSettings settings = api_settings(config_);
    tell_expiry(settings.tls->not_after);
    api_listener_ = Listener::create(executor, std::move(settings), api_, desks.clock, desks.log, desks.metrics);
    operations_listener_ = Listener::create(executor, operations_settings(config_), operations_, desks.clock,
                                            desks.log, desks.metrics);
  }

  void start() override {
    api_listener_->start();
    operations_listener_->start();
  }
  std::uint16_t api_port() const override { return api_listener_->port(); }
  std::uint16_t operations_port() const override { return operations_listener_->port(); }

  bool reload() override {
    try {
      TlsSettings tls = load_tls(files_of(config_));
      tell_expiry(tls.not_after);
      api_listener_->use(std::move(tls));
    } catch (const std::exception& failure) {
      desks_.log.error("http.certificates_not_reloaded", {{"reason", failure.what()}});
      return false;
    }
    desks_.log.info("http.certificates_reloaded");
    return true;
  }

  boost::asio::awaitable<void> stop() override {
    co_await api_listener_->stop();
    co_await operations_listener_->stop();
  }

 private:
  void tell_expiry(core::Instant not_after) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(not_after.time_since_epoch());
    desks_.metrics.set("tuanyuan_certificate_expiry_timestamp_seconds", {{"name", "api"}},
                       static_cast<double>(seconds.count()));
  }

  Config config_;
  Desks desks_;
  Api api_;
  Operations operations_;
  std::unique_ptr<Listener> api_listener_;
  std::unique_ptr<Listener> operations_listener_;
};

}  // namespace

std::unique_ptr<Server> Server::create(boost::asio::any_io_executor executor, Config config, const Desks& desks) {
  return std::make_unique<BothListeners>(executor, std::move(config), desks);
}

}  // namespace tuanyuan::http
