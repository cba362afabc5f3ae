#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapters/push/h2_session.hpp"
#include "adapters/push/http.hpp"
#include "adapters/push/wire.hpp"
#include "ports/clock.hpp"
#include "runtime/event.hpp"

namespace tuanyuan::push {

struct H2Exchange;
/// Of all exchanges, the next to be due first.
using H2Deadlines = std::multimap<ports::Clock::Steady, std::shared_ptr<H2Exchange>>;

/// One request on its way to its answer, over as many connections as it takes.
struct H2Exchange {
  H2Exchange(boost::asio::any_io_executor executor, HttpRequest what)
      : request(std::move(what)), over(std::move(executor)) {}

  HttpRequest request;
  HttpResult result;
  runtime::Event over;             ///< set once there is a result
  H2Deadlines::iterator deadline;  ///< until there is a result
  std::size_t tries = 0;
  class H2Connection* at = nullptr;  ///< null: it waits
  H2Session::StreamId stream = 0;
};

/// One HTTP/2 connection: a session, the wire under it and the exchanges on it. It is made without a wire, and
/// takes requests once it has got one and the other side's SETTINGS. Loop thread.
class H2Connection {
 public:
  using Steady = ports::Clock::Steady;
  struct Ended {
    std::shared_ptr<H2Exchange> exchange;
    H2Session::How how;
    HttpAnswer answer;
  };

  H2Connection(boost::asio::any_io_executor executor, const H2Limits& limits, Steady now);

  /// `now`: from here on it has `settings_ms_max` to say its SETTINGS.
  void open(std::shared_ptr<Wire> wire, Steady now);
  /// Reads once. False: the connection is at its end.
  static boost::asio::awaitable<bool> read(std::shared_ptr<H2Connection> self, ports::Clock& clock);
  /// Writes what there is to write, until the connection is closed.
  static boost::asio::awaitable<void> write(std::shared_ptr<H2Connection> self);
  /// Ends both.
  void close();

  std::size_t room() const { return is_closed_ || !wire_ ? 0 : session_.room(); }
  std::size_t carried() const { return carried_.size(); }
  /// Only where there is room. False: it did not take it after all.
  bool take(const std::shared_ptr<H2Exchange>& exchange);
  /// Its time is over. True: something of it may have left.
  bool give_up(const std::shared_ptr<H2Exchange>& exchange);
  std::vector<Ended> take_ended() { return owned(session_.take_ended()); }
  std::vector<Ended> abandon() { return owned(session_.abandon()); }

  /// It takes no more, through no fault of its own.
  void dismiss() {
    is_dismissed_ = true;
    session_.drain();
  }
  bool is_dismissed() const { return is_dismissed_; }
  /// Neither takes anything more nor carries anything.
  bool is_done() const { return session_.is_draining() && carried_.empty(); }
  bool is_draining() const { return is_closed_ || session_.is_draining(); }
  bool has_answered() const { return session_.has_answered(); }
  /// It still has to show whether it is of any use, and there is reason to wait for that.
  bool is_promising(Steady now) const {
    return !is_draining() && !session_.has_answered() && now < promising_until();
  }
  Steady promising_until() const { return since_ + limits_.probe_ms_max; }
  const std::string& farewell() const { return session_.farewell(); }

  /// Once for each PING that was answered.
  bool take_pong() { return !session_.awaits_ping() && std::exchange(has_asked_, false); }
  /// Asks whether the other side is still there.
  void ping(Steady now);
  /// Sees to PINGs; false: the other side has been silent for too long. `next`: when to look again.
  bool keep_alive(Steady now, Steady& next);

 private:
  std::vector<Ended> owned(std::vector<H2Session::Ended> ended);

  const H2Limits& limits_;
  H2Session session_;
  std::shared_ptr<Wire> wire_;
  runtime::Notifier to_write_;
  std::unordered_map<H2Session::StreamId, std::shared_ptr<H2Exchange>> carried_;
  std::string room_;
  Steady since_;
  Steady heard_at_;
  Steady asked_at_;  ///< when the PING that is awaited was sent
  bool has_asked_ = false;
  bool is_dismissed_ = false;
  bool is_closed_ = false;
};

}  // namespace tuanyuan::push
