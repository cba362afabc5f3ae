#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "core/time.hpp"

namespace tuanyuan::ctl {

/// How far an alert has come, by its board as it was looked at again and again.
class Progress {
 public:
  explicit Progress(std::string alert_id) : alert_id_(std::move(alert_id)) {}

  void set_released_at(std::optional<core::Instant> at) { released_at_ = at; }
  /// The board as it came at `now`.
  void take_board(boost::json::value board, core::Instant now);

  std::int64_t expected() const;
  std::int64_t count(const std::string& kind) const;
  /// Whether all who are expected have answered so; never before somebody is expected.
  bool reached(const std::string& kind) const { return expected() > 0 && count(kind) >= expected(); }

  /// From the release to the first board that showed every expected recipient's RECEIVED: by so much at most
  /// is it too long as boards were looked at. Nothing where the first board did already, or none does yet.
  std::optional<std::int64_t> release_to_last_received_ms() const;

  /// One line for a terminal of so many columns: all kinds that matter, as bars.
  std::string line(std::chrono::milliseconds since_start, std::size_t columns) const;
  boost::json::object summary() const;

 private:
  std::string with_bars(std::chrono::milliseconds since_start, std::size_t bar_columns) const;

  std::string alert_id_;
  boost::json::value board_;
  std::optional<core::Instant> released_at_;
  std::optional<core::Instant> received_at_;
};

}  // namespace tuanyuan::ctl
