#include "app/json_log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <system_error>
#include <utility>

#include "adapters/wire/quiet.hpp"
#include "app/line_file.hpp"

namespace tuanyuan::app {

/// spdlog's own file sink keeps what it cannot write, and leaves half a line where a disk was full.
class LineSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit LineSink(const std::string& path) : file_(path) {}

  std::string wrong() {
    const std::lock_guard lock(mutex_);
    return file_.error() == 0
               ? std::string()
               : std::generic_category().message(file_.error()) + ", " + std::to_string(lost_) + " lines are lost";
  }

  /// What the one before it has lost is to be told too.
  void take_over(LineSink& before) {
    const std::scoped_lock lock(mutex_, before.mutex_);
    lost_ += std::exchange(before.lost_, 0);
  }

  /// How many lines were lost before the last one, which was not.
  std::uint64_t take_lost() {
    const std::lock_guard lock(mutex_);
    return file_.error() == 0 ? std::exchange(lost_, 0) : 0;
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& line) override {
    lost_ += file_.append({line.payload.data(), line.payload.size()}) ? 0 : 1;
  }
  void flush_() override {}

 private:
  LineFile file_;
  std::uint64_t lost_ = 0;
};

namespace {

std::string_view name_of(ports::Severity severity) {
  switch (severity) {
    case ports::Severity::info:
      return "info";
    case ports::Severity::warning:
      return "warning";
    case ports::Severity::error:
      return "error";
  }
  return "error";
}

spdlog::level::level_enum level_of(ports::Severity severity) {
  switch (severity) {
    case ports::Severity::info:
      return spdlog::level::info;
    case ports::Severity::warning:
      return spdlog::level::warn;
    case ports::Severity::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

spdlog::level::level_enum least_of(const std::string& level) {
  if (level == "error") {
    return spdlog::level::err;
  }
  return level == "warning" ? spdlog::level::warn : spdlog::level::info;
}

std::string rfc3339(core::Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss<std::chrono::milliseconds> time(at - day);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return text;
}

}  // namespace

JsonLog::JsonLog(const LogConfig& config, ports::Clock& clock) : config_(config), clock_(clock), way_(make()) {
  wire::quieten_protobuf();
}
JsonLog::~JsonLog() = default;

JsonLog::Way JsonLog::make() const {
  Way made;
  made.sink = std::make_shared<LineSink>(config_.file);
  made.logger = std::make_shared<spdlog::logger>("tuanyuan", made.sink);
  made.logger->set_level(least_of(config_.level));
  return made;
}

JsonLog::Way JsonLog::way() const {
  const std::lock_guard lock(mutex_);
  return way_;
}

std::string JsonLog::wrong() const {
  return way().sink->wrong();
}

void JsonLog::reopen() {
  try {
    Way made = make();
    const std::lock_guard lock(mutex_);
    made.sink->take_over(*way_.sink);
    std::swap(way_, made);
  } catch (const std::system_error& failed) {
    error("log.not_reopened", {{"reason", failed.what()}});
  }
}

void JsonLog::write(ports::Severity severity, std::string_view event, Fields fields) {
  boost::json::object line;
  line["time"] = rfc3339(clock_.wall_now());
  line["level"] = name_of(severity);
  line["event"] = event;
  for (const auto& [name, value] : fields) {
    line[name] = value;
  }
  const Way here = way();
  here.logger->log(level_of(severity), boost::json::serialize(line));
  if (const std::uint64_t lost = here.sink->take_lost(); lost != 0) {
    warning("log.lines_lost", {{"count", std::to_string(lost)}});
  }
}

}  // namespace tuanyuan::app
