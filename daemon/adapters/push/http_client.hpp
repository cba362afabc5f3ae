#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "adapters/push/dialler.hpp"
#include "adapters/push/http.hpp"
#include "adapters/push/http_connection.hpp"
#include "adapters/push/idle_connections.hpp"
#include "adapters/push/limits.hpp"
#include "adapters/push/places.hpp"

namespace tuanyuan::push {

/// HTTP/1.1 over TCP and TLS.
///
/// Redirects are answers like others. A connection is used again where both sides keep it.
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
  boost::asio::awaitable<HttpResult> carry(std::shared_ptr<const HttpRequest> request);
  boost::asio::awaitable<HttpResult> exchange(std::shared_ptr<HttpConnection> connection, std::string head,
                                              std::shared_ptr<const HttpRequest> request);

  ports::Clock& clock_;
  Dialler dialler_;
  ClientLimits limits_;
  Places places_;
  IdleConnections idle_;
};

}  // namespace tuanyuan::push
