#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "adapters/ledger/sqlite/connection.hpp"

namespace tuanyuan::ledger {

struct CheckpointLimits {
  std::uint32_t start_pages = 4'000;  ///< a log of so many pages is carried over into the file
  std::uint32_t hold_pages = 32'000;  ///< one of so many holds up commits until it is
};

/// Carries the write-ahead log over into the database file on a thread of its own, so that no commit waits
/// for it, unless the log outgrows its bound: a log that is written all the time never begins anew, because
/// that needs a moment in which all of it is carried over.
class Checkpointer {
 public:
  Checkpointer(Connection connection, CheckpointLimits limits);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// The writer's thread, after each commit: how long the log is now.
  void log_grew(std::uint32_t pages);
  /// Any thread. Then nobody should stay in a snapshot: the log begins anew only when none reads in it.
  bool is_at_bound();
  /// The writer's thread, between transactions: waits for one checkpoint when the log is at its bound. When
  /// that one could not finish (a full disk, a reader that stays) commits go on all the same.
  void hold_at_bound();

 private:
  void serve();
  void checkpoint();

  Connection connection_;
  const CheckpointLimits limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint32_t log_pages_ = 0;
  std::uint64_t wanted_ = 0;
  std::uint64_t done_ = 0;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace tuanyuan::ledger
