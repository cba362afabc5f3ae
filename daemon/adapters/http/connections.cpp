#include "adapters/http/connections.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace tuanyuan::http {

void Connections::add(std::shared_ptr<Connection> connection) {
  empty_.reset();
  all_.insert(std::move(connection));
}

void Connections::remove(const std::shared_ptr<Connection>& connection) {
  all_.erase(connection);
  if (all_.empty()) {
    empty_.set();
  }
}

void Connections::expire(Connection& connection, ports::Clock::Steady grace_until) {
  switch (connection.phase_) {
    case Phase::idle:
    case Phase::reading:
      connection.timed_out_ = true;
      connection.enter(Phase::closing, grace_until);
      connection.interrupt();
      return;
    case Phase::streaming:
      connection.cut();
      connection.stop_stream_.emit(boost::asio::cancellation_type::terminal);
      return;
    default:
      connection.cut();
  }
}

void Connections::sweep(ports::Clock::Steady now, std::chrono::milliseconds grace) {
  // Ending one may take it out of the set.
  const std::vector<std::shared_ptr<Connection>> present(all_.begin(), all_.end());
  for (const auto& connection : present) {
    if (connection->deadline_ <= now) {
      expire(*connection, now + grace);
    }
  }
}

void Connections::drain(ports::Clock::Steady until) {
  const std::vector<std::shared_ptr<Connection>> present(all_.begin(), all_.end());
  for (const auto& connection : present) {
    connection->deadline_ = std::min(connection->deadline_, until);
    if (connection->phase_ == Phase::idle || connection->phase_ == Phase::streaming) {
      expire(*connection, until);
    }
  }
}

}  // namespace tuanyuan::http
