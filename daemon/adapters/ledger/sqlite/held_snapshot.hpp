#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "adapters/ledger/sqlite/connection.hpp"

namespace tuanyuan::ledger {

/// From this age on the next read begins another, however much is read: the log is carried over no further than
/// it.
inline constexpr std::chrono::milliseconds held_snapshot_age_max{1'000};

/// One snapshot for several reads, because SQLite looks it up anew for each otherwise and drops the connection's
/// pages whenever anything was committed in between, also where nothing of what is read has changed.
class HeldSnapshot {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  HeldSnapshot(Connection& database, Clock now) : database_(database), now_(std::move(now)) {}
  HeldSnapshot(const HeldSnapshot&) = delete;
  HeldSnapshot& operator=(const HeldSnapshot&) = delete;

  /// What is read next is read in a snapshot that was begun for that generation and is not too old, or begins
  /// now. The generation is looked up before: of a change that comes between, the snapshot then knows already.
  void hold(std::uint64_t generation);
  /// What is read next sees the newest.
  void end() { snapshot_.reset(); }
  bool is_held() const { return snapshot_.has_value(); }

 private:
  Connection& database_;
  const Clock now_;
  std::uint64_t generation_ = 0;
  std::chrono::steady_clock::time_point begun_;
  std::optional<Snapshot> snapshot_;
};

}  // namespace tuanyuan::ledger
