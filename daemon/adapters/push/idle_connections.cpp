#include "adapters/push/idle_connections.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tuanyuan::push {

IdleConnections::IdleConnections(boost::asio::any_io_executor executor, ports::Clock& clock,
                                 const ClientLimits& limits)
    : clock_(clock), limits_(limits), sweeping_(std::move(executor)) {}

std::shared_ptr<HttpConnection> IdleConnections::take(const std::string& origin) {
  auto& list = kept_->list;
  for (auto at = list.end(); at != list.begin();) {
    --at;
    if (at->origin != origin) {
      continue;
    }
    std::shared_ptr<HttpConnection> connection = std::move(at->connection);
    const bool is_good = at->until > clock_.steady_now() && !connection->is_stale();
    at = list.erase(at);
    if (is_good) {
      return connection;
    }
  }
  return nullptr;
}

void IdleConnections::keep(std::string origin, std::shared_ptr<HttpConnection> connection) {
  auto& list = kept_->list;
  const auto of_origin =
      std::count_if(list.begin(), list.end(), [&origin](const Idle& idle) { return idle.origin == origin; });
  if (static_cast<std::size_t>(of_origin) >= limits_.idle_per_origin_max) {
    return;
  }
  if (list.size() >= limits_.idle_max) {
    drop_oldest();
  }
  list.push_back({std::move(origin), std::move(connection), clock_.steady_now() + limits_.idle_ms_max});
  if (!kept_->is_swept) {
    kept_->is_swept = sweeping_.spawn(sweep(kept_, clock_));
  }
}

void IdleConnections::drop_oldest() {
  if (!kept_->list.empty()) {
    kept_->list.pop_front();
  }
}

boost::asio::awaitable<void> IdleConnections::sweep(std::shared_ptr<Kept> kept, ports::Clock& clock) {
  while (!kept->list.empty()) {
    co_await clock.sleep_until(kept->list.front().until);
    const ports::Clock::Steady now = clock.steady_now();
    kept->list.remove_if([now](const Idle& idle) { return idle.until <= now; });
  }
  kept->is_swept = false;
}

}  // namespace tuanyuan::push
