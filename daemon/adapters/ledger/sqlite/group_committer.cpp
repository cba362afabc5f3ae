#include "adapters/ledger/sqlite/group_committer.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <exception>

namespace tuanyuan::ledger {
namespace {

/// Rows; a kilobyte of sealed bytes weighs as much as one.
std::size_t weight(const CommitJob& job) {
  constexpr std::size_t bytes_per_row = 1024;
  const ports::Commit& commit = job.commit;
  std::size_t bytes = 0;
  for (const ports::SealedDocument& document : commit.documents) {
    bytes += document.sealed.size();
  }
  for (const ports::SightingRow& sighting : commit.sightings) {
    bytes += sighting.sealed.size();
  }
  return 1 + commit.entries.size() + commit.documents.size() + commit.deliveries.size() +
         commit.delivery_updates.size() + commit.answers.size() + commit.sightings.size() +
         commit.recipients.size() + commit.presence.size() + bytes / bytes_per_row;
}
std::size_t weight(const ClaimJob& job) {
  return 1 + job.limit;
}
std::size_t weight(const ProbeJob&) {
  return 1;
}

/// Failed while the log was being flushed: the commit may be on disk or not.
struct FlushFailed {
  SqliteError error;
};

/// Whether an error at COMMIT leaves no doubt that nothing was committed: the last frame of the transaction,
/// which makes it valid, was not written. Only when flushing it failed, or what comes after, may it stand.
bool surely_nothing_written(int extended_code) {
  switch (extended_code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_READONLY:
      return true;
    default:
      return extended_code == SQLITE_IOERR_WRITE;
  }
}

/// Errors that are one job's own fault and not the disk's: the others of its group are worth another try.
bool is_of_one_job(const SqliteError& error) {
  return error.code() == SQLITE_CONSTRAINT || error.code() == SQLITE_TOOBIG || error.code() == SQLITE_MISMATCH;
}

void fail(WriteJob& job, const std::string& reason, bool unknown) {
  if (auto* claim = std::get_if<ClaimJob>(&job)) {
    claim->result.reset();
  } else if (auto* probe = std::get_if<ProbeJob>(&job)) {
    probe->result = reason;
  } else if (unknown) {
    std::get<CommitJob>(job).result.emplace(ports::UnknownCommit{reason});
  } else {
    std::get<CommitJob>(job).result.emplace(ports::NotCommitted{reason});
  }
}

void fail_all(std::vector<WriteJob>& group, const std::string& reason, bool unknown) {
  for (WriteJob& job : group) {
    fail(job, reason, unknown);
  }
}

bool changes_directory(const std::vector<WriteJob>& group) {
  return std::any_of(group.begin(), group.end(), [](const WriteJob& job) {
    const auto* commit = std::get_if<CommitJob>(&job);
    return commit != nullptr && Writer::changes_directory(commit->commit);
  });
}

void complete(CommitJob& job) {
  job.reply->complete(std::move(*job.result));
}
void complete(ClaimJob& job) {
  job.reply->complete(std::move(job.result));
}
void complete(ProbeJob& job) {
  job.reply->complete(std::move(job.result));
}

}  // namespace

GroupCommitter::GroupCommitter(boost::asio::any_io_executor executor, Connection connection,
                               Checkpointer& checkpointer, CommitLimits limits)
    : executor_(std::move(executor)),
      connection_(std::move(connection)),
      checkpointer_(checkpointer),
      limits_(limits),
      writer_(connection_, limits.answer_index_bytes_max),
      queue_(limits.queued_jobs_max, limits.queued_rows_max) {
  writer_.outbox().begin_anew();
  // A hook of our own also switches SQLite's checkpoints inside COMMIT off.
  sqlite3_wal_hook(
      connection_.handle(),
      [](void* checkpoints, sqlite3*, const char*, int pages) {
        static_cast<Checkpointer*>(checkpoints)->log_grew(static_cast<std::uint32_t>(pages));
        return SQLITE_OK;
      },
      &checkpointer_);
  thread_ = std::thread([this] { serve(); });
}

GroupCommitter::~GroupCommitter() {
  queue_.close();
  thread_.join();
}

bool GroupCommitter::submit(WriteJob job) {
  const std::size_t rows = std::visit([](const auto& waiting) { return weight(waiting); }, job);
  return queue_.push(std::move(job), rows);
}

CommitStatistics GroupCommitter::statistics() const {
  return {transactions_.load(), commits_.load(), rows_.load()};
}

void GroupCommitter::serve() {
  while (true) {
    checkpointer_.hold_at_bound();
    writer_.trim();
    Group group = queue_.take(limits_.group_rows_max);
    if (group.empty()) {
      return;
    }
    commit_group(group);
    // After COMMIT, or a reader could begin a snapshot before it under the new number and keep it; before the
    // answers, because who has one reads what it wrote. Also for what failed: whether it is there is not known.
    if (changes_directory(group)) {
      ++directory_changes_;
    }
    post(std::move(group));
  }
}

void GroupCommitter::commit_group(Group& group) {
  if (run_transaction(group) || group.size() == 1) {
    return;
  }
  for (WriteJob& job : group) {
    Group alone;
    alone.push_back(std::move(job));
    run_transaction(alone);
    job = std::move(alone.front());
  }
}

/// False: one of the jobs cannot be carried out, and nobody knows yet what that means for the others.
bool GroupCommitter::run_transaction(Group& group) {
  try {
    connection_.execute("BEGIN IMMEDIATE");
    for (WriteJob& job : group) {
      run_job(job);
    }
    flush();
    writer_.keep();
    ++transactions_;
    return true;
  } catch (const FlushFailed& failed) {
    roll_back();
    fail_all(group, failed.error.what(), !surely_nothing_written(failed.error.extended_code()));
    return true;
  } catch (const SqliteError& error) {
    roll_back();
    fail_all(group, error.what(), false);
    return !is_of_one_job(error);
  } catch (const std::exception& error) {
    roll_back();
    fail_all(group, error.what(), false);
    return false;
  }
}

void GroupCommitter::flush() {
  try {
    connection_.execute("COMMIT");
  } catch (const SqliteError& error) {
    throw FlushFailed{error};
  }
}

void GroupCommitter::run_job(WriteJob& job) {
  if (auto* commit = std::get_if<CommitJob>(&job)) {
    commit->result = writer_.write(commit->commit);
    ++commits_;
    rows_ += commit->commit.answers.size();
  } else if (auto* claim = std::get_if<ClaimJob>(&job)) {
    claim->result = writer_.outbox().claim(claim->channel, claim->now, claim->lease_until, claim->limit);
  } else {
    writer_.probe();
    std::get<ProbeJob>(job).result.clear();
  }
}

void GroupCommitter::roll_back() {
  writer_.forget();
  if (!connection_.in_transaction()) {
    return;
  }
  try {
    connection_.execute("ROLLBACK");
  } catch (const SqliteError&) {
    // SQLite rolls back even when it answers an error here; the next BEGIN would tell otherwise.
  }
}

void GroupCommitter::post(Group group) {
  boost::asio::post(executor_, [answered = std::move(group)]() mutable {
    for (WriteJob& job : answered) {
      std::visit([](auto& done) { complete(done); }, job);
    }
  });
}

}  // namespace tuanyuan::ledger
