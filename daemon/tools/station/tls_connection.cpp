#include "tools/station/tls_connection.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <stdexcept>
#include <utility>

#include "adapters/crypto/files.hpp"
#include "adapters/crypto/pem.hpp"

namespace tuanyuan::station {
namespace {

using boost::asio::ip::tcp;

/// Of one TLS record.
constexpr std::size_t read_bytes_max = 16'384;
/// Reads in a row before others have their turn.
constexpr int reads_in_row_max = 16;

void use_credentials(SSL* ssl, const Credentials& credentials) {
  const auto certificates = crypto::read_certificates(crypto::read_file(credentials.certificate_file));
  const auto key = crypto::read_private_key(crypto::read_file(credentials.key_file));
  crypto::require(SSL_use_certificate(ssl, certificates.front().get()) == 1, "using a certificate");
  for (std::size_t i = 1; i < certificates.size(); ++i) {
    crypto::require(SSL_add1_chain_cert(ssl, certificates[i].get()) == 1, "using a chain");
  }
  crypto::require(SSL_use_PrivateKey(ssl, key.get()) == 1, "using a private key");
}

}  // namespace

TlsContext make_tls_context(std::string_view ca) {
  TlsContext context(SSL_CTX_new(TLS_client_method()));
  crypto::require(context != nullptr, "making a TLS context");
  crypto::require(SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) == 1, "setting the TLS version");
  X509_STORE* store = SSL_CTX_get_cert_store(context.get());
  for (const crypto::Certificate& certificate : crypto::read_certificates(ca)) {
    crypto::require(X509_STORE_add_cert(store, certificate.get()) == 1, "trusting a CA");
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  // A broker that dies says no close_notify. Nothing is cut off by that, since MQTT and HTTP say how long their
  // messages are; taken for an error it would spoil the session for the next handshake.
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context.get(), &TlsConnection::keep_session);
  return context;
}

int TlsConnection::keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* connection = static_cast<TlsConnection*>(SSL_get_app_data(ssl));
  connection->session_.reset(session);
  return 1;  // ours now
}

TlsConnection::TlsConnection(boost::asio::any_io_executor executor, Listener& listener)
    : socket_(std::move(executor)), listener_(&listener) {}

void TlsConnection::open(const Endpoints& endpoints, const std::string& host, SSL_CTX& context,
                         const Credentials& credentials, SSL_SESSION* resume) {
  try {
    prepare(host, context, credentials, resume);
  } catch (const std::exception& error) {
    const std::string reason = error.what();
    boost::asio::post(socket_.get_executor(), [self = shared_from_this(), reason] { self->fail(reason); });
    return;
  }
  boost::asio::async_connect(socket_, endpoints,
                             [self = shared_from_this()](boost::system::error_code error, const tcp::endpoint&) {
                               if (self->listener_ == nullptr) {
                                 return;
                               }
                               if (error) {
                                 self->fail(error.message());
                                 return;
                               }
                               self->socket_.set_option(tcp::no_delay(true), error);
                               self->socket_.native_non_blocking(true, error);
                               SSL_set_fd(self->ssl_.get(), self->socket_.native_handle());
                               self->shake_hands();
                             });
}

void TlsConnection::prepare(const std::string& host, SSL_CTX& context, const Credentials& credentials,
                            SSL_SESSION* resume) {
  ssl_.reset(SSL_new(&context));
  crypto::require(ssl_ != nullptr, "making a TLS connection");
  SSL_set_app_data(ssl_.get(), this);
  use_credentials(ssl_.get(), credentials);
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(host, not_an_address);
  if (not_an_address) {
    crypto::require(SSL_set_tlsext_host_name(ssl_.get(), host.c_str()) == 1, "naming the server");
    crypto::require(SSL_set1_host(ssl_.get(), host.c_str()) == 1, "naming the server");
  } else {
    crypto::require(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str()) == 1,
                    "naming the server");
  }
  if (resume != nullptr) {
    SSL_set_session(ssl_.get(), resume);
  }
  SSL_set_connect_state(ssl_.get());
}

void TlsConnection::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    is_open_ = true;
    listener_->opened();
    read();
    return;
  }
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      await_readable();
      break;
    case SSL_ERROR_WANT_WRITE:
      await_writable();
      break;
    default:
      fail(failure(result));
  }
}

