#pragma once

#include <functional>
#include <memory>

#include "simulation/people/request.hpp"
#include "simulation/world/daemon.hpp"

namespace tuanyuan::simulation {

/// The way from an officer to the daemon's desks and back, in place of HTTP.
class Desk {
 public:
  /// `daemon` answers the one that lives now, or none.
  Desk(Stage& stage, std::function<Daemon*()> daemon);

  /// Sends it once. `then` gets the reply if one comes back: the daemon may be down or crash meanwhile, and the
  /// answer may be lost.
  void send(const Request& request, std::function<void(const Reply&)> then);

 private:
  boost::asio::awaitable<void> serve(Daemon& daemon, Request request, std::function<void(const Reply&)> then);
  boost::asio::awaitable<Reply> carry_out(engine::Engine& engine, Request request);
  boost::asio::awaitable<std::optional<core::Errc>> change_directory(engine::Engine& engine, Request request,
                                                                     ports::Idempotency once);
  core::Result<core::Report> updated(const Request& request, const core::Report& before) const;

  Stage& stage_;
  std::function<Daemon*()> daemon_;
  Random random_;
};

}  // namespace tuanyuan::simulation
