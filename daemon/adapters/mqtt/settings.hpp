#pragma once

#include <chrono>
#include <string>

#include "core/ids.hpp"

namespace tuanyuan::mqtt {

/// How the broker is reached, as the configuration has it.
struct Settings {
  std::string broker = "main";          ///< its name in metrics and logs
  std::string uri;                      ///< mqtts://host:port, or mqtt:// for tests without TLS
  std::string client_id = "tuanyuand";  ///< one of its own for each node
  std::string prefix = "tuanyuan/v1";

  /// A connection that is cut without a word is given up within twice as long.
  std::chrono::seconds keep_alive{15};

  // PEM files; read anew at each connect, so that a renewed certificate needs no restart.
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;

  /// The built-in recipient of the canary; empty: none flies.
  core::RecipientId canary;

  /// How long something retained that the ledger does not know is left alone before it is cleared: with several
  /// nodes another one may have committed what this one has yet to read.
  std::chrono::milliseconds stranger_grace{10'000};

  Settings() = default;
};

}  // namespace tuanyuan::mqtt
