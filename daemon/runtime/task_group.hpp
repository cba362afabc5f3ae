#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>

namespace tuanyuan::runtime {

/// Owns coroutines, so that none runs unseen: whoever starts them can stop them and wait for their end. Loop
/// thread.
class TaskGroup {
 public:
  /// What to do with an exception that leaves a task. It means a programming error: the default throws it
  /// on, out of io_context::run.
  using OnFailure = std::function<void(std::exception_ptr)>;

  explicit TaskGroup(boost::asio::any_io_executor executor, std::size_t tasks_max = tasks_max_default,
                     OnFailure on_failure = {});
  /// Cancels what still runs. Tasks that use their owner must have been joined before it goes.
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts the task soon. False, and the task never runs: the group is full, or cancelled.
  bool spawn(boost::asio::awaitable<void> task);

  /// Asks every task to end (terminal cancellation: its next co_await throws operation_aborted, which is no
  /// failure) and takes no new ones.
  void cancel_all();

  /// Ends when no task is left.
  boost::asio::awaitable<void> join();

  std::size_t size() const;

  static constexpr std::size_t tasks_max_default = 4096;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tuanyuan::runtime
