#include "adapters/push/idle_connections.hpp"

#include <iterator>
#include <utility>

namespace tuanyuan::push {

IdleConnections::IdleConnections(boost::asio::any_io_executor executor, ports::Clock& clock,
                                 const ClientLimits& limits)
    : clock_(clock), limits_(limits), sweeping_(std::move(executor)) {}

std::shared_ptr<HttpConnection> IdleConnections::take(const std::string& origin) {
  const auto found = kept_->of_origin.find(origin);
  if (found == kept_->of_origin.end()) {
    return nullptr;
  }
  std::shared_ptr<HttpConnection> taken;
  while (!taken && !found->second.empty()) {
    const List::iterator last = found->second.back();
    found->second.pop_back();
    if (last->until > clock_.steady_now() && !last->connection->is_stale()) {
      taken = std::move(last->connection);
    }
    kept_->list.erase(last);
  }
  if (found->second.empty()) {
    kept_->of_origin.erase(found);
  }
  return taken;
}

void IdleConnections::keep(const std::string& origin, std::shared_ptr<HttpConnection> connection) {
  const auto found = kept_->of_origin.find(origin);
  const bool are_many = found != kept_->of_origin.end() && found->second.size() >= limits_.idle_per_origin_max;
  if (are_many || limits_.idle_max == 0) {
    return;
  }
  if (kept_->list.size() >= limits_.idle_max) {
    kept_->drop_oldest();
  }
  kept_->list.push_back({origin, std::move(connection), clock_.steady_now() + limits_.idle_ms_max});
  kept_->of_origin[origin].push_back(std::prev(kept_->list.end()));
  if (!kept_->is_swept) {
    kept_->is_swept = sweeping_.spawn(sweep(kept_, clock_));
  }
}

void IdleConnections::Kept::drop_oldest() {
  const auto found = of_origin.find(list.front().origin);
  found->second.pop_front();
  if (found->second.empty()) {
    of_origin.erase(found);
  }
  list.pop_front();
}

boost::asio::awaitable<void> IdleConnections::sweep(std::shared_ptr<Kept> kept, ports::Clock& clock) {
  while (!kept->list.empty()) {
    co_await clock.sleep_until(kept->list.front().until);
    const ports::Clock::Steady now = clock.steady_now();
    while (!kept->list.empty() && kept->list.front().until <= now) {
      kept->drop_oldest();
    }
  }
  kept->is_swept = false;
}

}  // namespace tuanyuan::push
