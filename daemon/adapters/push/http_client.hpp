#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/push/address_guard.hpp"
#include "adapters/push/http.hpp"
#include "adapters/push/http_connection.hpp"
#include "adapters/push/idle_connections.hpp"
#include "adapters/push/limits.hpp"
#include "adapters/push/places.hpp"
#include "adapters/push/resolver.hpp"

namespace tuanyuan::push {

/// What HTTPS clients trust: TLS 1.2 and later, the machine's authorities, and those of the PEM file `ca` where
/// one is named. Throws boost::system::system_error where a file cannot be read.
std::shared_ptr<boost::asio::ssl::context> make_tls_context(const std::string& ca = "");

/// HTTP/1.1 over TCP and TLS.
///
/// A name is resolved once for each connection, and the connection made to an address that the guard has
/// permitted, so that the name cannot mean something else in between. http URLs go only to addresses that the
/// deployment names. Redirects are answers like others. A connection is used again where both sides keep it.
///
/// A request is made twice only where an idle connection turns out closed before anything of the request could
/// leave. All else that happens after is unknown: whether to repeat it is for whoever has given it its identity.
/// Loop thread. Clock and resolver outlive it.
class HttpClient final : public Http {
 public:
  HttpClient(boost::asio::any_io_executor executor, ports::Clock& clock, Resolver& resolver, AddressGuard guard,
             std::shared_ptr<boost::asio::ssl::context> tls, const ClientLimits& limits = {});

  boost::asio::awaitable<HttpResult> request(HttpRequest request) override;

  /// From now on; connections that are idle go.
  void use(std::shared_ptr<boost::asio::ssl::context> tls);
  void use(AddressGuard guard);

  std::size_t idle() const { return idle_.size(); }

 private:
  struct Found {
    std::shared_ptr<HttpConnection> connection;
    HttpFailure failure = HttpFailure::none;  ///< where there is no connection

    Found() = default;
  };
  using Address = boost::asio::ip::address;

  ports::Clock::Steady within(std::chrono::milliseconds wait, ports::Clock::Steady deadline);
  std::vector<Address> permitted(const Url& url, std::vector<Address> found) const;
  boost::asio::awaitable<std::vector<Address>> addresses_of(Url url, ports::Clock::Steady deadline);
  boost::asio::awaitable<Found> connect(Url url, ports::Clock::Steady deadline);
  boost::asio::awaitable<Found> connect_to(Address address, Url url, ports::Clock::Steady deadline);
  boost::asio::awaitable<HttpResult> exchange(std::shared_ptr<HttpConnection> connection, std::string text,
                                              ports::Clock::Steady deadline);

  boost::asio::any_io_executor executor_;
  ports::Clock& clock_;
  Resolver& resolver_;
  AddressGuard guard_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
  ClientLimits limits_;
  Places places_;
  IdleConnections idle_;
};

}  // namespace tuanyuan::push
