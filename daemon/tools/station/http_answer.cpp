#include "tools/station/http_answer.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace tuanyuan::station {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

/// The whole text as a number without sign.
template <class Number>
bool read_number(std::string_view text, Number& into) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc{} && end == text.data() + text.size() && !text.starts_with('-');
}

bool is_same_name(std::string_view given, std::string_view lower_case) {
  return std::equal(given.begin(), given.end(), lower_case.begin(), lower_case.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) {
    text.remove_prefix(1);
  }
  while (text.ends_with(' ') || text.ends_with('\t')) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

HttpAnswer::State HttpAnswer::feed(std::span<const std::uint8_t> octets) {
  if (state_ != State::reading) {
    return state_;
  }
  const std::size_t room = has_head_ ? length_ - body_.size() : head_bytes_max + body_bytes_max_ - body_.size();
  const auto taken = octets.first(std::min(room, octets.size()));
  body_.append(taken.begin(), taken.end());
  if (!has_head_) {
    state_ = read_head();
  }
  if (state_ == State::reading && has_head_ && body_.size() >= length_) {
    body_.resize(length_);
    state_ = State::done;
  }
  return state_;
}

HttpAnswer::State HttpAnswer::read_head() {
  const std::size_t end = body_.find(head_end);
  if (end == std::string::npos || end > head_bytes_max) {
    return body_.size() > head_bytes_max ? State::failed : State::reading;
  }
  std::string_view head(body_.data(), end);
  const auto take_line = [&head] {
    const std::size_t length = std::min(head.find(line_end), head.size());
    const std::string_view line = head.substr(0, length);
    head.remove_prefix(std::min(length + line_end.size(), head.size()));
    return line;
  };
  bool good = read_status_line(take_line());
  while (good && !head.empty()) {
    good = read_header(take_line());
  }
  if (!good || !has_length_ || length_ > body_bytes_max_) {
    return State::failed;
  }
  body_.erase(0, end + head_end.size());
  has_head_ = true;
  return State::reading;
}

/// RFC 9112, section 4: "HTTP/1.1 200 OK".
bool HttpAnswer::read_status_line(std::string_view line) {
  constexpr std::string_view version = "HTTP/1.";
  constexpr std::size_t code_at = 9;
  return line.starts_with(version) && line.size() >= code_at + 3 && line[code_at - 1] == ' ' &&
         read_number(line.substr(code_at, 3), status_);
}

/// RFC 9112, sections 5 and 6.3: two lengths, or a length and chunks, are how answers are smuggled.
bool HttpAnswer::read_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) {
    return false;
  }
  const std::string_view name = line.substr(0, colon);
  if (is_same_name(name, "transfer-encoding")) {
    return false;
  }
  if (is_same_name(name, "content-length")) {
    return !std::exchange(has_length_, true) && read_number(trimmed(line.substr(colon + 1)), length_);
  }
  return true;
}

}  // namespace tuanyuan::station
