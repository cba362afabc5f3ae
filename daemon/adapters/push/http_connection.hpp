#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <string>

#include "adapters/push/answer_reader.hpp"
#include "adapters/push/url.hpp"

namespace tuanyuan::push {

/// One connection to one origin, one request at a time. Whoever waits for it cancels it when it takes too long,
/// which every coroutine here answers by operation_aborted; after a failure or a cancellation the connection is
/// good for nothing more. Loop thread.
///
/// Coroutines are given the connection itself to hold: they may outlive whoever has started them.
class HttpConnection {
 public:
  HttpConnection(boost::asio::any_io_executor executor, std::shared_ptr<boost::asio::ssl::context> tls);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  using Endpoint = boost::asio::ip::tcp::endpoint;

  static boost::asio::awaitable<bool> connect(std::shared_ptr<HttpConnection> self, Endpoint to);
  /// False: the other side is not who the URL says, by a certificate that the context trusts.
  static boost::asio::awaitable<bool> shake_hands(std::shared_ptr<HttpConnection> self, Url url);

  struct Exchange {
    AnswerReader::State state = AnswerReader::State::cut_short;
    HttpAnswer answer;  ///< where it is whole

    Exchange() = default;
  };
  static boost::asio::awaitable<Exchange> exchange(std::shared_ptr<HttpConnection> self, std::string request,
                                                   AnswerReader::Limits limits);

  /// Whether anything of the present request may have left.
  bool has_sent() const { return has_sent_; }
  /// Whether another request may follow.
  bool is_reusable() const { return is_reusable_; }
  /// Whether the other side has closed it, or said something unasked, while it was idle.
  bool is_stale();
  void close();

 private:
  struct Moved {
    boost::system::error_code error;
    std::size_t size = 0;

    Moved() = default;
  };

  boost::asio::awaitable<Moved> write_some(std::string_view bytes);
  boost::asio::awaitable<Moved> receive();
  /// False: not all of it left.
  boost::asio::awaitable<bool> write(std::string request);
  boost::asio::awaitable<AnswerReader::State> read(AnswerReader& reader);

  std::shared_ptr<boost::asio::ssl::context> tls_;  ///< outlives the stream
  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
  std::string received_;
  bool is_secure_ = false;
  bool has_sent_ = false;
  bool is_reusable_ = false;
};

}  // namespace tuanyuan::push
