#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "adapters/mqtt/topics.hpp"
#include "core/recipient.hpp"
#include "core/refusal.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "runtime/event.hpp"

namespace tuanyuan::mqtt {

struct AclSettings {
  std::string file;             ///< mosquitto's acl_file
  std::string broker_pid_file;  ///< mosquitto's pid_file; empty: nobody is told to read it again
  std::string daemon_user;      ///< CN of the daemon's certificate at the broker
  std::string prefix = "tuanyuan/v1";

  AclSettings() = default;
};

/// Keeps the broker's ACL file to the directory. Several changes within acl_delay share one write. The file is
/// replaced whole (written beside, flushed, renamed), and the broker told by SIGHUP, only where its content
/// changes. A broker on another machine reads the file by whatever way its operators have. Loop thread.
class AclFile {
 public:
  using Visitor = std::function<void(const core::Recipient&)>;
  /// Calls the visitor with every recipient that is not deleted; false: it could not be read.
  using Directory = std::function<boost::asio::awaitable<bool>(Visitor)>;

  AclFile(boost::asio::any_io_executor executor, ports::Clock& clock, ports::Log& log, AclSettings settings,
          Directory directory);

  /// The directory has changed, or may have.
  void changed() { changed_.notify(); }

  /// For ever; to be spawned once. Writes at the start too.
  boost::asio::awaitable<void> keep();

  /// Now. Refuses (unavailable) where directory or file do not let it; the old file then stands.
  boost::asio::awaitable<core::Result<void>> write();

 private:
  void tell_broker();

  ports::Clock& clock_;
  ports::Log& log_;
  AclSettings settings_;
  Topics topics_;
  Directory directory_;
  runtime::Notifier changed_;
  std::size_t written_hash_ = 0;  ///< of what this process wrote last; 0: nothing yet
};

/// The process that a pid file names, where it runs and is called so; 0 otherwise. A pid file that outlived its
/// process may name a stranger by now.
int process_of(const std::string& pid_file, const std::string& program);

}  // namespace tuanyuan::mqtt
