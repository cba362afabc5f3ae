#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "engine/world.hpp"

namespace tuanyuan::engine {

/// How often the sum is checked.
inline constexpr core::Duration audit_interval = std::chrono::seconds(30);
/// A step that has been due for longer, and was so at the audit before, has been forgotten: the clock takes each
/// within its ticks. At one audit alone it says nothing: who receives late comes to be due by a deadline that is
/// over.
inline constexpr core::Duration step_overdue_after = std::chrono::seconds(60);
/// A wall clock that went so much further than the steady one was set forward. What is due by it alone has been so
/// only since then; drift and slewing stay below.
inline constexpr core::Duration clock_set_by_min = step_overdue_after / 2;

/// For how long an alert may be unread: after a start, or while it is unknown what was committed. Who is expected
/// of it, nobody can say meanwhile.
inline constexpr core::Duration unread_for_max = std::chrono::seconds(60);

/// Promise 3 as a running check: for every alert each expected recipient has answered, is within its time, has a
/// next step, or stands on the late list, where a person takes over. What does not add up is counted, and named
/// for as long as it lasts; so is an alert that cannot be read, of which nothing is known to add up. It shares no
/// code with what schedules the steps but the rules themselves.
class Auditor {
 public:
  explicit Auditor(World& world) : world_(world), lead_(lead()) {}

  /// Runs until cancelled.
  boost::asio::awaitable<void> run();
  void audit();
  /// What is wrong now; empty: nothing.
  const std::string& wrong() const { return wrong_; }

  /// Of all alerts; each expected recipient of each is in exactly one of the last four.
  struct Sum {
    std::uint64_t expected = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t in_time = 0;    ///< its deadline, or its next step, is still to come
    std::uint64_t late = 0;       ///< a person has to take over, be a recall said again to them or not
    std::uint64_t forgotten = 0;  ///< no next step, or one that is overdue
  };
  const Sum& sum() const { return sum_; }

 private:
  /// Of one alert and audience, within or outside its circle.
  using Part = std::tuple<core::AlertId, core::Audience, bool>;
  void add(Sum& sum, const CaseFile& file, core::Audience audience, bool outside);
  bool is_overdue(core::Instant due) const;
  bool is_shut(const core::AlertId& id);
  void notice_set_clock();
  /// Of the wall clock before the steady one; only its changes mean something.
  core::Duration lead() const;

  World& world_;
  ports::Clock::Steady overdue_from_{};  ///< after the wall clock was set: what it made due had no time yet
  core::Duration lead_;
  std::map<Part, core::RecipientSet> overdue_;  ///< at the last audit
  std::map<Part, core::RecipientSet> overdue_before_;
  std::map<core::AlertId, ports::Clock::Steady> shut_since_;  ///< whose bitmaps could not be read
  Sum sum_;
  bool violated_ = false;
  std::string wrong_;
};

}  // namespace tuanyuan::engine
