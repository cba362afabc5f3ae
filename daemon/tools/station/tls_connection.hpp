#pragma once

#include <openssl/ssl.h>

#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/crypto/openssl_handles.hpp"

namespace tuanyuan::station {

using TlsContext = std::unique_ptr<SSL_CTX, crypto::Freed<SSL_CTX_free>>;
using TlsSession = std::unique_ptr<SSL_SESSION, crypto::Freed<SSL_SESSION_free>>;

/// TLS 1.2 or newer towards a server whose certificate the CA (PEM) issued. Throws std::runtime_error.
TlsContext make_tls_context(std::string_view ca);

/// Whom the server is to see: files read for every connection, so that a renewed certificate is taken up.
struct Credentials {
  std::string certificate_file;
  std::string key_file;
};

/// One TLS connection, from resolved addresses on. OpenSSL works on the socket itself: no buffers of ours between,
/// which with ten thousand connections would be most of the memory.
///
/// Belongs to the loop thread. After closed() has been called, or close(), no call comes any more.
class TlsConnection : public std::enable_shared_from_this<TlsConnection> {
 public:
  class Listener {
   public:
    virtual void opened() = 0;
    virtual void received(std::span<const std::uint8_t> octets) = 0;
    /// Everything handed to write() is with the kernel.
    virtual void drained() = 0;
    virtual void closed(const std::string& reason) = 0;

   protected:
    ~Listener() = default;
  };

  using Endpoints = boost::asio::ip::tcp::resolver::results_type;

  TlsConnection(boost::asio::any_io_executor executor, Listener& listener);

  /// `host` is what the server's certificate has to name. `resume`: a session of an earlier connection, or none.
  void open(const Endpoints& endpoints, const std::string& host, SSL_CTX& context, const Credentials& credentials,
            SSL_SESSION* resume);

  void write(std::vector<std::uint8_t> octets);
  bool is_writing() const { return written_ < output_.size(); }

  /// At once; a peer that is to be told is told before, by write() and drained().
  void close();

  /// For the next connection; none where the server gave none.
  TlsSession take_session() { return std::move(session_); }
  bool was_resumed() const { return ssl_ != nullptr && SSL_session_reused(ssl_.get()) == 1; }

 private:
  friend TlsContext make_tls_context(std::string_view ca);
  using Ssl = std::unique_ptr<SSL, crypto::Freed<SSL_free>>;
  static int keep_session(SSL* ssl, SSL_SESSION* session);

  void prepare(const std::string& host, SSL_CTX& context, const Credentials& credentials, SSL_SESSION* resume);
  void shake_hands();
  void read();
  void flush();
  void await_readable();
  void await_writable();
  void fail(const std::string& reason);
  std::string failure(int result) const;

  boost::asio::ip::tcp::socket socket_;
  Listener* listener_;
  Ssl ssl_;
  TlsSession session_;
  std::vector<std::uint8_t> output_;
  std::size_t written_ = 0;
  bool is_open_ = false;
  bool awaiting_writable_ = false;
  bool read_awaits_writable_ = false;   ///< TLS itself has something to say first
  bool write_awaits_readable_ = false;  ///< or to hear
};

}  // namespace tuanyuan::station
