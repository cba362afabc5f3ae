#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "adapters/ledger/sqlite/checkpointer.hpp"
#include "adapters/ledger/sqlite/job_queue.hpp"
#include "adapters/ledger/sqlite/writer.hpp"
#include "ports/ledger.hpp"
#include "runtime/reply.hpp"

namespace tuanyuan::ledger {

struct CommitJob {
  ports::Commit commit;
  std::shared_ptr<runtime::Reply<ports::CommitResult>> reply;
  std::optional<ports::CommitResult> result;
};

struct ClaimJob {
  core::ChannelKind channel = core::ChannelKind::mqtt;
  core::Instant now;
  core::Instant lease_until;
  std::size_t limit = 0;
  std::shared_ptr<runtime::Reply<ports::Read<std::vector<core::Delivery>>>> reply;
  ports::Read<std::vector<core::Delivery>> result;
};

/// Finds out whether anything can be committed now; the answer is what is wrong, or empty.
struct ProbeJob {
  std::shared_ptr<runtime::Reply<std::string>> reply;
  std::string result;
};

using WriteJob = std::variant<CommitJob, ClaimJob, ProbeJob>;

struct CommitLimits {
  std::size_t queued_jobs_max = 4'096;
  std::size_t queued_rows_max = 400'000;  ///< a kilobyte of sealed bytes counts as a row
  std::size_t group_rows_max = 20'000;    ///< in one transaction, unless one commit alone has more
  std::size_t answer_index_bytes_max = std::size_t{256} << 20;
};

struct CommitStatistics {
  std::uint64_t transactions = 0;
  std::uint64_t commits = 0;
  std::uint64_t rows = 0;
};

/// The one thread that writes. What waits when it comes round becomes one transaction and one flush; every
/// commit's conditions are checked before its writes, so that a conflict undoes nobody else's. Answers are
/// posted to the loop in the order of the calls, after the flush: durable before acknowledged (promise 1).
class GroupCommitter {
 public:
  GroupCommitter(boost::asio::any_io_executor executor, Connection connection, Checkpointer& checkpointer,
                 CommitLimits limits);
  /// Commits what is queued, then joins.
  ~GroupCommitter();
  GroupCommitter(const GroupCommitter&) = delete;
  GroupCommitter& operator=(const GroupCommitter&) = delete;

  /// Loop thread. False: the queue is full.
  bool submit(WriteJob job);
  /// Any thread.
  CommitStatistics statistics() const;
  /// Any thread: how often the directory may have changed, as far as anybody has been told.
  std::uint64_t directory_changes() const { return directory_changes_; }

 private:
  using Group = std::vector<WriteJob>;

  void serve();
  void commit_group(Group& group);
  bool run_transaction(Group& group);
  void run_job(WriteJob& job);
  void flush();
  void roll_back();
  void post(Group group);

  boost::asio::any_io_executor executor_;
  Connection connection_;
  Checkpointer& checkpointer_;
  const CommitLimits limits_;
  Writer writer_;
  JobQueue<WriteJob> queue_;
  std::atomic<std::uint64_t> transactions_{0};
  std::atomic<std::uint64_t> commits_{0};
  std::atomic<std::uint64_t> rows_{0};
  std::atomic<std::uint64_t> directory_changes_{0};
  std::thread thread_;
};

}  // namespace tuanyuan::ledger
