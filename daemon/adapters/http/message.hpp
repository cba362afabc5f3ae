#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/caller.hpp"
#include "core/time.hpp"

namespace tuanyuan::http {

/// What a client certificate, already verified, says of its holder.
struct Identity {
  core::Caller caller;
  core::Instant not_after;

  Identity() = default;
};

/// A request as the handlers see it: no trace of sockets or of the library that parsed it.
struct Request {
  std::string method;
  std::string target;  ///< origin-form, as sent
  std::optional<std::string> content_type;
  std::optional<std::string> content_encoding;
  std::optional<std::string> accept;
  std::optional<std::string> accept_language;
  std::optional<std::string> accept_encoding;
  std::optional<std::string> if_none_match;
  std::optional<std::string> host;
  std::optional<std::string> origin;  ///< of the page that asks, where a browser says so (RFC 6454)
  std::optional<std::string> idempotency_key;
  std::optional<std::string> last_event_id;
  std::string body;
  bool body_too_large = false;       ///< it was not read; `body` is empty
  bool overloaded = false;           ///< there was no room to read it into
  std::optional<Identity> identity;  ///< none: no certificate

  Request() = default;
};

/// A body that comes piece by piece.
class Source {
 public:
  virtual ~Source() = default;
  /// The next piece, not empty; nothing: the end. Heeds cancellation, by which it may throw.
  virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;
};

struct Response {
  int status = 200;
  std::string content_type;
  std::string body;
  std::shared_ptr<Source> source;  ///< instead of `body`
  std::vector<std::pair<std::string, std::string>> fields;
  bool close = false;  ///< the connection does not go on after this

  Response() = default;
};

/// What stands behind a listener. Loop thread.
class Service {
 public:
  virtual ~Service() = default;

  /// How much of a body is read, once the head is known (`body` is still empty).
  virtual std::size_t body_bytes_max(const Request& head) const = 0;
  /// Answers; never throws but for cancellation.
  virtual boost::asio::awaitable<Response> handle(Request request) = 0;
};

}  // namespace tuanyuan::http
