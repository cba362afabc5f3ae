#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "adapters/push/address_guard.hpp"
#include "adapters/push/http.hpp"
#include "adapters/push/limits.hpp"
#include "adapters/push/resolver.hpp"
#include "adapters/push/wire.hpp"
#include "ports/clock.hpp"

namespace tuanyuan::push {

/// What HTTPS clients trust: TLS 1.2 and later, the machine's authorities, and those of the PEM file `ca` where
/// one is named. Throws boost::system::system_error where a file cannot be read.
std::shared_ptr<boost::asio::ssl::context> make_tls_context(const std::string& ca = "");

/// Makes connections: resolve, judge, connect, shake hands.
///
/// A name is resolved once for each connection, and the connection made to an address that the guard has
/// permitted, so that the name cannot mean something else in between. http URLs go only to addresses that the
/// deployment names. Loop thread. Clock and resolver outlive it.
class Dialler {
 public:
  Dialler(boost::asio::any_io_executor executor, ports::Clock& clock, Resolver& resolver, AddressGuard guard,
          std::shared_ptr<boost::asio::ssl::context> tls, const DialLimits& limits);

  struct Dialled {
    std::shared_ptr<Wire> wire;
    HttpFailure failure = HttpFailure::none;  ///< where there is no connection

    Dialled() = default;
  };
  /// `protocol`: as ALPN names it. Ends by the deadline; throws only when cancelled (operation_aborted).
  boost::asio::awaitable<Dialled> dial(Url url, std::string protocol, ports::Clock::Steady deadline);

  /// From now on.
  void use(std::shared_ptr<boost::asio::ssl::context> tls) { tls_ = std::move(tls); }
  void use(AddressGuard guard) { guard_ = std::move(guard); }

 private:
  using Address = boost::asio::ip::address;

  ports::Clock::Steady within(std::chrono::milliseconds wait, ports::Clock::Steady deadline);
  std::vector<Address> permitted(const Url& url, std::vector<Address> found) const;
  boost::asio::awaitable<std::vector<Address>> addresses_of(Url url, ports::Clock::Steady deadline);
  boost::asio::awaitable<Dialled> dial_at(Address address, Url url, std::string protocol,
                                          ports::Clock::Steady deadline);

  boost::asio::any_io_executor executor_;
  ports::Clock& clock_;
  Resolver& resolver_;
  AddressGuard guard_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
  DialLimits limits_;
};

/// A deadline and a cancellation both end a wait without a result; only the first is one of ours to answer.
boost::asio::awaitable<void> throw_if_cancelled();

}  // namespace tuanyuan::push
