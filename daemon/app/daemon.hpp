#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <memory>
#include <string>

#include "app/config.hpp"

namespace tuanyuan::app {

/// The daemon: every part made from the configuration, started in the order of their dependence, and stopped in
/// the other. Owns the one loop.
class Daemon {
 public:
  /// Opens ledger, keys and sockets. Throws std::exception whose text is for the operator.
  Daemon(Config config, std::string version);
  ~Daemon();

  /// Runs until TERM or INT; HUP reopens the log and loads certificates anew. The program's exit status.
  int run();

 private:
  struct Parts;
  Config config_;
  boost::asio::io_context context_{1};
  std::unique_ptr<Parts> parts_;
};

}  // namespace tuanyuan::app
