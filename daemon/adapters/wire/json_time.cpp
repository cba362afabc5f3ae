#include "adapters/wire/json_time.hpp"

#include <algorithm>
#include <chrono>

namespace tuanyuan::wire {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t seconds_min = sys_days{year{1} / 1 / 1}.time_since_epoch().count() * day_seconds;
constexpr std::int64_t seconds_max =
    (sys_days{year{9999} / 12 / 31}.time_since_epoch().count() + 1) * day_seconds - 1;
constexpr std::int32_t nanos_max = 999'999'999;

/// Takes a text apart from the left; the first thing that does not fit makes it not ok for good.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    if (rest_.size() < count) {
      ok_ = false;
      return 0;
    }
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      ok_ = ok_ && c >= '0' && c <= '9';
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return ok_ ? value : 0;
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) { ok_ = take(c) && ok_; }
  void require(bool condition) { ok_ = ok_ && condition; }
  bool at_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::int64_t read_date(Reader& reader) {
  const int y = reader.digits(4);
  reader.expect('-');
  const int m = reader.digits(2);
  reader.expect('-');
  const int d = reader.digits(2);
  const std::chrono::year_month_day date{year{y}, std::chrono::month(static_cast<unsigned>(m)),
                                         std::chrono::day(static_cast<unsigned>(d))};
  reader.require(y >= 1 && date.ok());
  return date.ok() ? sys_days{date}.time_since_epoch().count() * day_seconds : 0;
}

std::int64_t read_clock(Reader& reader) {
  const int h = reader.digits(2);
  reader.expect(':');
  const int m = reader.digits(2);
  reader.expect(':');
  const int s = reader.digits(2);
  reader.require(h <= 23 && m <= 59 && s <= 59);
  return h * 3600 + m * 60 + s;
}

std::int32_t read_fraction(Reader& reader) {
  if (!reader.take('.')) {
    return 0;
  }
  reader.require(reader.at_digit());
  std::int32_t nanos = 0;
  std::int32_t scale = 100'000'000;
  while (reader.at_digit() && scale > 0) {
    nanos += reader.digits(1) * scale;
    scale /= 10;
  }
  return nanos;
}

// Seconds east of UTC.
std::int64_t read_offset(Reader& reader) {
  if (reader.take('Z')) {
    return 0;
  }
  const bool west = reader.take('-');
  if (!west) {
    reader.expect('+');
  }
  const int h = reader.digits(2);
  reader.expect(':');
  const int m = reader.digits(2);
  reader.require(h <= 23 && m <= 59);
  return (west ? -1 : 1) * (h * 3600 + m * 60);
}

void append_digits(std::int64_t value, int count, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + static_cast<std::size_t>(count));
  for (std::size_t at = out.size(); at > start; --at) {
    out[at - 1] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

void append_fraction(std::int32_t nanos, std::string& out) {
  if (nanos == 0) {
    return;
  }
  out += '.';
  if (nanos % 1'000'000 == 0) {
    append_digits(nanos / 1'000'000, 3, out);
  } else if (nanos % 1'000 == 0) {
    append_digits(nanos / 1'000, 6, out);
  } else {
    append_digits(nanos, 9, out);
  }
}

}  // namespace

std::optional<TimestampParts> parse_timestamp(std::string_view text) {
  Reader reader(text);
  TimestampParts time;
  time.seconds = read_date(reader);
  reader.expect('T');
  time.seconds += read_clock(reader);
  time.nanos = read_fraction(reader);
  time.seconds -= read_offset(reader);
  if (!reader.done() || time.seconds < seconds_min || time.seconds > seconds_max) {
    return std::nullopt;
  }
  return time;
}

void append_timestamp(TimestampParts time, std::string& out) {
  const std::int64_t seconds = std::clamp(time.seconds, seconds_min, seconds_max);
  const std::chrono::sys_seconds instant{std::chrono::seconds{seconds}};
  const sys_days day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::int64_t clock = (instant - day).count();
  append_digits(static_cast<int>(date.year()), 4, out);
  out += '-';
  append_digits(static_cast<unsigned>(date.month()), 2, out);
  out += '-';
  append_digits(static_cast<unsigned>(date.day()), 2, out);
  out += 'T';
  append_digits(clock / 3600, 2, out);
  out += ':';
  append_digits(clock / 60 % 60, 2, out);
  out += ':';
  append_digits(clock % 60, 2, out);
  append_fraction(std::clamp(time.nanos, 0, nanos_max), out);
  out += 'Z';
}

}  // namespace tuanyuan::wire
