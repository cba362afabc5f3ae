#include "support/scripted_http.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cctype>
#include <tuple>
#include <utility>

namespace tuanyuan::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto quiet = asio::as_tuple(asio::use_awaitable);

/// Takes a whole request from the front of `text`; false: there is none yet.
bool take_request(std::string& text, Received& request) {
  const std::size_t head_end = text.find("\r\n\r\n");
  if (head_end == std::string::npos) {
    return false;
  }
  request = Received();
  std::string_view head = std::string_view(text).substr(0, head_end);
  request.line = head.substr(0, head.find("\r\n"));
  for (std::size_t at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
    const std::string_view field = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    std::string name(field.substr(0, field.find(':')));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    request.fields[name] = field.substr(field.find(':') + 2);
  }
  const std::size_t length = std::stoul(request.fields["content-length"]);
  if (text.size() < head_end + 4 + length) {
    return false;
  }
  request.body = text.substr(head_end + 4, length);
  text.erase(0, head_end + 4 + length);
  return true;
}

}  // namespace

std::string http_answer(int status, const std::string& fields, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         fields + "\r\n" + body;
}

struct ScriptedHttp::Line {
  Line(tcp::socket socket, asio::ssl::context& tls, bool secure, std::size_t which)
      : stream(std::move(socket), tls), is_secure(secure), number(which) {}

  asio::ssl::stream<tcp::socket> stream;
  bool is_secure;
  std::size_t number;
  bool is_idle = true;
  std::string unread;
  std::string room = std::string(16384, '\0');
};

ScriptedHttp::ScriptedHttp(asio::io_context& context, std::shared_ptr<asio::ssl::context> tls)
    : acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      tls_(std::move(tls)),
      port_(acceptor_.local_endpoint().port()),
      tasks_(context.get_executor()) {
  tasks_.spawn(accept());
}

void ScriptedHttp::stop_listening() {
  acceptor_.close();
}

void ScriptedHttp::close_idle() {
  for (const auto& weak : lines_) {
    const auto line = weak.lock();
    if (line && line->is_idle) {
      line->stream.next_layer().close();
    }
  }
}

asio::awaitable<void> ScriptedHttp::accept() {
  const auto context = tls_ ? tls_ : std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(quiet);
    if (error) {
      co_return;
    }
    auto line = std::make_shared<Line>(std::move(socket), *context, tls_ != nullptr, ++connections);
    lines_.push_back(line);
    tasks_.spawn(serve(std::move(line)));
  }
}

asio::awaitable<void> ScriptedHttp::serve(std::shared_ptr<Line> line) {
  if (line->is_secure) {
    const auto [error] = co_await line->stream.async_handshake(asio::ssl::stream_base::server, quiet);
    if (error) {
      co_return;
    }
  }
  bool going_on = true;
  while (going_on) {
    going_on = co_await serve_one(line);
  }
}

asio::awaitable<bool> ScriptedHttp::serve_one(std::shared_ptr<Line> line) {
  Received request;
  line->is_idle = true;
  while (!take_request(line->unread, request)) {
    const auto room = asio::buffer(line->room);
    boost::system::error_code failed;
    std::size_t size = 0;
    if (line->is_secure) {
      std::tie(failed, size) = co_await line->stream.async_read_some(room, quiet);
    } else {
      std::tie(failed, size) = co_await line->stream.next_layer().async_read_some(room, quiet);
    }
    if (failed) {
      co_return false;
    }
    line->unread.append(line->room, 0, size);
  }
  line->is_idle = false;
  request.connection = line->number;
  received.push_back(request);
  const Reply reply = script(request);
  if (reply.held) {
    co_await reply.held->wait();
  }
  const auto bytes = asio::buffer(reply.bytes);
  if (line->is_secure) {
    co_await asio::async_write(line->stream, bytes, quiet);
  } else {
    co_await asio::async_write(line->stream.next_layer(), bytes, quiet);
  }
  co_return !reply.close;
}

}  // namespace tuanyuan::test
