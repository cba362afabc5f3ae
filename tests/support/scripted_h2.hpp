#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/event.hpp"
#include "runtime/task_group.hpp"
#include "support/h2_peer.hpp"

namespace tuanyuan::test {

/// An HTTP/2 server on a loopback port that does as it is told, over TCP or TLS. It shares nothing with what it
/// tests but the loop.
class ScriptedH2 {
 public:
  /// `tls`: has to choose h2 by ALPN itself.
  explicit ScriptedH2(boost::asio::io_context& context, std::shared_ptr<boost::asio::ssl::context> tls = nullptr);

  std::uint16_t port() const { return port_; }
  /// Connections are refused from now on.
  void stop_listening() { acceptor_.close(); }
  /// Ends a connection, counted from 1, without a word.
  void cut(std::size_t connection);
  H2Peer& peer(std::size_t connection);
  /// After something was done to a peer from outside the scripts.
  void flush(std::size_t connection);
  std::size_t connections() const { return lines_.size(); }

  /// What a connection begins with.
  std::function<void(H2Peer&)> greeting = [](H2Peer& peer) { peer.settings(); };
  /// For each request as it is whole.
  std::function<void(H2Peer&, const H2Request&)> script = [](H2Peer& peer, const H2Request& request) {
    peer.answer(request.stream, 200);
  };
  std::vector<H2Request> received;

 private:
  struct Line;
  boost::asio::awaitable<void> accept();
  static boost::asio::awaitable<void> write(std::shared_ptr<Line> line);
  boost::asio::awaitable<void> serve(std::shared_ptr<Line> line, std::size_t number);

  boost::asio::ip::tcp::acceptor acceptor_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
  std::uint16_t port_;
  std::vector<std::shared_ptr<Line>> lines_;
  runtime::TaskGroup tasks_;
};

}  // namespace tuanyuan::test
