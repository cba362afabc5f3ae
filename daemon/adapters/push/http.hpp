#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/push/url.hpp"
#include "ports/clock.hpp"

namespace tuanyuan::push {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

/// What many requests have in common, in memory once for all of them.
struct HttpShared {
  HttpFields fields;  ///< before a request's own
  std::string body;   ///< what its own goes on from

  HttpShared() = default;
};

struct HttpRequest {
  std::string method = "POST";
  Url url;
  std::shared_ptr<const HttpShared> shared;  ///< none: nothing
  /// Beside Host and Content-Length, which the client writes. Names and values without control characters; a
  /// request with others is not sent.
  HttpFields fields;
  std::string body;
  ports::Clock::Steady deadline;  ///< of all of it, waiting for a connection included
  /// Asked right before it leaves, for it may have waited for a connection meanwhile: a request that says
  /// something is not made once that is overtaken. None: it is always made. Not asked any more once the wait for
  /// the answer has ended, however it did.
  std::function<bool()> still_due;

  HttpRequest() = default;
};
/// The shared ones and its own.
inline std::array<std::span<const HttpFields::value_type>, 2> fields_of(const HttpRequest& request) {
  return {request.shared ? std::span(request.shared->fields) : std::span<const HttpFields::value_type>(),
          request.fields};
}
/// The shared part and its own.
inline std::array<std::string_view, 2> body_of(const HttpRequest& request) {
  return {request.shared ? std::string_view(request.shared->body) : std::string_view(), request.body};
}
inline std::size_t body_bytes(const HttpRequest& request) {
  const auto [shared, own] = body_of(request);
  return shared.size() + own.size();
}
/// Whether each field is one, and stays one.
bool is_sendable(const HttpRequest& request);
inline bool is_due(const HttpRequest& request) {
  return !request.still_due || request.still_due();
}

/// Why there is no answer. For logs and decisions; never holds anything of the request.
enum class HttpFailure {
  none,
  malformed,        ///< the request itself
  not_due,          ///< it was overtaken before it could leave
  overloaded,       ///< too many requests wait already
  no_connection,    ///< none was free in time
  unresolvable,     ///< the name has no address, or none in time
  address_refused,  ///< the URL's own address is refused by the guard
  name_refused,     ///< all that the name means now are: a sinkhole's, a captive portal's
  unreachable,      ///< no address took the connection
  not_trusted,      ///< the TLS handshake failed: certificate, host name, version
  other_protocol,   ///< it speaks another version of HTTP than the one wanted
  broken_off,       ///< the connection ended before a whole answer
  timed_out,        ///< no whole answer in time
  bad_answer,       ///< not HTTP, or beyond a limit
};
std::string_view to_string(HttpFailure failure);

/// What a server answered.
struct HttpAnswer {
  int status = 0;
  std::string retry_after;  ///< the field as it stands; empty: none
  std::string body;
  bool body_cut = false;  ///< there was more of it than is read

  HttpAnswer() = default;
};

/// What is known of one request.
struct HttpResult {
  enum class Outcome {
    not_sent,  ///< not one byte of it left
    answered,  ///< a whole answer; of its body as much as is read
    unknown,   ///< it left, or a part of it, and no whole answer came: it may have been carried out
  };
  Outcome outcome = Outcome::not_sent;
  HttpFailure failure = HttpFailure::none;
  int status = 0;
  std::string retry_after;  ///< the field as it stands; empty: none
  std::string body;
  bool body_cut = false;  ///< there was more of it

  HttpResult() = default;
  static HttpResult answered(HttpAnswer answer);
  static HttpResult not_sent(HttpFailure why) { return without_answer(Outcome::not_sent, why); }
  static HttpResult unknown(HttpFailure why) { return without_answer(Outcome::unknown, why); }

 private:
  static HttpResult without_answer(Outcome outcome, HttpFailure why) {
    HttpResult result;
    result.outcome = outcome;
    result.failure = why;
    return result;
  }
};

/// In a word that may be logged: the status or, without an answer, the failure.
std::string reason_of(const HttpResult& result);

/// Requests as channels make them. Loop thread.
class Http {
 public:
  virtual ~Http() = default;

  /// Ends by the request's deadline. Throws only when cancelled (operation_aborted).
  virtual boost::asio::awaitable<HttpResult> request(HttpRequest request) = 0;
  /// What is asked of this origin from now on goes by new connections, where connections have a state that
  /// a gateway can spoil.
  virtual void start_afresh(const Url&) {}
};

}  // namespace tuanyuan::push
