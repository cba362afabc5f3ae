#include "adapters/push/dialler.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

#include "runtime/with_timeout.hpp"

namespace tuanyuan::push {

namespace asio = boost::asio;

asio::awaitable<void> throw_if_cancelled() {
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
}

std::shared_ptr<asio::ssl::context> make_tls_context(const std::string& ca) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  context->set_verify_mode(asio::ssl::verify_peer);
  context->set_default_verify_paths();
  if (!ca.empty()) {
    context->load_verify_file(ca);
  }
  return context;
}

Dialler::Dialler(asio::any_io_executor executor, ports::Clock& clock, Resolver& resolver, AddressGuard guard,
                 std::shared_ptr<asio::ssl::context> tls, const DialLimits& limits)
    : executor_(std::move(executor)),
      clock_(clock),
      resolver_(resolver),
      guard_(std::move(guard)),
      tls_(std::move(tls)),
      limits_(limits) {}

ports::Clock::Steady Dialler::within(std::chrono::milliseconds wait, ports::Clock::Steady deadline) {
  return std::min(clock_.steady_now() + wait, deadline);
}

std::vector<Dialler::Address> Dialler::permitted(const Url& url, std::vector<Address> found) const {
  std::erase_if(found, [this, &url](const Address& address) {
    return url.is_secure ? !guard_.permits(address) : !guard_.names(address);
  });
  if (found.size() > limits_.addresses_tried_max) {
    found.resize(limits_.addresses_tried_max);
  }
  return found;
}

asio::awaitable<std::vector<Dialler::Address>> Dialler::addresses_of(Url url, ports::Clock::Steady deadline) {
  std::vector<Address> found;
  if (url.host_is_address) {
    found.push_back(asio::ip::make_address(url.host));
    co_return found;
  }
  auto looking = resolver_.resolve(std::move(url.host));
  auto answer =
      co_await runtime::with_timeout(clock_, std::move(looking), within(limits_.resolve_ms_max, deadline));
  co_await throw_if_cancelled();
  if (answer) {
    found = std::move(*answer);
  }
  co_return found;
}

asio::awaitable<Dialler::Dialled> Dialler::dial_at(Address address, Url url, std::string protocol,
                                                   ports::Clock::Steady deadline) {
  Dialled dialled;
  auto wire = std::make_shared<Wire>(executor_, tls_);
  const Wire::Endpoint endpoint(address, url.port);
  auto connecting = Wire::connect(wire, endpoint);
  const auto connected =
      co_await runtime::with_timeout(clock_, std::move(connecting), within(limits_.connect_ms_max, deadline));
  co_await throw_if_cancelled();
  dialled.failure = HttpFailure::unreachable;
  if (!connected.value_or(false)) {
    co_return dialled;
  }
  if (url.is_secure) {
    auto greeting = Wire::shake_hands(wire, std::move(url), std::move(protocol));
    const auto trusted =
        co_await runtime::with_timeout(clock_, std::move(greeting), within(limits_.handshake_ms_max, deadline));
    co_await throw_if_cancelled();
    if (!trusted.value_or(false)) {
      dialled.failure = trusted ? HttpFailure::not_trusted : HttpFailure::timed_out;
      co_return dialled;
    }
  }
  dialled.wire = std::move(wire);
  co_return dialled;
}

asio::awaitable<Dialler::Dialled> Dialler::dial(Url url, std::string protocol, ports::Clock::Steady deadline) {
  Dialled dialled;
  auto known = co_await addresses_of(url, deadline);
  if (known.empty()) {
    dialled.failure = HttpFailure::unresolvable;
    co_return dialled;
  }
  const std::vector<Address> addresses = permitted(url, std::move(known));
  // What a name means may be another thing in a minute; an address stays what it is.
  dialled.failure = url.host_is_address ? HttpFailure::address_refused : HttpFailure::name_refused;
  for (const Address& address : addresses) {
    dialled = co_await dial_at(address, url, protocol, deadline);
    if (dialled.wire || clock_.steady_now() >= deadline) {
      break;
    }
  }
  co_return dialled;
}

}  // namespace tuanyuan::push
