#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace tuanyuan::ledger {

/// Hands jobs from the loop thread to one worker. Bounded by the number of jobs and by their weight together;
/// one job alone may be heavier than the bound.
template <class Job>
class JobQueue {
 public:
  JobQueue(std::size_t jobs_max, std::size_t weight_max) : jobs_max_(jobs_max), weight_max_(weight_max) {}

  /// False: full, and the job was not taken.
  bool push(Job job, std::size_t weight) {
    {
      const std::lock_guard lock(mutex_);
      if (jobs_.size() >= jobs_max_ || weight_ >= weight_max_) {
        return false;
      }
      jobs_.emplace_back(std::move(job), weight);
      weight_ += weight;
    }
    filled_.notify_one();
    return true;
  }

  /// Waits for a job at the most for so long. False: none has come, and the queue is open.
  bool await(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    return filled_.wait_for(lock, at_most, [this] { return closed_ || !jobs_.empty(); });
  }

  /// Waits for a job, then gives it and those behind it until they weigh `weight` together. None: the queue
  /// was closed and is empty.
  std::vector<Job> take(std::size_t weight) {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
    std::vector<Job> taken;
    std::size_t taken_weight = 0;
    while (!jobs_.empty() && (taken.empty() || taken_weight + jobs_.front().second <= weight)) {
      taken_weight += jobs_.front().second;
      taken.push_back(std::move(jobs_.front().first));
      jobs_.pop_front();
    }
    weight_ -= taken_weight;
    return taken;
  }

  /// Nothing is pushed after this; what is in it is still taken.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    filled_.notify_all();
  }

 private:
  const std::size_t jobs_max_;
  const std::size_t weight_max_;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::pair<Job, std::size_t>> jobs_;
  std::size_t weight_ = 0;
  bool closed_ = false;
};

}  // namespace tuanyuan::ledger
