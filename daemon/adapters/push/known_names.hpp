#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>
#include <vector>

#include "adapters/push/limits.hpp"
#include "adapters/push/resolver.hpp"
#include "ports/clock.hpp"

namespace tuanyuan::push {

/// Asks another resolver, for many at once: one look-up for a name at a time, whose addresses are good for a
/// while; where they cannot be had anew, or not soon, the last good ones do for longer. A look-up that hangs
/// cannot be called off and holds a thread for as long as the machine's own patience lasts, so names that are new,
/// and those that were not found the last time, have a few of them each, and none of the latter is looked up again
/// at once: dead zones must not keep the living waiting (promise 6). Loop thread. Clock and the other resolver
/// outlive it.
class KnownNames final : public Resolver {
 public:
  KnownNames(const boost::asio::any_io_executor& executor, ports::Clock& clock, Resolver& asked,
             const NameLimits& limits);
  ~KnownNames() override;
  KnownNames(const KnownNames&) = delete;
  KnownNames& operator=(const KnownNames&) = delete;

  boost::asio::awaitable<std::vector<boost::asio::ip::address>> resolve(std::string host) override;

 private:
  struct State;
  /// Look-ups that a stopped loop left may go later than this.
  std::shared_ptr<State> state_;
};

}  // namespace tuanyuan::push
