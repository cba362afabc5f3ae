#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <list>
#include <memory>

#include "ports/clock.hpp"
#include "runtime/event.hpp"

namespace tuanyuan::push {

/// So many at a time, the others in a queue, first come, first served. Loop thread.
class Places {
  struct State;

 public:
  /// A place until it is destroyed, unless nobody got one.
  class Place {
   public:
    Place() = default;
    explicit Place(std::shared_ptr<State> state) : state_(std::move(state)) {}
    ~Place() { leave(); }
    Place(Place&& other) noexcept : state_(std::move(other.state_)) {}
    Place& operator=(Place&& other) noexcept;
    explicit operator bool() const { return state_ != nullptr; }

   private:
    void leave();
    std::shared_ptr<State> state_;
  };

  Places(boost::asio::any_io_executor executor, std::size_t places_max, std::size_t waiting_max);

  /// No place: none was free by then.
  boost::asio::awaitable<Place> take(ports::Clock& clock, ports::Clock::Steady deadline);
  /// The queue is full too: nobody should even try.
  bool is_full() const;
  std::size_t taken() const;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace tuanyuan::push
