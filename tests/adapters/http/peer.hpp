#pragma once

#include <openssl/ssl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tuanyuan::http::test {

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> fields;  ///< names in lower case
  std::string body;
};

/// What a TLS client shows and trusts; all PEM.
struct TlsClient {
  std::string ca;
  std::string certificate;  ///< empty: shows none
  std::string key;
  int version_max = TLS1_3_VERSION;
  std::string alpn;  ///< as on the wire; empty: none
  SSL_SESSION* session = nullptr;
};

/// A client on a real socket that shares nothing with the server but the io_context, which it lets run whenever
/// it has to wait. Time, virtual for the server, does not pass meanwhile.
class Peer {
 public:
  Peer(boost::asio::io_context& context, std::uint16_t port);
  Peer(boost::asio::io_context& context, std::uint16_t port, const TlsClient& tls);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// False: the handshake failed.
  bool connected() const { return connected_; }
  SSL* native() { return ssl_.get(); }

  /// Sends all of it, or as much as the other side takes before it goes away.
  void send(std::string_view bytes);
  /// The next answer; status 0: the connection ended first. `head_only` for answers to HEAD.
  HttpAnswer answer(bool head_only = false);
  HttpAnswer ask(std::string_view request) {
    send(request);
    return answer();
  }
  /// Waits for this text in what comes; everything up to it is taken. Empty: the connection ended first.
  std::string until(std::string_view text);
  /// Whether the connection has ended, or ends while everything that is ready runs.
  bool ends();
  /// Whether nothing comes and the connection stays, once everything that is ready has run.
  bool is_quiet();
  void close();

 private:
  bool read_some();
  void pump();
  void handshake(const TlsClient& tls);

  boost::asio::io_context& context_;
  boost::asio::ip::tcp::socket socket_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> tls_context_{nullptr, SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
  std::string received_;
  bool connected_ = true;
  bool ended_ = false;
};

/// A request with a Host field, complete.
std::string request_text(std::string_view method, std::string_view target, std::string_view fields = "",
                         std::string_view body = "");

}  // namespace tuanyuan::http::test
