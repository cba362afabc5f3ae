#include "runtime/under_way.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace tuanyuan::runtime {

UnderWay::State::State(boost::asio::any_io_executor executor)
    : gate(std::move(executor), boost::asio::steady_timer::time_point::max()) {}

UnderWay::UnderWay(boost::asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

UnderWay::One::One(const std::shared_ptr<State>& state) : state_(state) {
  ++state->count;
}

UnderWay::One::~One() {
  const std::shared_ptr<State> state = state_.lock();
  if (state && --state->count == 0) {
    ++state->ended;
    state->gate.cancel();
  }
}

boost::asio::awaitable<void> UnderWay::none() {
  const std::uint64_t ended = state_->ended;
  while (any() && state_->ended == ended) {
    co_await state_->gate.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
}

}  // namespace tuanyuan::runtime
