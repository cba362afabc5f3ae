#pragma once

#include <list>
#include <memory>
#include <string>

#include "adapters/push/http_connection.hpp"
#include "adapters/push/limits.hpp"
#include "ports/clock.hpp"
#include "runtime/task_group.hpp"

namespace tuanyuan::push {

/// Connections that wait for their next request, a few of each origin, for a short while. Loop thread.
class IdleConnections {
 public:
  IdleConnections(boost::asio::any_io_executor executor, ports::Clock& clock, const ClientLimits& limits);
  ~IdleConnections() { clear(); }
  IdleConnections(const IdleConnections&) = delete;
  IdleConnections& operator=(const IdleConnections&) = delete;

  /// The one used last, which is the likeliest to be alive; none: there is none.
  std::shared_ptr<HttpConnection> take(const std::string& origin);
  void keep(std::string origin, std::shared_ptr<HttpConnection> connection);
  /// Closes the one that has been idle longest.
  void drop_oldest();
  std::size_t size() const { return kept_->list.size(); }
  void clear() { kept_->list.clear(); }

 private:
  struct Idle {
    std::string origin;
    std::shared_ptr<HttpConnection> connection;
    ports::Clock::Steady until;
  };
  /// Shared with the sweeping coroutine, which may be the last to go.
  struct Kept {
    std::list<Idle> list;  ///< the oldest first
    bool is_swept = false;
  };

  static boost::asio::awaitable<void> sweep(std::shared_ptr<Kept> kept, ports::Clock& clock);

  ports::Clock& clock_;
  ClientLimits limits_;
  std::shared_ptr<Kept> kept_ = std::make_shared<Kept>();
  runtime::TaskGroup sweeping_;
};

}  // namespace tuanyuan::push
