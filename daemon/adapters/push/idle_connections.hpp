#pragma once

#include <deque>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

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
  /// Where there are too many, the one that has been idle longest goes.
  void keep(const std::string& origin, std::shared_ptr<HttpConnection> connection);
  std::size_t size() const { return kept_->list.size(); }
  void clear() { *kept_ = Kept(kept_->is_swept); }

 private:
  struct Idle {
    std::string origin;
    std::shared_ptr<HttpConnection> connection;
    ports::Clock::Steady until;
  };
  using List = std::list<Idle>;
  /// Shared with the sweeping coroutine, which may be the last to go.
  struct Kept {
    explicit Kept(bool swept = false) : is_swept(swept) {}

    List list;  ///< the oldest first
    std::unordered_map<std::string, std::deque<List::iterator>>
        of_origin;  ///< as the list has them; none is empty
    bool is_swept;

    void drop_oldest();
  };

  static boost::asio::awaitable<void> sweep(std::shared_ptr<Kept> kept, ports::Clock& clock);

  ports::Clock& clock_;
  ClientLimits limits_;
  std::shared_ptr<Kept> kept_ = std::make_shared<Kept>();
  runtime::TaskGroup sweeping_;
};

}  // namespace tuanyuan::push
