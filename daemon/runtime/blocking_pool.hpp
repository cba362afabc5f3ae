#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "runtime/reply.hpp"

namespace tuanyuan::runtime {

/// Threads for work that would hold up the loop: pictures, imports. The queue before them is bounded.
class BlockingPool {
 public:
  /// No threads: the work is done on the loop itself, in its turn, as the simulation wants it.
  BlockingPool(std::size_t threads, std::size_t queued_max);
  /// Does what is queued, then joins. Before the io_context goes.
  ~BlockingPool();
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  /// Calls `work` on a thread of the pool and resumes on the loop with what it returned, or threw. Nothing:
  /// the queue is full and `work` was not called. Loop thread. When the caller is cancelled the work is done
  /// all the same and its result dropped, so `work` must own what it uses.
  template <class Work, class T = std::invoke_result_t<Work&>>
  boost::asio::awaitable<std::optional<T>> run(Work work) {
    using Outcome = std::pair<std::exception_ptr, std::optional<T>>;
    const auto reply = std::make_shared<Reply<Outcome>>(co_await boost::asio::this_coro::executor);
    const auto shared_work = std::make_shared<Work>(std::move(work));
    std::function<void()> job = [reply, shared_work] { Reply<Outcome>::post(reply, attempt<T>(*shared_work)); };
    if (!submit(std::move(job))) {
      co_return std::nullopt;
    }
    Outcome outcome = co_await Reply<Outcome>::wait(reply);
    if (outcome.first) {
      std::rethrow_exception(outcome.first);
    }
    co_return std::move(outcome.second);
  }

 private:
  template <class T, class Work>
  static std::pair<std::exception_ptr, std::optional<T>> attempt(Work& work) {
    try {
      return {nullptr, std::optional<T>(work())};
    } catch (...) {
      return {std::current_exception(), std::nullopt};
    }
  }

  bool submit(std::function<void()> job);
  void serve();

  const std::size_t queued_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tuanyuan::runtime
