#include "support/scripted_h2.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <tuple>
#include <utility>

namespace tuanyuan::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto quiet = asio::as_tuple(asio::use_awaitable);

}  // namespace

struct ScriptedH2::Line {
  Line(tcp::socket socket, asio::ssl::context& tls, bool secure)
      : to_write(socket.get_executor()), stream(std::move(socket), tls), is_secure(secure) {}

  H2Peer peer;
  runtime::Notifier to_write;
  asio::ssl::stream<tcp::socket> stream;
  bool is_secure;
  bool is_over = false;
  std::string room = std::string(65'536, '\0');

  void end() {
    is_over = true;
    boost::system::error_code ignored;
    stream.next_layer().close(ignored);
    to_write.notify();
  }
};

ScriptedH2::ScriptedH2(asio::io_context& context, std::shared_ptr<asio::ssl::context> tls)
    : acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      tls_(std::move(tls)),
      port_(acceptor_.local_endpoint().port()),
      tasks_(context.get_executor()) {
  tasks_.spawn(accept());
}

void ScriptedH2::cut(std::size_t connection) {
  lines_.at(connection - 1)->end();
}
H2Peer& ScriptedH2::peer(std::size_t connection) {
  return lines_.at(connection - 1)->peer;
}
void ScriptedH2::flush(std::size_t connection) {
  lines_.at(connection - 1)->to_write.notify();
}

asio::awaitable<void> ScriptedH2::accept() {
  const auto context = tls_ ? tls_ : std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(quiet);
    if (error) {
      co_return;
    }
    auto line = std::make_shared<Line>(std::move(socket), *context, tls_ != nullptr);
    lines_.push_back(line);
    tasks_.spawn(serve(std::move(line), lines_.size()));
  }
}

asio::awaitable<void> ScriptedH2::write(std::shared_ptr<Line> line) {
  while (!line->is_over) {
    const std::string bytes = line->peer.take_output();
    if (bytes.empty()) {
      co_await line->to_write.wait();
      continue;
    }
    const auto buffer = asio::buffer(bytes);
    if (line->is_secure) {
      co_await asio::async_write(line->stream, buffer, quiet);
    } else {
      co_await asio::async_write(line->stream.next_layer(), buffer, quiet);
    }
  }
}

asio::awaitable<void> ScriptedH2::serve(std::shared_ptr<Line> line, std::size_t number) {
  if (line->is_secure) {
    const auto [error] = co_await line->stream.async_handshake(asio::ssl::stream_base::server, quiet);
    if (error) {
      co_return;
    }
  }
  greeting(line->peer);
  tasks_.spawn(write(line));
  while (!line->is_over) {
    const auto room = asio::buffer(line->room);
    boost::system::error_code failed;
    std::size_t size = 0;
    if (line->is_secure) {
      std::tie(failed, size) = co_await line->stream.async_read_some(room, quiet);
    } else {
      std::tie(failed, size) = co_await line->stream.next_layer().async_read_some(room, quiet);
    }
    if (failed || !line->peer.receive(std::string_view(line->room).substr(0, size))) {
      line->end();
    }
    for (H2Request& request : std::exchange(line->peer.requests, {})) {
      request.connection = number;
      received.push_back(request);
      script(line->peer, request);
    }
    line->to_write.notify();
  }
}

}  // namespace tuanyuan::test
