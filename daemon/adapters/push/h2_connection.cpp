#include "adapters/push/h2_connection.hpp"

#include <algorithm>
#include <string_view>

namespace tuanyuan::push {

namespace asio = boost::asio;

H2Connection::H2Connection(asio::any_io_executor executor, const H2Limits& limits, Steady now)
    : limits_(limits),
      session_(limits.session),
      to_write_(std::move(executor)),
      since_(now),
      heard_at_(now),
      asked_at_(now) {}

void H2Connection::open(std::shared_ptr<Wire> wire, Steady now) {
  wire_ = std::move(wire);
  room_.resize(h2_read_bytes_max);
  heard_at_ = now;
  asked_at_ = now;
}

asio::awaitable<bool> H2Connection::read(std::shared_ptr<H2Connection> self, ports::Clock& clock) {
  const Wire::Moved moved = co_await self->wire_->read_some(self->room_);
  if (self->is_closed_) {
    co_return false;
  }
  self->heard_at_ = clock.steady_now();
  const bool goes_on = self->session_.receive(std::string_view(self->room_).substr(0, moved.size)) && !moved.error;
  self->to_write_.notify();
  co_return goes_on;
}

asio::awaitable<void> H2Connection::write(std::shared_ptr<H2Connection> self) {
  std::string bytes;
  while (!self->is_closed_) {
    self->session_.take_output(bytes);
    if (bytes.empty()) {
      co_await self->to_write_.wait();
    }
    for (std::string_view rest = bytes; !rest.empty() && !self->is_closed_;) {
      const Wire::Moved moved = co_await self->wire_->write_some({rest});
      rest.remove_prefix(moved.size);
      if (moved.error) {
        self->close();  // which ends the reading too
      }
    }
  }
}

void H2Connection::close() {
  is_closed_ = true;
  to_write_.notify();
  if (wire_) {
    wire_->close();
  }
}

bool H2Connection::take(const std::shared_ptr<H2Exchange>& exchange) {
  const std::shared_ptr<const HttpRequest> request(exchange, &exchange->request);
  const H2Session::StreamId stream = session_.submit(request);
  if (stream == 0) {
    return false;
  }
  exchange->at = this;
  exchange->stream = stream;
  ++exchange->tries;
  carried_.emplace(stream, exchange);
  to_write_.notify();
  return true;
}

bool H2Connection::give_up(const std::shared_ptr<H2Exchange>& exchange) {
  const bool has_left = session_.has_left(exchange->stream);
  session_.reset(exchange->stream);
  carried_.erase(exchange->stream);
  exchange->at = nullptr;
  to_write_.notify();
  return has_left;
}

std::vector<H2Connection::Ended> H2Connection::owned(std::vector<H2Session::Ended> ended) {
  std::vector<Ended> with_owner;
  with_owner.reserve(ended.size());
  for (H2Session::Ended& end : ended) {
    const auto found = carried_.find(end.stream);
    if (found != carried_.end()) {
      found->second->at = nullptr;
      with_owner.push_back({std::move(found->second), end.how, std::move(end.answer)});
      carried_.erase(found);
    }
  }
  return with_owner;
}

void H2Connection::ping(Steady now) {
  if (wire_ && !is_closed_ && !session_.awaits_ping()) {
    asked_at_ = now;
    has_asked_ = true;
    session_.ping();
    to_write_.notify();
  }
}

bool H2Connection::keep_alive(Steady now, Steady& next) {
  if (!wire_ || is_closed_) {
    return true;
  }
  if (session_.is_ready() && !session_.awaits_ping() && now >= heard_at_ + limits_.ping_after_ms) {
    ping(now);
  }
  const bool awaited = !session_.is_ready() || session_.awaits_ping();
  const Steady due = !session_.is_ready()     ? asked_at_ + limits_.settings_ms_max
                     : session_.awaits_ping() ? asked_at_ + limits_.ping_ms_max
                                              : heard_at_ + limits_.ping_after_ms;
  next = std::min(next, due);
  return !awaited || now < due;
}

}  // namespace tuanyuan::push
