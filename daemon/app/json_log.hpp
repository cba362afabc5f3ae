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

/// Writes one JSON object a line, to standard error or to a file (reopened by `reopen`, for logrotate):
/// {"time":"2026-11-22T01:02:03.004Z","level":"info","event":"broker.connected",…}. Libraries that would write
/// beside it are told not to. Any thread.
class JsonLog final : public ports::Log {
 public:
  JsonLog(const LogConfig& config, ports::Clock& clock);
  ~JsonLog() override;

  void write(ports::Severity severity, std::string_view event, Fields fields) override;
  /// Where the file cannot be opened again, goes on with the one that is open, and says so.
  void reopen();

 private:
  std::shared_ptr<spdlog::logger> make() const;
  std::shared_ptr<spdlog::logger> logger() const;

  LogConfig config_;
  ports::Clock& clock_;
  mutable std::mutex mutex_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace tuanyuan::app
