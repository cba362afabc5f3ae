#include "tools/ctl/event_stream.hpp"

#include <utility>

namespace tuanyuan::ctl {

std::vector<ServerEvent> EventStreamReader::feed(std::string_view bytes) {
  std::vector<ServerEvent> events;
  for (const char c : bytes) {
    const bool second_of_pair = c == '\n' && after_return_;
    after_return_ = c == '\r';
    if (second_of_pair) {
      continue;
    }
    if (c == '\n' || c == '\r') {
      take_line(line_, events);
      line_.clear();
    } else if (line_.size() < event_bytes_max) {
      line_ += c;
    } else {
      too_large_ = true;
    }
  }
  return events;
}

void EventStreamReader::take_line(std::string_view line, std::vector<ServerEvent>& events) {
  if (line.empty()) {
    if (has_data_ && !too_large_) {
      ServerEvent whole = event_;
      whole.data.pop_back();  // the line feed after its last line
      whole.type = whole.type.empty() ? "message" : whole.type;
      events.push_back(std::move(whole));
    }
    event_.type.clear();
    event_.data.clear();
    has_data_ = false;
    too_large_ = false;
    return;
  }
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) {
    value.remove_prefix(1);
  }
  if (name == "data") {
    too_large_ = too_large_ || event_.data.size() + value.size() > event_bytes_max;
    if (!too_large_) {
      event_.data.append(value) += '\n';
    }
    has_data_ = true;
  } else if (name == "event") {
    event_.type = value;
  } else if (name == "id" && value.find('\0') == std::string_view::npos) {
    event_.id = value;
  }
}

}  // namespace tuanyuan::ctl
