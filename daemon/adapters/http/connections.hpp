#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <set>

#include "ports/clock.hpp"
#include "runtime/event.hpp"

namespace tuanyuan::http {

/// What a connection waits for; it decides what its deadline means.
enum class Phase {
  handshake,
  idle,       ///< for a request
  reading,    ///< for the rest of one
  answering,  ///< for a desk
  writing,
  streaming,  ///< for events
  closing,
};

/// A connection as far as its deadlines and its end are concerned. Loop thread.
class Connection {
 public:
  virtual ~Connection() = default;

  /// Ends what is read or written now; the connection can still answer and close in good order.
  virtual void interrupt() = 0;
  /// Closes the socket under whatever goes on.
  virtual void cut() = 0;

  void enter(Phase phase, ports::Clock::Steady deadline) {
    phase_ = phase;
    deadline_ = deadline;
  }
  Phase phase() const { return phase_; }
  ports::Clock::Steady deadline() const { return deadline_; }
  /// It was interrupted because its time was over.
  bool timed_out() const { return timed_out_; }

  /// Cancels a stream of events; everything else is ended by its socket, because a desk must not be left
  /// between a commit and what follows from it.
  boost::asio::cancellation_signal& stop_stream() { return stop_stream_; }

 private:
  friend class Connections;
  Phase phase_ = Phase::handshake;
  ports::Clock::Steady deadline_{};
  bool timed_out_ = false;
  boost::asio::cancellation_signal stop_stream_;
};

/// All connections of a listener, and the keeping of their deadlines: one sweep for all, so that a request costs
/// no timer. Loop thread.
class Connections {
 public:
  explicit Connections(boost::asio::any_io_executor executor) : empty_(std::move(executor)) { empty_.set(); }

  void add(std::shared_ptr<Connection> connection);
  void remove(const std::shared_ptr<Connection>& connection);
  std::size_t size() const { return all_.size(); }

  /// Ends what is overdue. Who is interrupted while reading gets `grace` to answer that it was too slow.
  void sweep(ports::Clock::Steady now, std::chrono::milliseconds grace);
  /// Ends who waits for a request or for events, and gives everybody else no longer than `until`.
  void drain(ports::Clock::Steady until);
  /// Stops waiting for those whose desk does not answer.
  void abandon() { empty_.set(); }
  /// Ends when none is left, or they are abandoned.
  boost::asio::awaitable<void> all_gone() { return empty_.wait(); }

 private:
  static void expire(Connection& connection, ports::Clock::Steady grace_until);

  std::set<std::shared_ptr<Connection>> all_;
  runtime::Event empty_;
};

}  // namespace tuanyuan::http
