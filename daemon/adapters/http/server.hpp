#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "adapters/http/desks.hpp"
#include "adapters/http/limits.hpp"
#include "core/refusal.hpp"

namespace tuanyuan::http {

struct Config {
  std::string api_address = "::";
  std::uint16_t api_port = 8443;  ///< 0: any
  std::string operations_address = "127.0.0.1";
  std::uint16_t operations_port = 9464;  ///< 0: any
  std::string certificate_file;          ///< PEM, with the chain
  std::string key_file;
  std::string ca_file;  ///< whose client certificates are taken
  Limits limits;
};

/// The daemon's HTTP: the API over mutual TLS, and operations in the clear on a port of their own (contract,
/// section 2). Loop thread.
class Server {
 public:
  /// Reads the certificates and binds both ports; throws where it cannot. The desks outlive it.
  static std::unique_ptr<Server> create(boost::asio::any_io_executor executor, Config config, const Desks& desks);
  virtual ~Server() = default;

  virtual void start() = 0;
  virtual std::uint16_t api_port() const = 0;
  virtual std::uint16_t operations_port() const = 0;
  /// Reads the certificates again, for connections from now on. False: they are no good, the old ones stay, and
  /// the log says why.
  virtual bool reload() = 0;
  /// Stops accepting, lets what is under way be answered, then cuts; ends within drain_ms_max and twice
  /// close_ms_max. Operations are served to the last.
  virtual boost::asio::awaitable<void> stop() = 0;
};

}  // namespace tuanyuan::http
