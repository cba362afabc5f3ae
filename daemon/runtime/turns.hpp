#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "runtime/event.hpp"

namespace tuanyuan::runtime {

/// Lets one coroutine at a time do what goes by a name; the others of that name wait, in no order. Whoever waits
/// holds its place elsewhere (a connection, a task), so there is no limit of its own. Loop thread.
class Turns {
  using Taken = std::unordered_map<std::string, std::shared_ptr<Event>>;  ///< each is set when its turn ends

 public:
  /// Ends when it is destroyed.
  class Turn {
   public:
    Turn(const std::shared_ptr<Taken>& taken, std::string name) : taken_(taken), name_(std::move(name)) {}
    ~Turn();
    Turn(Turn&& other) noexcept = default;
    Turn& operator=(Turn&&) = delete;

   private:
    std::weak_ptr<Taken> taken_;  ///< coroutines that a stopped loop left may go later than the Turns
    std::string name_;
  };

  boost::asio::awaitable<Turn> take(std::string name);

 private:
  std::shared_ptr<Taken> taken_ = std::make_shared<Taken>();
};

}  // namespace tuanyuan::runtime
