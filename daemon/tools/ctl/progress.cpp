#include "tools/ctl/progress.hpp"

#include <array>
#include <cstdio>

#include "tools/ctl/json_view.hpp"
#include "tools/ctl/text_table.hpp"

namespace tuanyuan::ctl {
namespace {

constexpr std::array bar_columns_choices = {12U, 5U, 0U};  // the first that fits
constexpr std::array shown_kinds = {"RECEIVED", "DISPLAYED", "CONFIRMED", "REMOVED"};

std::string seconds_of(std::chrono::milliseconds time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%6.1f s", static_cast<double>(time.count()) / 1000);
  return text.data();
}

std::string lower(std::string text) {
  for (char& c : text) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  return text;
}

}  // namespace

void Progress::take_board(boost::json::value board, core::Instant now) {
  board_ = std::move(board);
  if (!received_at_ && reached("RECEIVED")) {
    received_at_ = now;
  }
}

std::int64_t Progress::expected() const {
  return number_at(board_, "expected");
}

std::int64_t Progress::count(const std::string& kind) const {
  return number_at(board_, "counts." + kind);
}

std::optional<std::int64_t> Progress::release_to_last_received_ms() const {
  if (!released_at_ || !received_at_) {
    return std::nullopt;
  }
  return (*received_at_ - *released_at_).count();
}

std::string Progress::line(std::chrono::milliseconds since_start, std::size_t columns) const {
  std::string text;
  for (const std::size_t bar_columns : bar_columns_choices) {
    text = with_bars(since_start, bar_columns);
    if (columns_of(text) <= columns) {
      return text;
    }
  }
  return fitted(text, columns);
}

std::string Progress::with_bars(std::chrono::milliseconds since_start, std::size_t bar_columns) const {
  std::string text = seconds_of(since_start) + "  " + std::to_string(expected()) + " expected";
  for (const char* kind : shown_kinds) {
    const auto answered = static_cast<std::size_t>(std::max<std::int64_t>(count(kind), 0));
    if (kind == std::string_view("REMOVED") && answered == 0) {
      continue;
    }
    text += "  " + lower(kind) + ' ' + bar(answered, static_cast<std::size_t>(expected()), bar_columns);
    text += (bar_columns > 0 ? " " : "") + std::to_string(answered);
  }
  if (const auto silent = number_at(board_, "silentTotal"); silent > 0) {
    text += "  silent " + std::to_string(silent);
  }
  return text;
}

boost::json::object Progress::summary() const {
  boost::json::object summary;
  summary["alertId"] = alert_id_;
  summary["revision"] = number_at(board_, "revision");
  summary["step"] = number_at(board_, "step");
  summary["expected"] = expected();
  summary["unexpected"] = number_at(board_, "unexpected");
  for (const char* kind : shown_kinds) {
    summary[lower(kind)] = count(kind);
  }
  summary["unable"] = count("UNABLE");
  summary["silent"] = number_at(board_, "silentTotal");
  const auto took = release_to_last_received_ms();
  summary["releaseToLastReceivedMs"] = took ? boost::json::value(*took) : boost::json::value(nullptr);
  return summary;
}

}  // namespace tuanyuan::ctl
