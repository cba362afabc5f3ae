#pragma once

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/push/http.hpp"

namespace tuanyuan::push {

/// Reads one answer of HTTP/1.1 or 1.0 (RFC 9112) from the bytes as they come, without any I/O. Interim answers
/// (1xx) are passed over. A body that is larger than the limit is cut there: what it would have said beyond is
/// nobody's need, its status is.
class AnswerReader {
 public:
  struct Limits {
    std::size_t head_bytes_max;
    std::size_t body_bytes_max;
  };
  enum class State {
    reading,    ///< more has to come
    whole,      ///< there is an answer
    cut_short,  ///< the connection ended first
    bad,        ///< not HTTP, or beyond a limit
  };

  explicit AnswerReader(Limits limits);

  State put(std::string_view bytes);
  /// The connection has ended. Where it did so in good order, an answer without a length ends with it.
  State end(bool orderly);

  /// Once it is whole.
  HttpAnswer take();
  /// Whether a further request may follow on the same connection, once it is whole.
  bool keeps_alive() const;

 private:
  using Parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

  void start_over();
  bool awaits_last_chunk() const;
  State advance();
  /// True: passed over, the next may begin.
  bool pass_over_interim();

  Limits limits_;
  std::optional<Parser> parser_;
  std::string unread_;
  std::size_t interim_ = 0;
  bool cut_ = false;
  bool has_ended_ = false;
  State state_ = State::reading;
};

}  // namespace tuanyuan::push
