#include "adapters/push/h2_pool.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace tuanyuan::push {

namespace asio = boost::asio;

H2Pool::H2Pool(asio::any_io_executor executor, ports::Clock& clock, ports::Log& log,
               std::shared_ptr<Dialler> dialler, const H2Limits& limits, Url origin)
    : executor_(executor),
      clock_(clock),
      log_(log),
      dialler_(std::move(dialler)),
      limits_(limits),
      origin_(std::move(origin)),
      wake_(executor),
      tasks_(executor) {}

void H2Pool::add(const ExchangePtr& exchange) {
  if (waiting_.size() >= limits_.waiting_max) {
    exchange->result = HttpResult::not_sent(HttpFailure::overloaded);
    exchange->over.set();
    return;
  }
  const Steady deadline = exchange->request.deadline;
  exchange->deadline = deadlines_.emplace_hint(deadlines_.end(), deadline, exchange);  // mostly the last
  waiting_.push_back(exchange);
  pump();
  if (!is_watched_) {
    is_watched_ = tasks_.spawn(watch(shared_from_this()));
  } else if (deadline < wakes_at_) {
    wake_.notify();
  }
}

void H2Pool::forget(const ExchangePtr& exchange) {
  if (exchange->over.is_set()) {
    return;
  }
  deadlines_.erase(exchange->deadline);
  if (exchange->at != nullptr) {
    exchange->at->give_up(exchange);
  } else {
    std::erase(waiting_, exchange);
  }
}

void H2Pool::finish(const ExchangePtr& exchange, HttpResult result) {
  deadlines_.erase(exchange->deadline);
  exchange->result = std::move(result);
  exchange->over.set();
}

void H2Pool::start_afresh() {
  for (const ConnectionPtr& connection : connections_) {
    connection->dismiss();
    if (connection->is_done()) {
      connection->close();
    }
  }
}

void H2Pool::close() {
  is_closed_ = true;
  for (const ConnectionPtr& connection : connections_) {
    connection->close();
  }
  tasks_.cancel_all();
}

H2Connection* H2Pool::least_loaded() const {
  H2Connection* best = nullptr;
  for (const ConnectionPtr& connection : connections_) {
    if (connection->room() > 0 && (best == nullptr || connection->carried() < best->carried())) {
      best = connection.get();
    }
  }
  return best;
}

void H2Pool::pump() {
  for (H2Connection* to = least_loaded(); to != nullptr && !waiting_.empty(); to = least_loaded()) {
    const ExchangePtr next = waiting_.front();
    if (!is_due(next->request)) {
      waiting_.pop_front();
      finish(next, HttpResult::not_sent(HttpFailure::not_due));
    } else if (to->take(next)) {
      waiting_.pop_front();
    }
  }
  if (waiting_.empty()) {
    return;
  }
  const auto taking = std::count_if(connections_.begin(), connections_.end(),
                                    [](const ConnectionPtr& connection) { return !connection->is_draining(); });
  const Steady now = clock_.steady_now();
  const bool is_trying =
      std::any_of(connections_.begin(), connections_.end(),
                  [now](const ConnectionPtr& connection) { return connection->is_promising(now); });
  // Those that only finish what they have count too, so that a gateway which closes each at once meets few.
  const bool may_dial = !is_trying && static_cast<std::size_t>(taking) < limits_.connections_max &&
                        connections_.size() < 2 * limits_.connections_max && now >= redial_at_;
  if (may_dial) {
    open_one();
  } else if (connections_.empty()) {
    fail_waiting(last_failure_);
  }
}

void H2Pool::open_one() {
  auto connection = std::make_shared<H2Connection>(executor_, limits_, clock_.steady_now());
  if (tasks_.spawn(run(shared_from_this(), connection))) {
    connections_.push_back(std::move(connection));
  }
}

