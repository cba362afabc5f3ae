#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "app/config.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"

namespace spdlog {
class logger;
}

namespace tuanyuan::app {

class LineSink;

/// Writes one JSON object a line, to standard error or to a file (reopened by `reopen`, for logrotate):
/// {"time":"2026-11-22T01:02:03.004Z","level":"info","event":"broker.connected",…}. Libraries that would write
/// beside it are told not to. Where a line cannot be written (a full disk) the daemon goes on without it: `wrong`
/// says so, and how many were lost stands in the log once it can be written again. Any thread.
class JsonLog final : public ports::Log {
 public:
  JsonLog(const LogConfig& config, ports::Clock& clock);
  ~JsonLog() override;

  void write(ports::Severity severity, std::string_view event, Fields fields) override;
  /// Where the file cannot be opened again, goes on with the one that is open, and says so.
  void reopen();
  /// Why lines are being lost now; empty: none is.
  std::string wrong() const;

 private:
  /// A logger, and where it writes.
  struct Way {
    std::shared_ptr<LineSink> sink;
    std::shared_ptr<spdlog::logger> logger;
  };
  Way make() const;
  Way way() const;

  LogConfig config_;
  ports::Clock& clock_;
  mutable std::mutex mutex_;
  Way way_;
};

}  // namespace tuanyuan::app
