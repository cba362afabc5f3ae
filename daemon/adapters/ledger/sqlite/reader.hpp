#pragma once

#include <cstddef>
#include <functional>
#include <thread>

#include "adapters/ledger/sqlite/connection.hpp"
#include "adapters/ledger/sqlite/job_queue.hpp"

namespace tuanyuan::ledger {

/// The one thread that reads, on a connection of its own: reads never wait for a transaction. Each job begins
/// its snapshot when it runs, so it sees every commit that was answered before it was submitted.
class Reader {
 public:
  using Job = std::function<void(Connection&)>;

  Reader(Connection connection, std::size_t queued_max);
  /// Does what is queued, then joins.
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// Loop thread. False: the queue is full. The job must not throw.
  bool submit(Job job) { return queue_.push(std::move(job), 1); }

 private:
  void serve();

  Connection connection_;
  JobQueue<Job> queue_;
  std::thread thread_;
};

}  // namespace tuanyuan::ledger
