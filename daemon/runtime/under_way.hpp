#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace tuanyuan::runtime {

/// Counts what is under way, for any number of coroutines to wait until nothing is. Loop thread.
class UnderWay {
  struct State {
    explicit State(boost::asio::any_io_executor executor);

    boost::asio::steady_timer gate;
    std::size_t count = 0;
    std::uint64_t ended = 0;  ///< how often the last of them has
  };

 public:
  explicit UnderWay(boost::asio::any_io_executor executor);

  /// Something that is under way until it is destroyed, however that comes about.
  class One {
   public:
    explicit One(const std::shared_ptr<State>& state);
    ~One();
    One(One&& other) noexcept = default;
    One& operator=(One&&) = delete;

   private:
    std::weak_ptr<State> state_;  ///< coroutines that a stopped loop left may go later than the counter
  };

  One begin() { return One(state_); }
  bool any() const { return state_->count != 0; }
  /// Ends once nothing is under way, also if more has begun since; when cancelled, by an exception as Asio's own
  /// waits do.
  boost::asio::awaitable<void> none();

 private:
  std::shared_ptr<State> state_;
};

}  // namespace tuanyuan::runtime
