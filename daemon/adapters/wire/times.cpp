#include "adapters/wire/times.hpp"

#include <algorithm>
#include <cstdint>

namespace tuanyuan::wire {
namespace {

// The range of google.protobuf.Timestamp: 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
constexpr std::int64_t seconds_min = -62'135'596'800;
constexpr std::int64_t seconds_max = 253'402'300'799;

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
  }
  return value;
}

void append_padded(std::string& text, unsigned value, std::size_t width) {
  const std::string number = std::to_string(value);
  text.append(width > number.size() ? width - number.size() : 0, '0');
  text += number;
}

}  // namespace

core::Instant from_proto(const google::protobuf::Timestamp& stamp) {
  const std::int64_t seconds = std::clamp<std::int64_t>(stamp.seconds(), seconds_min, seconds_max);
  const std::int64_t nanoseconds = std::clamp<std::int64_t>(stamp.nanos(), 0, 999'999'999);
  return core::from_epoch_ms(seconds * 1000 + nanoseconds / 1'000'000);
}

google::protobuf::Timestamp to_proto(core::Instant at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(whole.time_since_epoch().count());
  stamp.set_nanos(static_cast<std::int32_t>((at - whole).count()) * 1'000'000);
  return stamp;
}

std::optional<std::chrono::year_month_day> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  if (!year || !month || !day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  return date.ok() ? std::optional{date} : std::nullopt;
}

std::string to_string(std::chrono::year_month_day date) {
  std::string text;
  append_padded(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  text += '-';
  append_padded(text, static_cast<unsigned>(date.month()), 2);
  text += '-';
  append_padded(text, static_cast<unsigned>(date.day()), 2);
  return text;
}

}  // namespace tuanyuan::wire
