#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "adapters/http/limits.hpp"
#include "adapters/http/message.hpp"
#include "adapters/http/tls.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"

namespace tuanyuan::http {

/// Where a listener stands, and what is told of it.
struct ListenerSettings {
  std::string name;  ///< in the log: "api", "operations"
  std::string address;
  std::uint16_t port = 0;  ///< 0: any
  Limits limits;
  std::optional<TlsSettings> tls;  ///< none: plain
  Identify identify;               ///< given with tls
};

/// For so long a refusal is told of: clients come again at their own pace, and probes look now and then.
inline constexpr std::chrono::seconds refusal_told_for{10};

/// Takes connections and speaks HTTP/1.1 on them for a service: deadlines, limits, keep-alive, bodies that come
/// piece by piece, orderly closing. All of Boost.Beast is behind this. Loop thread.
class Listener {
 public:
  /// Binds; throws boost::system::system_error where it cannot. The service, clock, log and metrics outlive it.
  static std::unique_ptr<Listener> create(boost::asio::any_io_executor executor, ListenerSettings settings,
                                          Service& service, ports::Clock& clock, ports::Log& log,
                                          ports::Metrics& metrics);
  virtual ~Listener() = default;

  virtual void start() = 0;
  virtual std::uint16_t port() const = 0;
  virtual std::size_t connections() const = 0;
  /// Why clients are being turned away, now or a moment ago (refusal_told_for); empty: none is.
  virtual std::string wrong() const = 0;
  /// For connections from now on.
  virtual void use(TlsSettings tls) = 0;
  /// Stops accepting, lets requests that are under way be answered within drain_ms_max, then cuts.
  virtual boost::asio::awaitable<void> stop() = 0;
};

}  // namespace tuanyuan::http
