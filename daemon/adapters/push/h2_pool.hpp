#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "adapters/push/dialler.hpp"
#include "adapters/push/h2_connection.hpp"
#include "adapters/push/limits.hpp"
#include "ports/clock.hpp"
#include "ports/log.hpp"
#include "runtime/event.hpp"
#include "runtime/task_group.hpp"

namespace tuanyuan::push {

/// The connections to one origin, and the requests that wait for one. A further connection is made when all
/// that there are have shown that they work, and are full. What the other side has not looked at goes on by
/// another connection, what it may have carried out ends as unknown. Loop thread; kept by its coroutines.
class H2Pool : public std::enable_shared_from_this<H2Pool> {
 public:
  H2Pool(boost::asio::any_io_executor executor, ports::Clock& clock, ports::Log& log,
         std::shared_ptr<Dialler> dialler, const H2Limits& limits, Url origin);

  /// Its result is set in any case.
  void add(const std::shared_ptr<H2Exchange>& exchange);
  /// Nobody waits for it any more.
  void forget(const std::shared_ptr<H2Exchange>& exchange);
  /// Those that there are take no further requests.
  void start_afresh();
  /// Ends everything; unfinished exchanges get no result.
  void close();

  const Url& origin() const { return origin_; }
  bool is_idle() const { return waiting_.empty() && deadlines_.empty(); }
  std::size_t connections() const { return connections_.size(); }

 private:
  using Steady = ports::Clock::Steady;
  using ConnectionPtr = std::shared_ptr<H2Connection>;
  using ExchangePtr = std::shared_ptr<H2Exchange>;

  static boost::asio::awaitable<void> run(std::shared_ptr<H2Pool> self, ConnectionPtr connection);
  static boost::asio::awaitable<void> watch(std::shared_ptr<H2Pool> self);

  void pump();
  void open_one();
  H2Connection* least_loaded() const;
  void settle(std::vector<H2Connection::Ended> ended);
  void finish(const ExchangePtr& exchange, HttpResult result);
  void fail_waiting(HttpFailure why);
  void lost(const ConnectionPtr& connection, HttpFailure why);
  /// Deals with what is due, and says when to look again.
  Steady look_after();

  boost::asio::any_io_executor executor_;
  ports::Clock& clock_;
  ports::Log& log_;
  std::shared_ptr<Dialler> dialler_;
  H2Limits limits_;
  Url origin_;
  std::vector<ConnectionPtr> connections_;
  std::deque<ExchangePtr> waiting_;
  H2Deadlines deadlines_;
  runtime::Notifier wake_;
  Steady wakes_at_ = Steady::max();
  bool is_watched_ = false;
  bool is_closed_ = false;
  std::size_t failures_ = 0;  ///< connections in a row that came to nothing
  HttpFailure last_failure_ = HttpFailure::none;
  Steady redial_at_{};
  runtime::TaskGroup tasks_;
};

}  // namespace tuanyuan::push
