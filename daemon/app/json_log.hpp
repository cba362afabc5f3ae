#pragma once

#include <memory>
#include <string>

#include "app/config.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"

namespace spdlog {
class logger;
}

namespace tuanyuan::app {

/// Writes one JSON object a line, to standard error or to a file (reopened by `reopen`, for logrotate):
/// {"time":"2026-11-22T01:02:03.004Z","level":"info","event":"broker.connected",…}. Any thread.
class JsonLog final : public ports::Log {
 public:
  JsonLog(const LogConfig& config, ports::Clock& clock);
  ~JsonLog() override;

  void write(ports::Severity severity, std::string_view event, Fields fields) override;
  void reopen();

 private:
  std::shared_ptr<spdlog::logger> make() const;

  LogConfig config_;
  ports::Clock& clock_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace tuanyuan::app
