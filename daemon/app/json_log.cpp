#include "app/json_log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstdio>

#include "adapters/wire/quiet.hpp"

namespace tuanyuan::app {
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

JsonLog::JsonLog(const LogConfig& config, ports::Clock& clock) : config_(config), clock_(clock), logger_(make()) {
  wire::quieten_protobuf();
}
JsonLog::~JsonLog() = default;

std::shared_ptr<spdlog::logger> JsonLog::make() const {
  spdlog::sink_ptr sink;
  if (config_.file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(config_.file);
  }
  auto logger = std::make_shared<spdlog::logger>("tuanyuan", sink);
  logger->set_pattern("%v");
  logger->set_level(least_of(config_.level));
  logger->flush_on(spdlog::level::info);
  return logger;
}

std::shared_ptr<spdlog::logger> JsonLog::logger() const {
  const std::lock_guard lock(mutex_);
  return logger_;
}

void JsonLog::reopen() {
  try {
    std::shared_ptr<spdlog::logger> made = make();
    const std::lock_guard lock(mutex_);
    logger_.swap(made);
  } catch (const spdlog::spdlog_ex& failed) {
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
  logger()->log(level_of(severity), boost::json::serialize(line));
}

}  // namespace tuanyuan::app
