#include "core/opening_hours.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/calendar.hpp"

namespace tuanyuan::core {
namespace {

constexpr int minutes_per_day = 24 * 60;
constexpr int days_per_week = 7;
constexpr int minutes_per_week = days_per_week * minutes_per_day;
constexpr int latest_end = 2 * minutes_per_day;  // 48:00, the end of the following day
constexpr std::array<std::string_view, days_per_week> day_names{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};

struct Unsupported {
  std::string_view sign;
  const char* zh;
  const char* en;
};

constexpr std::array unsupported{
    Unsupported{"PH", "不支持节假日（PH）", "public holidays (PH) are not supported"},
    Unsupported{"SH", "不支持学校假期（SH）", "school holidays (SH) are not supported"},
    Unsupported{"easter", "不支持节假日", "holidays are not supported"},
    Unsupported{"week", "不支持周数（week）", "numbers of weeks are not supported"},
    Unsupported{"sunrise", "不支持日出日落时间", "times by the sun are not supported"},
    Unsupported{"sunset", "不支持日出日落时间", "times by the sun are not supported"},
    Unsupported{"dawn", "不支持日出日落时间", "times by the sun are not supported"},
    Unsupported{"dusk", "不支持日出日落时间", "times by the sun are not supported"},
    Unsupported{"(", "不支持日出日落时间", "times by the sun are not supported"},
    Unsupported{"||", "不支持备选规则（||）", "fallback rules (||) are not supported"},
    Unsupported{"\"", "不支持注释", "comments are not supported"},
    Unsupported{"[", "不支持每月第几个星期几", "the n-th weekday of a month is not supported"},
    Unsupported{"+", "不支持不定的结束时间（+）", "open ends (+) are not supported"},
    Unsupported{"unknown", "不支持 unknown", "unknown is not supported"},
};
constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Reads one after the other, spaces between anything.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) { skip(); }

  bool at_end() const { return rest_.empty(); }
  bool sees(std::string_view word) const { return rest_.starts_with(word); }

  bool take(std::string_view word) {
    if (!sees(word)) {
      return false;
    }
    rest_.remove_prefix(word.size());
    skip();
    return true;
  }

  std::optional<int> day() {
    for (int index = 0; index < days_per_week; ++index) {
      if (take(day_names[static_cast<std::size_t>(index)])) {
        return index;
      }
    }
    return std::nullopt;
  }

  bool sees_day() const {
    return std::any_of(day_names.begin(), day_names.end(), [this](std::string_view name) { return sees(name); });
  }
  bool sees_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }

  /// HH:MM as minutes; one digit for the hour is understood.
  std::optional<int> time() {
    const std::optional<int> hours = number(2);
    if (!hours || !take(":")) {
      return std::nullopt;
    }
    const std::size_t before = rest_.size();
    const std::optional<int> minutes = number(2);
    const bool two_digits = minutes && before - rest_.size() >= 2 && *minutes < 60;
    skip();
    return two_digits ? std::optional(*hours * 60 + *minutes) : std::nullopt;
  }

  Refusal refusal() const {
    for (const Unsupported& one : unsupported) {
      if (sees(one.sign)) {
        return {Errc::invalid, Text(one.zh, one.en)};
      }
    }
    for (const std::string_view month : month_names) {
      if (sees(month)) {
        return {Errc::invalid, Text("不支持月份", "months are not supported")};
      }
    }
    return {Errc::invalid, Text("不是可识别的时间（例：Mo-Fr 08:00-18:00; Sa,Su off）",
                                "is not understood (an example: Mo-Fr 08:00-18:00; Sa,Su off)")};
  }

 private:
  void skip() {
    const std::size_t start = rest_.find_first_not_of(' ');
    rest_.remove_prefix(std::min(start, rest_.size()));
  }

  std::optional<int> number(int digits_max) {
    int value = 0;
    int digits = 0;
    while (sees_digit() && digits < digits_max) {
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
      ++digits;
    }
    return digits > 0 && !sees_digit() ? std::optional(value) : std::nullopt;
  }

  std::string_view rest_;
};

using Spans = std::vector<std::pair<int, int>>;  // minutes of a day or week, the end perhaps beyond it
using Days = std::array<bool, days_per_week>;

}  // namespace

/// The rules laid over each other, day by day.
class WeekPlan {
 public:
  /// False where something is not understood; the cursor stands there.
  bool read(Cursor& cursor) {
    do {
      if (!rule(cursor, false)) {
        return false;
      }
      while (cursor.take(",")) {
        if (!cursor.sees_day() || !rule(cursor, true)) {
          return false;
        }
      }
    } while (cursor.take(";"));
    return cursor.at_end();
  }

