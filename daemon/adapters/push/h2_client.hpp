#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <vector>

#include "adapters/push/dialler.hpp"
#include "adapters/push/h2_pool.hpp"
#include "adapters/push/http.hpp"
#include "adapters/push/limits.hpp"
#include "ports/log.hpp"

namespace tuanyuan::push {

/// HTTP/2 over TLS (and, where the deployment names the address, without it, by prior knowledge): for gateways
/// that take many requests at once. A small pool of connections for each origin, which stay.
///
/// A request is made again only where the other side says that it has not looked at it (REFUSED_STREAM, a stream
/// above a GOAWAY's last), or nothing of it has left. All else that happens after is unknown. Loop thread. What
/// it is given outlives it.
class H2Client final : public Http {
 public:
  H2Client(boost::asio::any_io_executor executor, ports::Clock& clock, ports::Log& log, Resolver& resolver,
           AddressGuard guard, std::shared_ptr<boost::asio::ssl::context> tls, const H2Limits& limits = {});
  ~H2Client() override;

  boost::asio::awaitable<HttpResult> request(HttpRequest request) override;
  void start_afresh(const Url& origin) override;

  /// From now on; present connections finish what they have.
  void use(std::shared_ptr<boost::asio::ssl::context> tls);
  void use(AddressGuard guard);

  std::size_t connections(const Url& origin) const;

 private:
  /// Null: there is none.
  std::shared_ptr<H2Pool> find(const Url& origin) const;
  /// Null: there are too many origins, and all are busy.
  std::shared_ptr<H2Pool> pool_of(const Url& origin);
  void start_all_afresh();

  boost::asio::any_io_executor executor_;
  ports::Clock& clock_;
  ports::Log& log_;
  std::shared_ptr<Dialler> dialler_;
  H2Limits limits_;
  std::vector<std::shared_ptr<H2Pool>> pools_;  ///< few enough to look through
};

}  // namespace tuanyuan::push
