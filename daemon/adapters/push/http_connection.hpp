#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "adapters/push/answer_reader.hpp"
#include "adapters/push/wire.hpp"

namespace tuanyuan::push {

/// HTTP/1.1 on one connection to one origin, one request at a time. Whoever waits for it cancels it when it takes
/// too long, which is answered by operation_aborted; after a failure or a cancellation the connection is good for
/// nothing more. Loop thread.
///
/// Coroutines are given the connection itself to hold: they may outlive whoever has started them.
class HttpConnection {
 public:
  explicit HttpConnection(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  struct Exchange {
    AnswerReader::State state = AnswerReader::State::cut_short;
    HttpAnswer answer;  ///< where it is whole

    Exchange() = default;
  };
  /// `head`: what stands before the request's body.
  static boost::asio::awaitable<Exchange> exchange(std::shared_ptr<HttpConnection> self, std::string head,
                                                   std::shared_ptr<const HttpRequest> request,
                                                   AnswerReader::Limits limits);

  /// Whether anything of the present request may have left.
  bool has_sent() const { return has_sent_; }
  /// Whether another request may follow.
  bool is_reusable() const { return is_reusable_; }
  /// Whether the other side has closed it, or said something unasked, while it was idle.
  bool is_stale() { return wire_->is_stale(); }

 private:
  /// False: not all of it left. What is written is the caller's, and stays as long.
  boost::asio::awaitable<bool> write(Wire::Parts rest);
  boost::asio::awaitable<AnswerReader::State> read(AnswerReader& reader);

  std::shared_ptr<Wire> wire_;
  bool has_sent_ = false;
  bool is_reusable_ = false;
};

}  // namespace tuanyuan::push
