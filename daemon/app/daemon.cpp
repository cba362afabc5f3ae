#include "app/daemon.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <optional>
#include <utility>
#include <vector>

#include "adapters/crypto/certificate.hpp"
#include "adapters/crypto/files.hpp"
#include "adapters/crypto/notary.hpp"
#include "adapters/crypto/pem.hpp"
#include "adapters/crypto/vault.hpp"
#include "adapters/drawing/draughtsman.hpp"
#include "adapters/http/api.hpp"
#include "adapters/http/listener.hpp"
#include "adapters/http/operations.hpp"
#include "adapters/http/tls.hpp"
#include "adapters/ledger/sqlite/sqlite_ledger.hpp"
#include "adapters/metrics/prometheus_metrics.hpp"
#include "adapters/mqtt/acl_file.hpp"
#include "adapters/mqtt/broker.hpp"
#include "adapters/picture/pictures.hpp"
#include "adapters/push/callbacks.hpp"
#include "adapters/wire/document_codec.hpp"
#include "app/canary.hpp"
#include "app/exercise_config.hpp"
#include "app/gateways.hpp"
#include "app/health.hpp"
#include "app/json_log.hpp"
#include "app/notice_texts.hpp"
#include "app/resources.hpp"
#include "engine/engine.hpp"
#include "engine/poster_service.hpp"
#include "pages/site.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/entropy.hpp"
#include "runtime/system_clock.hpp"
#include "runtime/task_group.hpp"

namespace tuanyuan::app {
namespace {

constexpr std::size_t pool_threads = 2;
constexpr std::size_t pool_queue_max = 64;
/// Posters are drawn one after the other, in a pool of their own: a photo on its way in never waits for one.
constexpr std::size_t drawing_threads = 1;
constexpr std::size_t drawing_queue_max = 16;
constexpr auto gauges_interval = std::chrono::seconds(1);

std::vector<crypto::NotaryKey> load_signing_keys(const Config& config) {
  std::vector<crypto::NotaryKey> keys;
  for (const SigningKeyFiles& files : config.signing_keys) {
    keys.push_back(crypto::load_notary_key(crypto::read_file(files.key), crypto::read_file(files.certificate)));
  }
  return keys;
}

engine::Settings engine_settings(const Config& config) {
  engine::Settings settings;
  settings.rings = config.alerts.rings;
  settings.texts = load_notice_texts(config.alerts.texts).texts;  // check_files has seen that they are good
  settings.release = config.release.policy;
  settings.audiences = config.release.audiences;
  settings.exercises_reach_public = config.release.exercises_reach_public;
  settings.display = config.alerts.display;
  settings.recall_retention = config.alerts.recall_retention;
  settings.chase = config.alerts.chase;
  settings.chase_grace = config.alerts.chase_grace;
  settings.lookout = config.release.lookout;
  settings.api_base = config.api.base_url;
  settings.exercises = load_exercises(config.exercises);
  return settings;
}

mqtt::Settings broker_settings(const Config& config) {
  mqtt::Settings settings;
  settings.broker = config.broker.name;
  settings.uri = config.broker.uri;
  settings.client_id = config.broker.client_id;
  settings.prefix = config.broker.prefix;
  settings.keep_alive = config.broker.keep_alive;
  settings.ca_file = config.broker.ca;
  settings.certificate_file = config.broker.certificate;
  settings.key_file = config.broker.key;
  settings.canary = core::RecipientId(config.canary.recipient);
  return settings;
}

http::TlsSettings api_tls(const Config& config) {
  http::TlsFiles files;
  files.certificate = config.api.certificate;
  files.key = config.api.key;
  files.ca = config.api.client_ca;
  return http::load_tls(files);
}

http::ListenerSettings listener_settings(std::string name, const Listen& listen) {
  http::ListenerSettings settings;
  settings.name = std::move(name);
  settings.address = listen.address;
  settings.port = listen.port;
  return settings;
}

http::ListenerSettings operations_settings(const Config& config) {
  http::ListenerSettings settings = listener_settings("operations", config.operations);
  settings.limits = http::Limits::of_operations();
  return settings;
}

core::Caller caller_of(const X509* certificate) {
  const core::Result<crypto::Identity> identity = crypto::identify(certificate);
  return identity ? identity->caller : core::Caller();
}

DescriptorShares descriptors_of(const Config& config) {
  const GatewayConnections wanted = wanted_connections(config.gateways);
  return share_descriptors(raise_files_max(), wanted.in_use, wanted.idle);
}

http::ListenerSettings api_settings(const Config& config, std::size_t clients_max) {
  http::ListenerSettings settings = listener_settings("api", config.api.listen);
  settings.tls = api_tls(config);
  settings.identify = caller_of;
  settings.limits.connections_max = std::min(settings.limits.connections_max, clients_max);
  return settings;
}

std::string broker_user(const Config& config) {
  const crypto::Certificate certificate = crypto::parse_certificate(crypto::read_file(config.broker.certificate));
  return certificate ? crypto::common_name(certificate.get()) : std::string();
}

mqtt::AclSettings acl_settings(const Config& config) {
  mqtt::AclSettings settings;
  settings.file = config.broker.acl_file;
  settings.broker_pid_file = config.broker.pid_file;
  settings.daemon_user = broker_user(config);
  settings.prefix = config.broker.prefix;
  return settings;
}

}  // namespace

/// Members stand in the order of their dependence: each may use those above it.
struct Daemon::Parts {
  Parts(boost::asio::io_context& loop, const Config& config_in, std::string version_in)
      : context(loop),
        config(config_in),
        version(std::move(version_in)),
        log(config.log, clock),
        pool(pool_threads, pool_queue_max),
        drawing_pool(drawing_threads, drawing_queue_max),
        vault(crypto::load_master_key(config.master_key)),
        notary(load_signing_keys(config)),
        pictures(config.picture.font),
        ledger(loop.get_executor(), sqlite_options()),
        tools{ledger, vault, notary, pictures, codec, clock, entropy, metrics, log, pool},
        gateways(loop.get_executor(), config.gateways, load_notice_texts(config.alerts.texts).texts,
                 config.api.base_url, tools, {descriptors.gateways, descriptors.idle}),
        engine(loop.get_executor(), tools, engine_settings(config)),
        posters(engine.world(), draughtsman, drawing_pool),
        callbacks(gateways.links(), gateways.secrets_of(core::ChannelKind::sms), engine.answers(),
                  engine.replies(), log),
        health(ledger, metrics, clock, log),
        broker(loop.get_executor(), broker_settings(config), mqtt::Surroundings(clock, entropy, log, metrics)),
        canary(tools, broker, config.canary.interval, "000000000000"),
        desks{engine.cases(),
              engine.answers(),
              engine.recipients(),
              engine.readiness(),
              engine.exercises(),
              engine.journal(),
              notary,
              health,
              clock,
              log,
              metrics,
              callbacks,
              engine.channels(),
              posters},
        api(desks, http::Limits(), pages::desk()),
        operations(desks),
        tasks(loop.get_executor()) {
    health.add(
        {"broker", [this] { return broker.is_up() ? std::string() : config.broker.name + ": not connected"; }});
    health.add({"canary", [this] { return canary.wrong(); }});
    health.add({"exercise", [this] { return engine.exercises().put_off(); }});
    health.add({"channels", [this] { return engine.channels().wrong(); }});
    health.add({"promise 3", [this] { return engine.auditor().wrong(); }});
    health.add({"disk", [this] { return little_space(config.ledger_path); }});
    health.add({"log", [this] { return log.wrong(); }});
    health.add({"api", [this] { return api_listener ? api_listener->wrong() : std::string(); }});
    health.add(
        {"operations", [this] { return operations_listener ? operations_listener->wrong() : std::string(); }});
  }

