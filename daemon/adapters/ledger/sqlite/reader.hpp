#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>

#include "adapters/ledger/sqlite/connection.hpp"
#include "adapters/ledger/sqlite/held_snapshot.hpp"
#include "adapters/ledger/sqlite/job_queue.hpp"

namespace tuanyuan::ledger {

/// After so long without a job a snapshot is let go: one that stays keeps the log from beginning anew.
inline constexpr std::chrono::milliseconds held_snapshot_idle_max{100};

/// What a job has to see as it is now: everything, or the directory, of which alone it then reads.
enum class Sees { everything, directory };

/// The one thread that reads, on a connection of its own: reads never wait for a transaction. Each job sees
/// every commit that was answered before it was submitted, of those that changed what it has to see.
class Reader {
 public:
  /// False: it could not read. Must not throw.
  using Job = std::function<bool(Connection&)>;
  /// The number of changes to the directory so far, of which each is counted before it is answered. Nothing:
  /// no snapshot may stay. Asked on the reader's thread.
  using Generation = std::function<std::optional<std::uint64_t>()>;

  Reader(Connection connection, std::size_t queued_max, Generation directory,
         HeldSnapshot::Clock now = std::chrono::steady_clock::now);
  /// Does what is queued, then joins.
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// Loop thread. False: the queue is full.
  bool submit(Job job, Sees sees) { return queue_.push({std::move(job), sees}, 1); }

 private:
  struct Asked {
    Job job;
    Sees sees;
  };

  void serve();
  void prepare(Sees sees);

  Connection connection_;
  const Generation directory_;
  HeldSnapshot snapshot_;
  JobQueue<Asked> queue_;
  std::thread thread_;
};

}  // namespace tuanyuan::ledger
