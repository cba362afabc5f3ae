#include "adapters/push/http_connection.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <string_view>
#include <tuple>
#include <utility>

#include "adapters/push/limits.hpp"

namespace tuanyuan::push {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
constexpr unsigned char alpn_http11[] = "\x08http/1.1";

/// A wait that was cancelled must not look like an answer of the other side's.
void throw_if_aborted(error_code error) {
  if (error == asio::error::operation_aborted) {
    throw boost::system::system_error(error);
  }
}

}  // namespace

HttpConnection::HttpConnection(asio::any_io_executor executor, std::shared_ptr<asio::ssl::context> tls)
    : tls_(std::move(tls)), stream_(std::move(executor), *tls_) {}

asio::awaitable<bool> HttpConnection::connect(std::shared_ptr<HttpConnection> self, Endpoint to) {
  tcp::socket& socket = self->stream_.next_layer();
  const auto [error] = co_await socket.async_connect(to, quiet);
  throw_if_aborted(error);
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  co_return !error;
}

asio::awaitable<bool> HttpConnection::shake_hands(std::shared_ptr<HttpConnection> self, Url url) {
  auto& stream = self->stream_;
  SSL* native = stream.native_handle();
  error_code failed;
  stream.set_verify_mode(asio::ssl::verify_peer, failed);
  if (!failed) {
    stream.set_verify_callback(asio::ssl::host_name_verification(url.host), failed);
  }
  SSL_set_alpn_protos(native, alpn_http11, sizeof(alpn_http11) - 1);
  // Server names are names (RFC 6066, section 3).
  if (failed || (!url.host_is_address && SSL_set_tlsext_host_name(native, url.host.c_str()) != 1)) {
    co_return false;
  }
  self->is_secure_ = true;
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, quiet);
  ERR_clear_error();
  throw_if_aborted(error);
  co_return !error;
}

asio::awaitable<HttpConnection::Moved> HttpConnection::write_some(std::string_view bytes) {
  const auto buffer = asio::buffer(bytes);
  Moved moved;
  if (is_secure_) {
    std::tie(moved.error, moved.size) = co_await stream_.async_write_some(buffer, quiet);
  } else {
    std::tie(moved.error, moved.size) = co_await stream_.next_layer().async_write_some(buffer, quiet);
  }
  co_return moved;
}

asio::awaitable<HttpConnection::Moved> HttpConnection::receive() {
  received_.resize(read_bytes_max);
  const auto buffer = asio::buffer(received_);
  Moved moved;
  if (is_secure_) {
    std::tie(moved.error, moved.size) = co_await stream_.async_read_some(buffer, quiet);
  } else {
    std::tie(moved.error, moved.size) = co_await stream_.next_layer().async_read_some(buffer, quiet);
  }
  co_return moved;
}

asio::awaitable<bool> HttpConnection::write(std::string request) {
  std::string_view rest = request;
  while (!rest.empty()) {
    const bool had_sent = has_sent_;
    has_sent_ = true;  // until the contrary is known: a cancelled write says nothing of what went out
    const Moved moved = co_await write_some(rest);
    throw_if_aborted(moved.error);
    if (moved.error) {
      has_sent_ = had_sent || moved.size > 0;  // of a TLS record that is not whole, nothing can be read
      co_return false;
    }
    rest.remove_prefix(moved.size);
  }
  co_return true;
}

asio::awaitable<AnswerReader::State> HttpConnection::read(AnswerReader& reader) {
  auto state = AnswerReader::State::reading;
  while (state == AnswerReader::State::reading) {
    const Moved moved = co_await receive();
    throw_if_aborted(moved.error);
    state = reader.put(std::string_view(received_).substr(0, moved.size));
    if (moved.error) {
      // A TLS connection that ends without saying so may have been cut by anybody.
      state = reader.end(moved.error == asio::error::eof);
    }
  }
  co_return state;
}

asio::awaitable<HttpConnection::Exchange> HttpConnection::exchange(std::shared_ptr<HttpConnection> self,
                                                                   std::string request,
                                                                   AnswerReader::Limits limits) {
  Exchange exchange;
  self->has_sent_ = false;
  self->is_reusable_ = false;
  const bool written = co_await self->write(std::move(request));
  if (!self->has_sent_) {
    co_return exchange;
  }
  // A server that refuses may answer, and close, before it has read everything.
  AnswerReader reader(limits);
  exchange.state = co_await self->read(reader);
  if (exchange.state == AnswerReader::State::whole) {
    self->is_reusable_ = written && reader.keeps_alive();
    exchange.answer = reader.take();
  }
  co_return exchange;
}

bool HttpConnection::is_stale() {
  char byte = 0;
  const auto got = ::recv(stream_.next_layer().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

void HttpConnection::close() {
  error_code ignored;
  stream_.next_layer().close(ignored);
}

}  // namespace tuanyuan::push
