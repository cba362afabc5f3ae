#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <string>
#include <vector>

#include "runtime/blocking_pool.hpp"

namespace tuanyuan::push {

/// Names to addresses. Loop thread.
class Resolver {
 public:
  virtual ~Resolver() = default;

  /// The name's addresses in the order to try them; none: it has none, or it cannot be known now. May take long;
  /// heeds cancellation.
  virtual boost::asio::awaitable<std::vector<boost::asio::ip::address>> resolve(std::string host) = 0;
};

/// The machine's own (getaddrinfo(3)), on threads: one name whose servers do not answer must not hold up
/// all the others, as on Asio's single resolver thread it would.
class SystemResolver final : public Resolver {
 public:
  /// `pool` outlives it.
  explicit SystemResolver(runtime::BlockingPool& pool) : pool_(pool) {}

  boost::asio::awaitable<std::vector<boost::asio::ip::address>> resolve(std::string host) override;

 private:
  runtime::BlockingPool& pool_;
};

}  // namespace tuanyuan::push
