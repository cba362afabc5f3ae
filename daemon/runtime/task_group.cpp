#include "runtime/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <list>
#include <utility>
#include <vector>

#include "runtime/event.hpp"
#include "runtime/with_timeout.hpp"

namespace tuanyuan::runtime {

namespace {
struct Task {
  boost::asio::cancellation_signal signal;
  bool ended = false;
};
}  // namespace

struct TaskGroup::State {
  State(boost::asio::any_io_executor where, std::size_t most, OnFailure failed)
      : executor(std::move(where)), tasks_max(most), on_failure(std::move(failed)), empty(executor) {
    empty.set();
  }

  boost::asio::any_io_executor executor;
  std::size_t tasks_max;
  OnFailure on_failure;
  std::list<std::shared_ptr<Task>> tasks;
  Event empty;
  bool cancelled = false;

  void end(std::list<std::shared_ptr<Task>>::iterator place, const std::exception_ptr& failure) {
    (*place)->ended = true;
    tasks.erase(place);
    if (tasks.empty()) {
      empty.set();
    }
    if (!failure || detail::is_cancellation(failure)) {
      return;
    }
    if (!on_failure) {
      std::rethrow_exception(failure);
    }
    on_failure(failure);
  }

  void cancel() {
    cancelled = true;
    // Emitting may end tasks, which leave the list; and one that has ended must not be signalled, since Asio
    // 1.81 keeps a bare pointer to it.
    const std::vector<std::shared_ptr<Task>> running(tasks.begin(), tasks.end());
    for (const auto& task : running) {
      if (!task->ended) {
        task->signal.emit(boost::asio::cancellation_type::terminal);
      }
    }
  }
};

TaskGroup::TaskGroup(boost::asio::any_io_executor executor, std::size_t tasks_max, OnFailure on_failure)
    : state_(std::make_shared<State>(std::move(executor), tasks_max, std::move(on_failure))) {}

TaskGroup::~TaskGroup() {
  state_->cancel();
}

bool TaskGroup::spawn(boost::asio::awaitable<void> task) {
  if (state_->cancelled || state_->tasks.size() >= state_->tasks_max) {
    return false;
  }
  state_->empty.reset();
  const auto place = state_->tasks.insert(state_->tasks.end(), std::make_shared<Task>());
  auto on_end = [state = state_, place](std::exception_ptr failure) { state->end(place, failure); };
  boost::asio::co_spawn(state_->executor, std::move(task),
                        boost::asio::bind_cancellation_slot((*place)->signal.slot(), std::move(on_end)));
  return true;
}

void TaskGroup::cancel_all() {
  state_->cancel();
}

boost::asio::awaitable<void> TaskGroup::join() {
  const auto state = state_;
  co_await state->empty.wait();
}

std::size_t TaskGroup::size() const {
  return state_->tasks.size();
}

}  // namespace tuanyuan::runtime
