#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/push/url.hpp"

namespace tuanyuan::push {

/// One connection to one place, plain or TLS, and nothing of what is said on it. One read and one write may be
/// outstanding at a time. Loop thread.
///
/// The coroutines that may outlive whoever has started them are given the connection itself to hold.
class Wire {
 public:
  Wire(boost::asio::any_io_executor executor, std::shared_ptr<boost::asio::ssl::context> tls);
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  using Endpoint = boost::asio::ip::tcp::endpoint;

  /// These two end by operation_aborted when they are cancelled, so that it does not look like an answer.
  static boost::asio::awaitable<bool> connect(std::shared_ptr<Wire> self, Endpoint to);
  /// `protocol`: the one name offered by ALPN (RFC 7301). False: the other side is not who the URL says, by a
  /// certificate that the context trusts.
  static boost::asio::awaitable<bool> shake_hands(std::shared_ptr<Wire> self, Url url, std::string protocol);

  struct Moved {
    boost::system::error_code error;
    std::size_t size = 0;

    Moved() = default;
  };
  /// What goes out one after the other; empty ones do no harm.
  using Parts = std::array<std::string_view, 3>;
  boost::asio::awaitable<Moved> write_some(Parts parts);
  /// Fills `room` from its beginning.
  boost::asio::awaitable<Moved> read_some(std::string& room);

  /// What the other side has chosen by ALPN; empty: nothing, or there is no TLS.
  std::string_view protocol() const;
  /// Whether the other side has closed it, or said something unasked.
  bool is_stale();
  void close();

 private:
  using Stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

  std::shared_ptr<boost::asio::ssl::context> tls_;  ///< outlives the stream
  boost::asio::ip::tcp::socket socket_;
  mutable std::optional<Stream> secure_;  ///< from the handshake on: it takes some 35 KB
};

}  // namespace tuanyuan::push
