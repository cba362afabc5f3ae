#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tuanyuan::station {

/// Reads one HTTP/1.1 answer whose body has a Content-Length, as the daemon gives pictures; nothing else (chunks,
/// a body until the end of the connection) is taken. Fed as the octets come.
class HttpAnswer {
 public:
  enum class State : std::uint8_t { reading, done, failed };

  static constexpr std::size_t head_bytes_max = 16'384;

  explicit HttpAnswer(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

  State feed(std::span<const std::uint8_t> octets);

  /// Once done.
  int status() const { return status_; }
  std::string take_body() { return std::move(body_); }

 private:
  State read_head();
  bool read_status_line(std::string_view line);
  bool read_header(std::string_view line);

  std::size_t body_bytes_max_;
  std::string body_;  ///< before the head is read, the head too
  std::size_t length_ = 0;
  int status_ = 0;
  bool has_length_ = false;
  bool has_head_ = false;
  State state_ = State::reading;
};

}  // namespace tuanyuan::station
