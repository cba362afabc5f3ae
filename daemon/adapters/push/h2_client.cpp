#include "adapters/push/h2_client.hpp"

#include <algorithm>
#include <utility>

namespace tuanyuan::push {
namespace {

namespace asio = boost::asio;

asio::awaitable<HttpResult> ready(HttpResult result) {
  co_return result;
}

/// Takes the exchange back however the wait ends: cancelled, or with the loop.
class Held {
 public:
  Held(std::shared_ptr<H2Pool> pool, std::shared_ptr<H2Exchange> exchange)
      : pool_(std::move(pool)), exchange_(std::move(exchange)) {
    pool_->add(exchange_);
  }
  ~Held() { pool_->forget(exchange_); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  std::shared_ptr<H2Pool> pool_;
  std::shared_ptr<H2Exchange> exchange_;
};

asio::awaitable<HttpResult> result_of(std::shared_ptr<H2Pool> pool, std::shared_ptr<H2Exchange> exchange) {
  const Held held(std::move(pool), exchange);
  while (!exchange->over.is_set()) {
    co_await exchange->over.changed();
  }
  co_return std::move(exchange->result);
}

}  // namespace

H2Client::H2Client(asio::any_io_executor executor, ports::Clock& clock, ports::Log& log, Resolver& resolver,
                   AddressGuard guard, std::shared_ptr<asio::ssl::context> tls, const H2Limits& limits)
    : executor_(executor),
      clock_(clock),
      log_(log),
      dialler_(std::make_shared<Dialler>(executor, clock, resolver, std::move(guard), std::move(tls), limits)),
      limits_(limits) {}

H2Client::~H2Client() {
  for (const auto& pool : pools_) {
    pool->close();
  }
}

std::shared_ptr<H2Pool> H2Client::find(const Url& origin) const {
  const auto found = std::find_if(pools_.begin(), pools_.end(),
                                  [&origin](const auto& pool) { return is_same_origin(pool->origin(), origin); });
  return found == pools_.end() ? nullptr : *found;
}

std::shared_ptr<H2Pool> H2Client::pool_of(const Url& origin) {
  auto pool = find(origin);
  if (pool) {
    return pool;
  }
  if (pools_.size() >= limits_.origins_max) {
    const auto idle = std::find_if(pools_.begin(), pools_.end(), [](const auto& each) { return each->is_idle(); });
    if (idle == pools_.end()) {
      return nullptr;
    }
    (*idle)->close();
    pools_.erase(idle);
  }
  return pools_.emplace_back(std::make_shared<H2Pool>(executor_, clock_, log_, dialler_, limits_, origin));
}

/// No coroutine itself, so that the request stands in memory once, in its exchange.
asio::awaitable<HttpResult> H2Client::request(HttpRequest request) {
  if (!is_sendable(request)) {
    return ready(HttpResult::not_sent(HttpFailure::malformed));
  }
  auto pool = pool_of(request.url);
  if (!pool) {
    return ready(HttpResult::not_sent(HttpFailure::overloaded));
  }
  return result_of(std::move(pool), std::make_shared<H2Exchange>(executor_, std::move(request)));
}

void H2Client::start_afresh(const Url& origin) {
  if (const auto pool = find(origin)) {
    pool->start_afresh();
  }
}

void H2Client::start_all_afresh() {
  for (const auto& pool : pools_) {
    pool->start_afresh();
  }
}

void H2Client::use(std::shared_ptr<asio::ssl::context> tls) {
  dialler_->use(std::move(tls));
  start_all_afresh();
}

void H2Client::use(AddressGuard guard) {
  dialler_->use(std::move(guard));
  start_all_afresh();
}

std::size_t H2Client::connections(const Url& origin) const {
  const auto pool = find(origin);
  return pool ? pool->connections() : 0;
}

}  // namespace tuanyuan::push
