#include "adapters/push/places.hpp"

#include <utility>

#include "runtime/with_timeout.hpp"

namespace tuanyuan::push {

struct Places::State {
  State(boost::asio::any_io_executor where, std::size_t most, std::size_t waiting)
      : executor(std::move(where)), free(most), places_max(most), waiting_max(waiting) {}

  boost::asio::any_io_executor executor;
  std::size_t free;
  std::size_t places_max;
  std::size_t waiting_max;
  std::list<std::shared_ptr<runtime::Event>> queue;  ///< each is set when a place is handed on to it

  void give_back() {
    if (queue.empty()) {
      ++free;
      return;
    }
    const auto next = std::move(queue.front());
    queue.pop_front();
    next->set();
  }
};

namespace {

/// Leaves the queue however the wait ends: cancelled, or with the loop.
template <class State>
class Turn {
 public:
  explicit Turn(std::shared_ptr<State> state)
      : state_(std::move(state)), called_(std::make_shared<runtime::Event>(state_->executor)) {
    state_->queue.push_back(called_);
  }
  ~Turn() {
    if (!called_->is_set()) {
      state_->queue.remove(called_);
    } else if (!is_taken_) {
      state_->give_back();
    }
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  static boost::asio::awaitable<void> wait(std::shared_ptr<runtime::Event> called) { co_await called->wait(); }
  boost::asio::awaitable<void> wait() { return wait(called_); }
  bool is_called() const { return called_->is_set(); }
  void take() { is_taken_ = true; }

 private:
  std::shared_ptr<State> state_;
  std::shared_ptr<runtime::Event> called_;
  bool is_taken_ = false;
};

}  // namespace

Places::Place& Places::Place::operator=(Place&& other) noexcept {
  if (this != &other) {
    leave();
    state_ = std::move(other.state_);
  }
  return *this;
}

void Places::Place::leave() {
  if (state_) {
    std::exchange(state_, nullptr)->give_back();
  }
}

Places::Places(boost::asio::any_io_executor executor, std::size_t places_max, std::size_t waiting_max)
    : state_(std::make_shared<State>(std::move(executor), places_max, waiting_max)) {}

boost::asio::awaitable<Places::Place> Places::take(ports::Clock& clock, ports::Clock::Steady deadline) {
  const auto state = state_;
  if (state->free > 0) {
    --state->free;
    co_return Place(state);
  }
  Turn<State> turn(state);
  co_await runtime::with_timeout(clock, turn.wait(), deadline);
  if (!turn.is_called()) {
    co_return Place();
  }
  turn.take();
  co_return Place(state);
}

bool Places::is_full() const {
  return state_->free == 0 && state_->queue.size() >= state_->waiting_max;
}

std::size_t Places::taken() const {
  return state_->places_max - state_->free;
}

}  // namespace tuanyuan::push
