// The one place that instantiates Boost.Beast, for plain connections and for TLS.
#include "adapters/http/listener.hpp"

#include <utility>

#include "adapters/http/session.hpp"
#include "runtime/task_group.hpp"

namespace tuanyuan::http {
namespace {

namespace asio = boost::asio;
using namespace detail;

constexpr std::chrono::milliseconds accept_retry_ms{100};

void start_session(tcp::socket socket, const std::shared_ptr<Shared>& shared) {
  if (!shared->settings.tls) {
    start_session<tcp::socket>(std::move(socket), nullptr, shared);
    return;
  }
  const auto context = shared->settings.tls->context;
  start_session<TlsStream>(TlsStream(std::move(socket), *context), context, shared);
}

void note_refusal(Shared& shared, std::string_view reason, std::string text) {
  shared.metrics.add("tuanyuan_http_connections_refused_total",
                     {{"listener", shared.settings.name}, {"reason", reason}});
  shared.refusal = std::move(text);
  shared.refused_at = shared.clock.steady_now();
}

asio::awaitable<void> accept(std::shared_ptr<Shared> shared) {
  while (shared->acceptor.is_open()) {
    auto [error, socket] = co_await shared->acceptor.async_accept(quiet);
    if (error == asio::error::operation_aborted || error == asio::error::connection_aborted) {
      continue;  // we are stopping, or the client thought better of it
    }
    if (error) {
      // Out of descriptors, most likely: whoever knocks goes on knocking, and taking a breath is all that helps.
      note_refusal(*shared, "descriptors", "connections cannot be taken: " + error.message());
      co_await shared->clock.sleep_until(shared->in(accept_retry_ms));
      continue;
    }
    if (shared->connections.size() >= shared->limits().connections_max) {
      ++shared->turned_away;
      note_refusal(*shared, "full",
                   "all " + std::to_string(shared->limits().connections_max) +
                       " connections are taken, others are turned away");
      continue;
    }
    start_session(std::move(socket), shared);
  }
}

asio::awaitable<void> sweep(std::shared_ptr<Shared> shared) {
  for (;;) {
    co_await shared->clock.sleep_until(shared->in(shared->limits().sweep_ms));
    shared->connections.sweep(shared->clock.steady_now(), shared->limits().close_ms_max);
    shared->metrics.set("tuanyuan_http_connections", {{"listener", shared->settings.name}},
                        static_cast<double>(shared->connections.size()));
    if (const std::uint64_t count = std::exchange(shared->turned_away, 0); count != 0) {
      shared->log.warning("http.connections_refused",
                          {{"listener", shared->settings.name}, {"count", std::to_string(count)}});
    }
  }
}

/// "::" takes both families; where the machine has no IPv6 it means every IPv4 address.
void bind(tcp::acceptor& acceptor, asio::ip::address address, std::uint16_t port) {
  error_code no_ipv6;
  acceptor.open(address.is_v6() ? tcp::v6() : tcp::v4(), no_ipv6);
  if (no_ipv6 && address == asio::ip::address_v6::any()) {
    address = asio::ip::address_v4::any();
    acceptor.open(tcp::v4());
  }
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  acceptor.bind(tcp::endpoint(address, port));
  acceptor.listen();
}

class BeastListener final : public Listener {
 public:
  BeastListener(asio::any_io_executor executor, ListenerSettings settings, Service& service, ports::Clock& clock,
                ports::Log& log, ports::Metrics& metrics)
      : shared_(std::make_shared<Shared>(executor, std::move(settings), service, clock, log, metrics)),
        tasks_(executor) {
    bind(shared_->acceptor, asio::ip::make_address(shared_->settings.address), shared_->settings.port);
  }

  void start() override {
    tasks_.spawn(accept(shared_));
    tasks_.spawn(sweep(shared_));
    shared_->log.info("http.listening", {{"listener", shared_->settings.name},
                                         {"port", std::to_string(port())},
                                         {"connections_max", std::to_string(shared_->limits().connections_max)}});
  }
  std::uint16_t port() const override { return shared_->acceptor.local_endpoint().port(); }
  std::size_t connections() const override { return shared_->connections.size(); }
  std::string wrong() const override {
    const auto& at = shared_->refused_at;
    const bool is_told = at && shared_->clock.steady_now() - *at < refusal_told_for;
    return is_told ? shared_->refusal : std::string();
  }
  void use(TlsSettings tls) override { shared_->settings.tls = std::move(tls); }

  asio::awaitable<void> stop() override;

 private:
  std::shared_ptr<Shared> shared_;
  runtime::TaskGroup tasks_;
};

/// The sweep goes on while connections drain, since it is what ends them; a desk that answers nobody any more
/// is left behind at last.
asio::awaitable<void> give_up(std::shared_ptr<Shared> shared, ports::Clock::Steady at) {
  co_await shared->clock.sleep_until(at);
  if (shared->connections.size() != 0) {
    shared->log.warning("http.connections_abandoned", {{"listener", shared->settings.name},
                                                       {"count", std::to_string(shared->connections.size())}});
    shared->connections.abandon();
  }
}

asio::awaitable<void> BeastListener::stop() {
  error_code ignored;
  shared_->acceptor.close(ignored);
  shared_->draining = true;
  const ports::Clock::Steady until = shared_->in(shared_->limits().drain_ms_max);
  shared_->connections.drain(until);
  tasks_.spawn(give_up(shared_, until + 2 * shared_->limits().close_ms_max));
  co_await shared_->connections.all_gone();
  tasks_.cancel_all();
  co_await tasks_.join();
}

}  // namespace

std::unique_ptr<Listener> Listener::create(asio::any_io_executor executor, ListenerSettings settings,
                                           Service& service, ports::Clock& clock, ports::Log& log,
                                           ports::Metrics& metrics) {
  return std::make_unique<BeastListener>(std::move(executor), std::move(settings), service, clock, log, metrics);
}

}  // namespace tuanyuan::http
