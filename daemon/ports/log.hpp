#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tuanyuan::ports {

enum class Severity : std::uint8_t { info, warning, error };

/// Structured log: one JSON object a line. Event names are stable ("broker.connected"); fields hold ids,
/// counts and reasons, never the child's data. Any thread.
class Log {
 public:
  using Fields = std::initializer_list<std::pair<std::string_view, std::string>>;

  virtual ~Log() = default;

  virtual void write(Severity severity, std::string_view event, Fields fields) = 0;

  void info(std::string_view event, Fields fields = {}) { write(Severity::info, event, fields); }
  void warning(std::string_view event, Fields fields = {}) { write(Severity::warning, event, fields); }
  void error(std::string_view event, Fields fields = {}) { write(Severity::error, event, fields); }
};

}  // namespace tuanyuan::ports