  ledger::SqliteOptions sqlite_options() const {
    ledger::SqliteOptions options;
    options.path = config.ledger_path;
    return options;
  }

  boost::asio::awaitable<void> start();
  boost::asio::awaitable<void> stop();
  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<void> keep_gauges();
  boost::asio::awaitable<void> tell_police(std::vector<core::RecipientId> recipients, core::Sighting sighting);
  boost::asio::awaitable<bool> visit_directory(mqtt::AclFile::Visitor visitor);
  void tell_expiries();
  void reload();
  void keep_acl();

  boost::asio::io_context& context;
  const Config& config;
  std::string version;
  DescriptorShares descriptors = descriptors_of(config);
  runtime::SystemClock clock;
  runtime::OsEntropy entropy;
  JsonLog log;
  metrics::PrometheusMetrics metrics;
  runtime::BlockingPool pool;
  drawing::Draughtsman draughtsman;
  runtime::BlockingPool drawing_pool;
  crypto::OpenSslVault vault;
  crypto::OpenSslNotary notary;
  picture::GdPictures pictures;
  wire::ProtobufDocumentCodec codec;
  ledger::SqliteLedger ledger;
  engine::Tools tools;
  Gateways gateways;
  engine::Engine engine;
  engine::PosterService posters;
  push::Callbacks callbacks;
  DaemonHealth health;
  mqtt::Broker broker;
  CanaryKeeper canary;
  http::Desks desks;
  http::Api api;
  http::Operations operations;
  std::optional<mqtt::AclFile> acl;
  std::unique_ptr<http::Listener> api_listener;
  std::unique_ptr<http::Listener> operations_listener;
  runtime::TaskGroup tasks;
};

boost::asio::awaitable<void> Daemon::Parts::keep_gauges() {
  for (;;) {
    co_await engine.refresh_gauges();
    co_await clock.sleep_until(clock.steady_now() + gauges_interval);
  }
}

/// Once, as fast as may be: the sighting itself is in the ledger, for the desk to read.
boost::asio::awaitable<void> Daemon::Parts::tell_police(std::vector<core::RecipientId> recipients,
                                                        core::Sighting sighting) {
  const core::AlertId alert = sighting.alert_id;
  const core::DeliveryOutcome outcome =
      co_await broker.publish_sighting(std::move(recipients), std::move(sighting));
  if (outcome != core::DeliveryOutcome::accepted) {
    log.warning("sighting.not_published", {{"alert", alert.value}, {"outcome", std::string(to_string(outcome))}});
  }
}

boost::asio::awaitable<bool> Daemon::Parts::visit_directory(mqtt::AclFile::Visitor visitor) {
  ports::Ledger::DirectoryVisitor each = [&visitor](const std::vector<ports::DirectoryEntry>& entries) {
    for (const ports::DirectoryEntry& entry : entries) {
      if (!entry.deleted) {
        visitor(entry.recipient);
      }
    }
  };
  co_return co_await ledger.directory(std::move(each));
}

void Daemon::Parts::keep_acl() {
  if (config.broker.acl_file.empty()) {
    return;
  }
  mqtt::AclFile::Directory directory = [this](mqtt::AclFile::Visitor visitor) {
    return visit_directory(std::move(visitor));
  };
  acl.emplace(context.get_executor(), clock, log, acl_settings(config), std::move(directory));
  engine.recipients().on_change([this] { acl->changed(); });
  tasks.spawn(acl->keep());
}

void Daemon::Parts::tell_expiries() {
  const auto tell = [this](std::string_view name, const std::string& file) {
    const crypto::Certificate certificate = crypto::parse_certificate(crypto::read_file(file));
    if (certificate) {
      const std::chrono::duration<double> expiry = crypto::not_after(certificate.get()).time_since_epoch();
      metrics.set("tuanyuan_certificate_expiry_timestamp_seconds", {{"name", name}}, expiry.count());
    }
  };
  tell("api", config.api.certificate);
  tell("broker_client", config.broker.certificate);
  tell("broker_ca", config.broker.ca);
  for (std::size_t index = 0; index < config.signing_keys.size(); ++index) {
    tell("signing_" + std::to_string(index + 1), config.signing_keys[index].certificate);
  }
  metrics.set("tuanyuan_build_info", {{"version", version}}, 1);
}

/// Certificates and the log are read again; whoever rotates them need not stop the daemon.
void Daemon::Parts::reload() {
  log.reopen();
  try {
    api_listener->use(api_tls(config));
    gateways.reload();
    tell_expiries();
    log.info("daemon.reloaded");
  } catch (const std::exception& error) {
    log.error("daemon.reload_failed", {{"reason", error.what()}});
  }
}

boost::asio::awaitable<void> Daemon::Parts::start() {
  core::Result<void> recovered = co_await engine.recover();
  if (!recovered) {
    throw std::runtime_error("the ledger could not be read to its end");
  }
  engine.answers().on_sighting([this](std::vector<core::RecipientId> recipients, core::Sighting sighting) {
    tasks.spawn(tell_police(std::move(recipients), std::move(sighting)));
  });
  broker.set_keys(notary.published(clock.wall_now()));
  broker.start(engine.answers(), engine.retained());
  engine.add_channel(broker);
  gateways.add_to(engine);
  engine.start_clock();
  keep_acl();
  tell_expiries();
  tasks.spawn(keep_gauges());
  tasks.spawn(health.watch());
  if (!config.canary.recipient.empty()) {
    tasks.spawn(canary.keep());
  }
  operations_listener =
      http::Listener::create(context.get_executor(), operations_settings(config), operations, clock, log, metrics);
  api_listener = http::Listener::create(context.get_executor(), api_settings(config, descriptors.clients), api,
                                        clock, log, metrics);
  operations_listener->start();
  api_listener->start();
  log.info("daemon.ready", {{"version", version},
                            {"api_port", std::to_string(api_listener->port())},
                            {"operations_port", std::to_string(operations_listener->port())}});
}

/// Nothing new is taken in; what is under way is finished or, within a deadline, left to the next start.
boost::asio::awaitable<void> Daemon::Parts::stop() {
  log.info("daemon.stopping");
  if (api_listener) {
    co_await api_listener->stop();
  }
  co_await engine.stop();
  co_await broker.stop();
  tasks.cancel_all();
  co_await tasks.join();
  if (operations_listener) {
    co_await operations_listener->stop();
  }
  log.info("daemon.stopped");
}

boost::asio::awaitable<void> Daemon::Parts::serve() {
  boost::asio::signal_set signals(context, SIGTERM, SIGINT, SIGHUP);
  co_await start();
  for (;;) {
    const auto [error, signal] = co_await signals.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    if (error || signal != SIGHUP) {
      break;
    }
    reload();
  }
  co_await stop();
}

Daemon::Daemon(Config config, std::string version) : config_(std::move(config)) {
  std::signal(SIGPIPE, SIG_IGN);  // Paho and OpenSSL write to sockets that may be gone
  parts_ = std::make_unique<Parts>(context_, config_, std::move(version));
}

Daemon::~Daemon() = default;

int Daemon::run() {
  int status = 0;
  boost::asio::co_spawn(context_, parts_->serve(), [this, &status](std::exception_ptr failure) {
    if (failure) {
      try {
        std::rethrow_exception(failure);
      } catch (const std::exception& error) {
        parts_->log.error("daemon.failed", {{"reason", error.what()}});
      }
      status = 1;
    }
    context_.stop();
  });
  context_.run();
  return status;
}

}  // namespace tuanyuan::app
