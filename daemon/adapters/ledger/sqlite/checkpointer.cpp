#include "adapters/ledger/sqlite/checkpointer.hpp"

namespace tuanyuan::ledger {

Checkpointer::Checkpointer(Connection connection, CheckpointLimits limits)
    : connection_(std::move(connection)), limits_(limits), thread_([this] { serve(); }) {}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Checkpointer::log_grew(std::uint32_t pages) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    log_pages_ = pages;
    if (pages >= limits_.start_pages && wanted_ == done_) {
      ++wanted_;
      wake = true;
    }
  }
  if (wake) {
    changed_.notify_all();
  }
}

bool Checkpointer::is_at_bound() {
  const std::lock_guard lock(mutex_);
  return log_pages_ >= limits_.hold_pages;
}

void Checkpointer::hold_at_bound() {
  std::unique_lock lock(mutex_);
  if (log_pages_ < limits_.hold_pages) {
    return;
  }
  // One that is under way does not do: it began before the last commit.
  const std::uint64_t ticket = wanted_ = wanted_ + 1;
  changed_.notify_all();
  changed_.wait(lock, [this, ticket] { return closing_ || done_ >= ticket; });
}

void Checkpointer::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closing_ || wanted_ > done_; });
    if (closing_) {
      return;
    }
    const std::uint64_t ticket = wanted_;
    lock.unlock();
    checkpoint();
    lock.lock();
    done_ = ticket;
    changed_.notify_all();
  }
}

void Checkpointer::checkpoint() {
  // An error is met again by the next one, and by commits if it concerns them; the log keeps what it holds.
  sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

}  // namespace tuanyuan::ledger
