#include "runtime/blocking_pool.hpp"

namespace tuanyuan::runtime {

BlockingPool::BlockingPool(std::size_t threads, std::size_t queued_max) : queued_max_(queued_max) {
  threads_.reserve(threads);
  for (std::size_t index = 0; index < threads; ++index) {
    threads_.emplace_back([this] { serve(); });
  }
}

BlockingPool::~BlockingPool() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

bool BlockingPool::submit(std::function<void()> job) {
  if (threads_.empty()) {
    job();
    return true;
  }
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= queued_max_) {
      return false;
    }
    queue_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void BlockingPool::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    if (queue_.empty()) {
      return;
    }
    std::function<void()> job = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
  }
}

}  // namespace tuanyuan::runtime