  OpeningHours hours() const {
    Spans spans;
    for (int day = 0; day < days_per_week; ++day) {
      for (const auto& [start, end] : days_[static_cast<std::size_t>(day)]) {
        add_in_week(spans, day * minutes_per_day + start, day * minutes_per_day + end);
      }
    }
    OpeningHours hours;
    hours.open_ = merged(std::move(spans));
    return hours;
  }

 private:
  bool rule(Cursor& cursor, bool adds) {
    if (cursor.take("24/7")) {
      Days every_day;
      every_day.fill(true);
      set(every_day, {{0, minutes_per_day}}, adds);
      return true;
    }
    const bool has_days = cursor.sees_day();
    Days days{};
    if (!read_days(cursor, days)) {
      return false;
    }
    if (cursor.take("off") || cursor.take("closed")) {
      set(days, {}, false);
      return true;
    }
    Spans times;
    if (cursor.sees_digit()) {
      if (!read_times(cursor, times)) {
        return false;
      }
    } else if (has_days) {
      times = {{0, minutes_per_day}};
    } else {
      return false;
    }
    cursor.take("open");
    set(days, times, adds);
    return true;
  }

  static bool read_days(Cursor& cursor, Days& days) {
    if (!cursor.sees_day()) {
      days.fill(true);
      return true;
    }
    do {
      const std::optional<int> first = cursor.day();
      const std::optional<int> last = cursor.take("-") ? cursor.day() : first;
      if (!first || !last) {
        return false;
      }
      for (int day = *first;; day = (day + 1) % days_per_week) {
        days[static_cast<std::size_t>(day)] = true;
        if (day == *last) {
          break;
        }
      }
    } while (cursor.take(","));
    return true;
  }

  // A comma may lead on to another span, or to a rule that adds: then it is left for it.
  static bool read_times(Cursor& cursor, Spans& times) {
    while (true) {
      const std::optional<int> start = cursor.time();
      std::optional<int> end = start && cursor.take("-") ? cursor.time() : std::nullopt;
      if (!end || *start >= minutes_per_day || *end > latest_end) {
        return false;
      }
      *end += *end <= *start ? minutes_per_day : 0;
      times.emplace_back(*start, *end);
      Cursor ahead = cursor;
      if (!ahead.take(",") || ahead.sees_day()) {
        return true;
      }
      cursor = ahead;
    }
  }

  void set(const Days& days, const Spans& times, bool adds) {
    for (std::size_t day = 0; day < days.size(); ++day) {
      if (!days[day]) {
        continue;
      }
      if (!adds) {
        days_[day].clear();
      }
      days_[day].insert(days_[day].end(), times.begin(), times.end());
    }
  }

  // What runs over Sunday's midnight goes on on Monday.
  static void add_in_week(Spans& spans, int start, int end) {
    spans.emplace_back(start, std::min(end, minutes_per_week));
    if (end > minutes_per_week) {
      spans.emplace_back(0, end - minutes_per_week);
    }
  }

  static Spans merged(Spans spans) {
    std::sort(spans.begin(), spans.end());
    Spans apart;
    for (const auto& span : spans) {
      if (!apart.empty() && span.first <= apart.back().second) {
        apart.back().second = std::max(apart.back().second, span.second);
      } else {
        apart.push_back(span);
      }
    }
    return apart;
  }

  std::array<Spans, days_per_week> days_;
};

namespace {

int minute_of_week(Instant at) {
  const BeijingTime time = beijing_time(at);
  return time.weekday * minutes_per_day + time.hour * 60 + time.minute;
}

}  // namespace

Result<OpeningHours> OpeningHours::parse(std::string_view text) {
  Cursor cursor(text.find_first_not_of(' ') == std::string_view::npos ? "24/7" : text);
  WeekPlan plan;
  if (!plan.read(cursor)) {
    return cursor.refusal();
  }
  return plan.hours();
}

bool OpeningHours::is_open(Instant at) const {
  const int minute = minute_of_week(at);
  return std::any_of(open_.begin(), open_.end(),
                     [minute](const Span& span) { return minute >= span.first && minute < span.second; });
}

std::optional<Instant> OpeningHours::next_opening(Instant at) const {
  if (open_.empty()) {
    return std::nullopt;
  }
  if (is_open(at)) {
    return at;
  }
  const int minute = minute_of_week(at);
  const auto later =
      std::find_if(open_.begin(), open_.end(), [minute](const Span& span) { return span.first > minute; });
  const int opening = later != open_.end() ? later->first : open_.front().first + minutes_per_week;
  return std::chrono::floor<std::chrono::minutes>(at) + std::chrono::minutes(opening - minute);
}

}  // namespace tuanyuan::core
