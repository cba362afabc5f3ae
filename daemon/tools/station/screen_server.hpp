#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "adapters/http/listener.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "runtime/task_group.hpp"
#include "tools/station/screen_service.hpp"
#include "tools/station/screens.hpp"

namespace tuanyuan::station {

/// What the HTTP folder has to say, among the program's own lines; and no metrics, since nobody scrapes a station.
class LineLog final : public ports::Log {
 public:
  explicit LineLog(JournalLines& lines) : lines_(lines) {}
  void write(ports::Severity severity, std::string_view event, Fields fields) override;

 private:
  JournalLines& lines_;
};

class NoMetrics final : public ports::Metrics {
 public:
  void add(std::string_view, Labels, double) override {}
  void set(std::string_view, Labels, double) override {}
  void observe(std::string_view, Labels, double) override {}
};

/// A station's screens, on a port of this machine. Loop thread.
class ScreenServer {
 public:
  /// Binds; throws boost::system::system_error where it cannot. The rest has to outlive it.
  ScreenServer(boost::asio::io_context& loop, Screens& screens, ports::Clock& clock, JournalLines& lines,
               const std::string& address, std::uint16_t port, ScreenServiceSettings settings);

  void start();
  /// Ends what is followed, and the keeping of time; pages go on showing what they have until it expires.
  void stop();

 private:
  LineLog log_;
  NoMetrics metrics_;
  JournalLines& lines_;
  Screens& screens_;
  ScreenService service_;
  std::unique_ptr<http::Listener> listener_;
  runtime::TaskGroup tasks_;
  runtime::TaskGroup ending_;
  std::string address_;
};

}  // namespace tuanyuan::station
