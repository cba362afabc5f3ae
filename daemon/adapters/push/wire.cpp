#include "adapters/push/wire.hpp"

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
#include <tuple>
#include <utility>

namespace tuanyuan::push {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);

void throw_if_aborted(error_code error) {
  if (error == asio::error::operation_aborted) {
    throw boost::system::system_error(error);
  }
}

/// One protocol as ALPN lists them: its length, then its name.
bool offer(SSL* native, const std::string& protocol) {
  const std::string list = std::string(1, static_cast<char>(protocol.size())) + protocol;
  const auto* bytes = reinterpret_cast<const unsigned char*>(list.data());
  return SSL_set_alpn_protos(native, bytes, static_cast<unsigned int>(list.size())) == 0;
}

}  // namespace

Wire::Wire(asio::any_io_executor executor, std::shared_ptr<asio::ssl::context> tls)
    : tls_(std::move(tls)), socket_(std::move(executor)) {}

asio::awaitable<bool> Wire::connect(std::shared_ptr<Wire> self, Endpoint to) {
  tcp::socket& socket = self->socket_;
  const auto [error] = co_await socket.async_connect(to, quiet);
  throw_if_aborted(error);
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  co_return !error;
}

asio::awaitable<bool> Wire::shake_hands(std::shared_ptr<Wire> self, Url url, std::string protocol) {
  Stream& stream = self->secure_.emplace(self->socket_, *self->tls_);
  SSL* native = stream.native_handle();
  error_code failed;
  stream.set_verify_mode(asio::ssl::verify_peer, failed);
  if (!failed) {
    stream.set_verify_callback(asio::ssl::host_name_verification(url.host), failed);
  }
  // Server names are names (RFC 6066, section 3).
  if (failed || !offer(native, protocol) ||
      (!url.host_is_address && SSL_set_tlsext_host_name(native, url.host.c_str()) != 1)) {
    co_return false;
  }
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, quiet);
  ERR_clear_error();
  throw_if_aborted(error);
  co_return !error;
}

asio::awaitable<Wire::Moved> Wire::write_some(Parts parts) {
  const std::array<asio::const_buffer, 3> buffers = {asio::buffer(parts[0]), asio::buffer(parts[1]),
                                                     asio::buffer(parts[2])};
  Moved moved;
  if (secure_) {
    std::tie(moved.error, moved.size) = co_await secure_->async_write_some(buffers, quiet);
  } else {
    std::tie(moved.error, moved.size) = co_await socket_.async_write_some(buffers, quiet);
  }
  co_return moved;
}

asio::awaitable<Wire::Moved> Wire::read_some(std::string& room) {
  const auto buffer = asio::buffer(room);
  Moved moved;
  if (secure_) {
    std::tie(moved.error, moved.size) = co_await secure_->async_read_some(buffer, quiet);
  } else {
    std::tie(moved.error, moved.size) = co_await socket_.async_read_some(buffer, quiet);
  }
  co_return moved;
}

std::string_view Wire::protocol() const {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  if (secure_) {
    SSL_get0_alpn_selected(secure_->native_handle(), &name, &size);
  }
  return {reinterpret_cast<const char*>(name), size};
}

bool Wire::is_stale() {
  if (secure_ && SSL_pending(secure_->native_handle()) > 0) {
    return true;
  }
  char byte = 0;
  const auto got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

void Wire::close() {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace tuanyuan::push
