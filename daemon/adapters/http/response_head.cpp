#include "adapters/http/response_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <string_view>

namespace tuanyuan::http {
namespace {

std::string_view reason_of(int status) {
  struct Reason {
    int status;
    std::string_view text;
  };
  constexpr Reason reasons[] = {
      {200, "OK"},
      {201, "Created"},
      {302, "Found"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {413, "Content Too Large"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {422, "Unprocessable Content"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {503, "Service Unavailable"},
      {505, "HTTP Version Not Supported"},
  };
  for (const Reason& reason : reasons) {
    if (reason.status == status) {
      return reason.text;
    }
  }
  return "";
}

/// IMF-fixdate (RFC 9110, section 5.6.7).
std::string http_date(core::Instant now) {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                days.at(std::chrono::weekday(day).c_encoding()), static_cast<unsigned>(date.day()),
                months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text.data();
}

void append(std::string_view name, std::string_view value, std::string& head) {
  head += name;
  head += ": ";
  head += value;
  head += "\r\n";
}

}  // namespace

std::string head_of(const Response& response, const Framing& framing) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  head += reason_of(response.status);
  head += "\r\n";
  append("Date", http_date(framing.now), head);
  append("Server", "tuanyuan", head);
  if (!response.content_type.empty()) {
    append("Content-Type", response.content_type, head);
  }
  const bool bodiless = response.status == 304;  // RFC 9110, section 15.4.5
  if (bodiless) {
    // Nothing frames what never has a body.
  } else if (framing.chunked) {
    append("Transfer-Encoding", "chunked", head);
  } else {
    append("Content-Length", std::to_string(response.body.size()), head);
  }
  const auto says_itself = [](const auto& field) { return field.first == "Cache-Control"; };
  if (std::ranges::none_of(response.fields, says_itself)) {
    append("Cache-Control", "no-store", head);
  }
  append("X-Content-Type-Options", "nosniff", head);
  if (framing.secure) {
    append("Strict-Transport-Security", "max-age=31536000", head);
  }
  if (framing.close) {
    append("Connection", "close", head);
  }
  for (const auto& [name, value] : response.fields) {
    append(name, value, head);
  }
  head += "\r\n";
  return head;
}

std::string chunk_of(std::string_view piece) {
  std::array<char, 16> size{};
  const auto [end, error] = std::to_chars(size.data(), size.data() + size.size(), piece.size(), 16);
  std::string chunk(size.data(), end);
  chunk += "\r\n";
  chunk += piece;
  chunk += "\r\n";
  return chunk;
}

}  // namespace tuanyuan::http
