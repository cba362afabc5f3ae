#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "runtime/virtual_clock.hpp"

namespace tuanyuan::test {

/// A loop in virtual time for tests of coroutines. A task's exception fails the test that runs it.
struct Loop {
  boost::asio::io_context context{1};
  runtime::VirtualClock clock{context};

  void start(boost::asio::awaitable<void> task) {
    boost::asio::co_spawn(context, std::move(task), [](std::exception_ptr failure) {
      if (failure) {
        std::rethrow_exception(failure);
      }
    });
  }
};

}  // namespace tuanyuan::test
