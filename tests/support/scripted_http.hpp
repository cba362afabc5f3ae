#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/event.hpp"
#include "runtime/task_group.hpp"

namespace tuanyuan::test {

/// What the server has been asked.
struct Received {
  std::string line;                           ///< "POST /x HTTP/1.1"
  std::map<std::string, std::string> fields;  ///< names in lower case
  std::string body;
  std::size_t connection = 0;  ///< which one it came by, from 1
};

/// What the server does with one request.
struct Reply {
  std::string bytes;  ///< as they go out; none: silence
  bool close = false;
  std::shared_ptr<runtime::Event> held;  ///< waits for it first

  Reply() = default;
  explicit Reply(std::string what, bool then_close = false) : bytes(std::move(what)), close(then_close) {}
};

/// An answer with its length.
std::string http_answer(int status, const std::string& fields = "", const std::string& body = "");

/// An HTTP/1.1 server on a loopback port that does as it is told, over TCP or TLS. It shares nothing with what it
/// tests but the loop.
class ScriptedHttp {
 public:
  using Script = std::function<Reply(const Received&)>;

  explicit ScriptedHttp(boost::asio::io_context& context,
                        std::shared_ptr<boost::asio::ssl::context> tls = nullptr);

  std::uint16_t port() const { return port_; }
  /// Stops listening: connections are refused from now on.
  void stop_listening();
  /// Ends connections on which nothing is being asked.
  void close_idle();

  Script script = [](const Received&) { return Reply(http_answer(204)); };
  std::vector<Received> received;
  std::size_t connections = 0;

 private:
  struct Line;
  boost::asio::awaitable<void> accept();
  boost::asio::awaitable<void> serve(std::shared_ptr<Line> line);
  boost::asio::awaitable<bool> serve_one(std::shared_ptr<Line> line);

  boost::asio::ip::tcp::acceptor acceptor_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
  std::uint16_t port_;
  std::vector<std::weak_ptr<Line>> lines_;
  runtime::TaskGroup tasks_;
};

}  // namespace tuanyuan::test
