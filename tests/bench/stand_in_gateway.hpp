#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace tuanyuan::bench {

/// Servers that stand in for gateways, each on a loopback port, all on one thread of their own: whatever is posted
/// is answered with `{"errcode":0,"code":0}`, which all of them mean well by, after the gateway's own time.
class StandInGateways {
 public:
  /// No time at all: it takes requests and never answers.
  using AnswersAfter = std::optional<std::chrono::milliseconds>;

  explicit StandInGateways(const std::vector<AnswersAfter>& each);
  ~StandInGateways();
  StandInGateways(const StandInGateways&) = delete;
  StandInGateways& operator=(const StandInGateways&) = delete;

  using Steady = std::chrono::steady_clock::time_point;
  /// When it began its last answer until now. Any thread.
  Steady last_answer(std::size_t gateway) const { return Steady(Steady::duration(last_[gateway].load())); }
  std::uint16_t port(std::size_t gateway) const { return acceptors_[gateway].local_endpoint().port(); }

 private:
  boost::asio::awaitable<void> listen(std::size_t gateway, AnswersAfter time);
  boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket, std::size_t gateway, AnswersAfter time);

  boost::asio::io_context context_{1};
  std::vector<boost::asio::ip::tcp::acceptor> acceptors_;
  std::vector<std::atomic<std::chrono::steady_clock::rep>> last_;
  std::thread thread_;
};

}  // namespace tuanyuan::bench