void TlsConnection::read() {
  // One buffer for all connections: they belong to one thread, and what is read is handed on at once.
  static thread_local std::array<std::uint8_t, read_bytes_max> buffer;
  const auto self = shared_from_this();
  for (int turn = 0; turn < reads_in_row_max; ++turn) {
    if (listener_ == nullptr) {
      return;
    }
    ERR_clear_error();
    const int result = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (result > 0) {
      listener_->received(std::span(buffer).first(static_cast<std::size_t>(result)));
      continue;
    }
    const int why = SSL_get_error(ssl_.get(), result);
    if (why == SSL_ERROR_WANT_READ) {
      await_readable();
    } else if (why == SSL_ERROR_WANT_WRITE) {
      read_awaits_writable_ = true;
      await_writable();
    } else {
      fail(failure(result));
    }
    return;
  }
  boost::asio::post(socket_.get_executor(), [self] {
    if (self->listener_ != nullptr) {
      self->read();
    }
  });
}

void TlsConnection::write(std::vector<std::uint8_t> octets) {
  if (!is_writing()) {
    output_ = std::move(octets);
    written_ = 0;
  } else {
    output_.insert(output_.end(), octets.begin(), octets.end());
  }
  if (!awaiting_writable_ && !write_awaits_readable_) {
    flush();
  }
}

void TlsConnection::flush() {
  const auto self = shared_from_this();
  while (listener_ != nullptr && is_writing()) {
    ERR_clear_error();
    const int result =
        SSL_write(ssl_.get(), output_.data() + written_, static_cast<int>(output_.size() - written_));
    if (result > 0) {
      written_ += static_cast<std::size_t>(result);
      continue;
    }
    const int why = SSL_get_error(ssl_.get(), result);
    if (why == SSL_ERROR_WANT_WRITE) {
      await_writable();
    } else if (why == SSL_ERROR_WANT_READ) {
      write_awaits_readable_ = true;
    } else {
      fail(failure(result));
    }
    return;
  }
  if (listener_ != nullptr) {
    std::vector<std::uint8_t>().swap(output_);
    written_ = 0;
    listener_->drained();
  }
}

void TlsConnection::await_readable() {
  socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](boost::system::error_code error) {
    if (self->listener_ == nullptr) {
      return;
    }
    if (error) {
      self->fail(error.message());
    } else if (!self->is_open_) {
      self->shake_hands();
    } else {
      self->read();
      if (self->listener_ != nullptr && std::exchange(self->write_awaits_readable_, false)) {
        self->flush();
      }
    }
  });
}

void TlsConnection::await_writable() {
  if (awaiting_writable_) {
    return;
  }
  awaiting_writable_ = true;
  socket_.async_wait(tcp::socket::wait_write, [self = shared_from_this()](boost::system::error_code error) {
    self->awaiting_writable_ = false;
    if (self->listener_ == nullptr) {
      return;
    }
    if (error) {
      self->fail(error.message());
    } else if (!self->is_open_) {
      self->shake_hands();
    } else {
      self->flush();
      if (self->listener_ != nullptr && std::exchange(self->read_awaits_writable_, false)) {
        self->read();
      }
    }
  });
}

void TlsConnection::close() {
  listener_ = nullptr;
  // A session that is dropped unclosed could not be resumed.
  if (ssl_ != nullptr && is_open_) {
    SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void TlsConnection::fail(const std::string& reason) {
  if (Listener* listener = listener_) {
    close();
    listener->closed(reason);
  }
}

std::string TlsConnection::failure(int result) const {
  const int why = SSL_get_error(ssl_.get(), result);
  const long verified = SSL_get_verify_result(ssl_.get());
  if (!is_open_ && verified != X509_V_OK) {
    return std::string("server certificate: ") + X509_verify_cert_error_string(verified);
  }
  if (why == SSL_ERROR_ZERO_RETURN) {
    return "closed by the broker";
  }
  if (const unsigned long code = ERR_peek_error(); code != 0) {
    const char* text = ERR_reason_error_string(code);
    return std::string("TLS: ") + (text == nullptr ? "failed" : text);
  }
  return "connection lost";
}

}  // namespace tuanyuan::station