asio::awaitable<void> H2Pool::run(std::shared_ptr<H2Pool> self, ConnectionPtr connection) {
  ports::Clock& clock = self->clock_;
  std::string protocol = "h2";
  Url url = self->origin_;
  const bool is_secure = url.is_secure;
  auto dialling =
      self->dialler_->dial(std::move(url), std::move(protocol), clock.steady_now() + self->limits_.dial_ms_max);
  Dialler::Dialled dialled = co_await std::move(dialling);
  if (self->is_closed_) {
    co_return;
  }
  if (dialled.wire && is_secure && dialled.wire->protocol() != "h2") {
    dialled.wire.reset();
    dialled.failure = HttpFailure::other_protocol;
  }
  if (!dialled.wire) {
    connection->close();
    self->lost(connection, dialled.failure);
    co_return;
  }
  connection->open(std::move(dialled.wire), clock.steady_now());
  self->tasks_.spawn(H2Connection::write(connection));
  self->wake_.notify();
  bool goes_on = true;
  while (goes_on && !connection->is_done()) {
    auto reading = H2Connection::read(connection, clock);
    goes_on = co_await std::move(reading);
    if (self->is_closed_) {
      co_return;
    }
    self->settle(connection->take_ended());
    self->pump();
    if (connection->take_pong()) {
      self->wake_.notify();  // the next is due at another time
    }
  }
  connection->close();
  self->lost(connection, HttpFailure::broken_off);
}

void H2Pool::settle(std::vector<H2Connection::Ended> ended) {
  for (auto end = ended.rbegin(); end != ended.rend();
       ++end) {  // from the end: those that go back keep their order
    const ExchangePtr& exchange = end->exchange;
    if (end->how == H2Session::How::answered) {
      failures_ = 0;
      finish(exchange, HttpResult::answered(std::move(end->answer)));
    } else if (end->how == H2Session::How::broken) {
      finish(exchange, HttpResult::unknown(HttpFailure::broken_off));
    } else if (exchange->tries >= limits_.tries_max) {
      finish(exchange, HttpResult::not_sent(HttpFailure::broken_off));
    } else {
      waiting_.push_front(exchange);
    }
  }
}

void H2Pool::fail_waiting(HttpFailure why) {
  for (const ExchangePtr& exchange : std::exchange(waiting_, {})) {
    finish(exchange, HttpResult::not_sent(why));
  }
}

void H2Pool::lost(const ConnectionPtr& connection, HttpFailure why) {
  if (!connection->farewell().empty()) {
    log_.write(ports::Severity::info, "gateway.goaway", {{"reason", connection->farewell()}});
  }
  settle(connection->abandon());
  std::erase(connections_, connection);
  if (!connection->has_answered() && !connection->is_dismissed()) {
    const auto doubled = limits_.redial_ms_min * (1U << std::min<std::size_t>(failures_, 10));
    redial_at_ = clock_.steady_now() + std::min<std::chrono::milliseconds>(doubled, limits_.redial_ms_max);
    last_failure_ = why;
    ++failures_;
    if (connections_.empty()) {
      fail_waiting(why);
    }
  }
  pump();
}

H2Pool::Steady H2Pool::look_after() {
  const Steady now = clock_.steady_now();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const ExchangePtr exchange = deadlines_.begin()->second;
    H2Connection* at = exchange->at;
    if (at == nullptr) {
      std::erase(waiting_, exchange);
      finish(exchange, HttpResult::not_sent(HttpFailure::no_connection));
    } else {
      const bool has_left = at->give_up(exchange);
      at->ping(now);  // is it the gateway that is slow, or the connection that is dead?
      finish(exchange, has_left ? HttpResult::unknown(HttpFailure::timed_out)
                                : HttpResult::not_sent(HttpFailure::timed_out));
    }
  }
  Steady next = deadlines_.empty() ? Steady::max() : deadlines_.begin()->first;
  for (const ConnectionPtr& connection : connections_) {
    if (!connection->keep_alive(now, next) || connection->is_done()) {
      connection->close();
    }
  }
  pump();
  if (!waiting_.empty()) {
    if (redial_at_ > now) {
      next = std::min(next, redial_at_);
    }
    for (const ConnectionPtr& connection : connections_) {
      if (connection->is_promising(now)) {
        next = std::min(next, connection->promising_until());
      }
    }
  }
  return next;
}

asio::awaitable<void> H2Pool::watch(std::shared_ptr<H2Pool> self) {
  for (;;) {
    const Steady next = self->look_after();
    if (self->is_idle() && self->connections_.empty()) {
      self->is_watched_ = false;
      co_return;
    }
    self->wakes_at_ = next;
    co_await self->wake_.wait_until(self->clock_, next);
    self->wakes_at_ = Steady::min();  // being looked after
  }
}

}  // namespace tuanyuan::push
