#include "runtime/turns.hpp"

#include <boost/asio/this_coro.hpp>

namespace tuanyuan::runtime {

Turns::Turn::~Turn() {
  if (const std::shared_ptr<Taken> taken = taken_.lock()) {
    const auto ended = taken->extract(name_);
    ended.mapped()->set();
  }
}

boost::asio::awaitable<Turns::Turn> Turns::take(std::string name) {
  for (auto taken = taken_->find(name); taken != taken_->end(); taken = taken_->find(name)) {
    const std::shared_ptr<Event> end = taken->second;
    co_await end->wait();
  }
  boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  taken_->emplace(name, std::make_shared<Event>(std::move(executor)));
  Turn turn(taken_, std::move(name));
  co_return std::move(turn);
}

}  // namespace tuanyuan::runtime
