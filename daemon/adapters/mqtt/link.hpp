#pragma once

#include <string>
#include <vector>

#include "adapters/mqtt/connection.hpp"
#include "adapters/mqtt/paho_client.hpp"
#include "ports/entropy.hpp"
#include "ports/log.hpp"
#include "runtime/event.hpp"
#include "runtime/task_group.hpp"

namespace tuanyuan::mqtt {

/// Performs what connection::advance decides, and nothing else. Loop thread.
class Link {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void on_link_up() = 0;
    virtual void on_link_down() = 0;
  };

  /// All of these have to outlive the link; `client` is given before start().
  Link(boost::asio::any_io_executor executor, ports::Clock& clock, ports::Entropy& entropy, ports::Log& log,
       std::string broker, std::vector<Filter> filters, Listener& listener);

  void start(PahoClient& client);
  /// Ends when the good-bye is said, or disconnect_deadline is over.
  boost::asio::awaitable<void> stop();

  void feed(const connection::Event& event);
  /// What the broker granted of the filters; without a required one the connection is no good.
  void feed_granted(const std::vector<bool>& granted);

  connection::Phase phase() const { return state_.phase; }

 private:
  struct Perform;

  boost::asio::awaitable<void> wait_for(connection::SetTimer timer);

  ports::Clock& clock_;
  ports::Entropy& entropy_;
  ports::Log& log_;
  std::string broker_;
  std::vector<Filter> filters_;
  Listener& listener_;
  PahoClient* client_ = nullptr;
  connection::State state_;
  runtime::TaskGroup timers_;
  runtime::Event stopped_;
};

}  // namespace tuanyuan::mqtt
