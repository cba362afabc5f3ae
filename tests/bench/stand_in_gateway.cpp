#include "bench/stand_in_gateway.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <string_view>

namespace tuanyuan::bench {
namespace {

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;

/// Whoever went away is of no concern.
void ignore(std::exception_ptr) {}

std::size_t length_in(std::string_view head) {
  constexpr std::string_view name = "Content-Length: ";
  const std::size_t at = head.find(name);
  return at == head.npos ? 0 : std::stoul(std::string(head.substr(at + name.size(), 10)));
}

}  // namespace

StandInGateways::StandInGateways(const std::vector<AnswersAfter>& each) : last_(each.size()) {
  for (std::size_t gateway = 0; gateway < each.size(); ++gateway) {
    acceptors_.emplace_back(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  }
  for (std::size_t gateway = 0; gateway < each.size(); ++gateway) {
    asio::co_spawn(context_, listen(gateway, each[gateway]), ignore);
  }
  thread_ = std::thread([this] { context_.run(); });
}

StandInGateways::~StandInGateways() {
  context_.stop();
  thread_.join();
}

asio::awaitable<void> StandInGateways::listen(std::size_t gateway, AnswersAfter time) {
  for (;;) {
    tcp::socket socket = co_await acceptors_[gateway].async_accept(use_awaitable);
    socket.set_option(tcp::no_delay(true));
    asio::co_spawn(context_, serve(std::move(socket), gateway, time), ignore);
  }
}

asio::awaitable<void> StandInGateways::serve(tcp::socket socket, std::size_t gateway, AnswersAfter time) {
  static const std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n{\"errcode\":0,\"code\":0}";
  asio::steady_timer timer(socket.get_executor());
  std::string received;
  for (;;) {
    const std::size_t head =
        co_await asio::async_read_until(socket, asio::dynamic_buffer(received), "\r\n\r\n", use_awaitable);
    const std::size_t whole = head + length_in(std::string_view(received).substr(0, head));
    if (received.size() < whole) {
      co_await asio::async_read(socket, asio::dynamic_buffer(received),
                                asio::transfer_exactly(whole - received.size()), use_awaitable);
    }
    received.erase(0, whole);
    if (time) {
      timer.expires_after(*time);
    } else {
      timer.expires_at(asio::steady_timer::time_point::max());
    }
    co_await timer.async_wait(use_awaitable);
    last_[gateway] = std::chrono::steady_clock::now().time_since_epoch().count();
    co_await asio::async_write(socket, asio::buffer(answer), use_awaitable);
  }
}

}  // namespace tuanyuan::bench
