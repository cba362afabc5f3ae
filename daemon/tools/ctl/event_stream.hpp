#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tuanyuan::ctl {

inline constexpr std::size_t event_bytes_max = 1024 * 1024;

struct ServerEvent {
  std::string id;    ///< the last one given so far, which is what Last-Event-ID resumes from
  std::string type;  ///< "message" where the stream says none
  std::string data;
};

/// Reads text/event-stream (WHATWG HTML, 9.2.6) in whatever pieces it comes. Does no I/O.
class EventStreamReader {
 public:
  /// The events that `bytes` completes. An event beyond event_bytes_max is dropped.
  std::vector<ServerEvent> feed(std::string_view bytes);

 private:
  void take_line(std::string_view line, std::vector<ServerEvent>& events);

  std::string line_;
  ServerEvent event_;
  bool has_data_ = false;
  bool after_return_ = false;  ///< a line feed that follows a carriage return ends no line of its own
  bool too_large_ = false;
};

}  // namespace tuanyuan::ctl
