#pragma once

// The connections of a listener, included by listener.cpp alone: whatever includes this instantiates Boost.Beast,
// which takes longer to compile than all the rest of the folder.

#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/none.hpp>
#include <boost/system/system_error.hpp>
#include <type_traits>
#include <utility>

#include "adapters/http/connections.hpp"
#include "adapters/http/listener.hpp"
#include "adapters/http/media.hpp"
#include "adapters/http/problem.hpp"
#include "adapters/http/response_head.hpp"

namespace tuanyuan::http::detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace beast_http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Parser = beast_http::request_parser<beast_http::string_body>;
using TlsStream = asio::ssl::stream<tcp::socket>;

inline constexpr auto quiet = asio::as_tuple(asio::use_awaitable);
inline constexpr std::size_t read_bytes_max = 64 * 1024;
/// Up to this size head and body leave in one write.
inline constexpr std::size_t joined_body_bytes_max = 64 * 1024;
/// What a client may still send after it was refused, before the connection is cut.
inline constexpr std::size_t drained_bytes_max = 16 * 1024 * 1024;
inline constexpr std::string_view continue_head = "HTTP/1.1 100 Continue\r\n\r\n";

template <class Stream>
inline constexpr bool is_secure = std::is_same_v<Stream, TlsStream>;

/// What all sessions of a listener share; it lives as long as the last of them.
struct Shared {
  Shared(asio::any_io_executor where, ListenerSettings wanted, Service& behind, ports::Clock& time,
         ports::Log& line, ports::Metrics& counts)
      : executor(std::move(where)),
        settings(std::move(wanted)),
        service(behind),
        clock(time),
        log(line),
        metrics(counts),
        acceptor(executor),
        connections(executor) {}

  const Limits& limits() const { return settings.limits; }
  ports::Clock::Steady in(std::chrono::milliseconds wait) { return clock.steady_now() + wait; }

  asio::any_io_executor executor;
  ListenerSettings settings;
  Service& service;
  ports::Clock& clock;
  ports::Log& log;
  ports::Metrics& metrics;
  tcp::acceptor acceptor;
  Connections connections;
  std::size_t body_bytes = 0;     ///< reserved by all connections together
  std::uint64_t turned_away = 0;  ///< since the log was told
  std::string refusal;            ///< of the last who was turned away: why
  std::optional<ports::Clock::Steady> refused_at;
  bool draining = false;
};

/// Room for one body.
class Room {
 public:
  Room(std::shared_ptr<Shared> shared, std::size_t bytes) : shared_(std::move(shared)), bytes_(bytes) {
    shared_->body_bytes += bytes_;
  }
  ~Room() { shared_->body_bytes -= bytes_; }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

 private:
  std::shared_ptr<Shared> shared_;
  std::size_t bytes_;
};

/// All lines of a field as one (RFC 9110, section 5.3).
inline std::optional<std::string> field_of(const Parser& parser, beast_http::field name) {
  std::optional<std::string> joined;
  const auto [from, to] = parser.get().equal_range(name);
  for (auto line = from; line != to; ++line) {
    joined = joined ? *joined + ", " + std::string(line->value()) : std::string(line->value());
  }
  return joined;
}

inline std::optional<std::string> field_of(const Parser& parser, const char* name) {
  const auto found = parser.get().find(name);
  return found == parser.get().end() ? std::nullopt : std::optional<std::string>(found->value());
}

inline Request request_of(const Parser& parser) {
  Request request;
  request.method = std::string(parser.get().method_string());
  request.target = std::string(parser.get().target());
  request.content_type = field_of(parser, beast_http::field::content_type);
  request.content_encoding = field_of(parser, beast_http::field::content_encoding);
  request.accept = field_of(parser, beast_http::field::accept);
  request.accept_language = field_of(parser, beast_http::field::accept_language);
  request.accept_encoding = field_of(parser, beast_http::field::accept_encoding);
  request.if_none_match = field_of(parser, beast_http::field::if_none_match);
  request.host = field_of(parser, beast_http::field::host);
  request.origin = field_of(parser, beast_http::field::origin);
  request.idempotency_key = field_of(parser, "Idempotency-Key");
  request.last_event_id = field_of(parser, "Last-Event-ID");
  return request;
}

/// What makes a head unusable beyond what the parser refuses. Where two readers could disagree on where a body
/// ends, there is no body (RFC 9112, section 6.1).
inline std::optional<Problem> wrong_head(const Parser& parser) {
  const auto& head = parser.get();
  if (head.version() != 11) {
    return version_not_supported();
  }
  const bool one_host = head.count(beast_http::field::host) == 1;
  const auto coding = field_of(parser, beast_http::field::transfer_encoding);
  if (!one_host || (coding && !beast::iequals(*coding, "chunked"))) {
    return bad_request();
  }
  const auto expected = field_of(parser, beast_http::field::expect);
  if (expected && !beast::iequals(*expected, "100-continue")) {
    return expectation_failed();
  }
  return std::nullopt;
}

/// The refusal that a failed reading deserves; nothing where nobody is left to hear it.
inline std::optional<Problem> problem_of(error_code error, bool timed_out) {
  if (timed_out) {
    return request_timeout();
  }
  if (error == beast_http::error::header_limit || error == beast_http::error::buffer_overflow) {
    return header_too_large();
  }
  const bool is_over = error == beast_http::error::end_of_stream || error == beast_http::error::partial_message;
  const bool is_garbage =
      error.category() == beast_http::make_error_code(beast_http::error::bad_version).category();
  return is_garbage && !is_over ? std::optional<Problem>(bad_request()) : std::nullopt;
}

/// One connection: requests one after the other.
template <class Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
 public:
  Session(Stream stream, std::shared_ptr<asio::ssl::context> context, std::shared_ptr<Shared> shared)
      : context_(std::move(context)),
        stream_(std::move(stream)),
        shared_(std::move(shared)),
        buffer_(shared_->limits().header_bytes_max + read_bytes_max) {}

  asio::awaitable<void> run();

  void interrupt() override {
    error_code ignored;
    socket().cancel(ignored);
  }
  void cut() override {
    error_code ignored;
    socket().close(ignored);
  }

 private:
  tcp::socket& socket() {
    if constexpr (is_secure<Stream>) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  asio::awaitable<bool> begin();
  asio::awaitable<bool> serve_one();
  asio::awaitable<bool> await_request();
  asio::awaitable<bool> read_head(Parser& parser);
  asio::awaitable<bool> read_body(Parser& parser, Request& request);
  asio::awaitable<bool> write(const Response& response, bool head_only, bool keep_alive);
  asio::awaitable<void> stream_events(std::shared_ptr<Source> source);
  asio::awaitable<bool> write_text(std::string text, Phase phase);
  asio::awaitable<void> refuse(const Problem& problem);
  asio::awaitable<void> end();
  asio::awaitable<void> drop_the_rest();
  void watch_for_hang_up();

  std::shared_ptr<asio::ssl::context> context_;  ///< outlives the stream
  Stream stream_;
  std::shared_ptr<Shared> shared_;
  beast::flat_buffer buffer_;
  std::optional<Identity> identity_;
  std::unique_ptr<Room> room_;
  bool unread_ = false;    ///< the client may still be sending a body that nobody wants
  bool streamed_ = false;  ///< the last thing was a stream: nothing follows, not even a TLS closure
  std::array<char, 1> hang_up_byte_{};
};

template <class Stream>
asio::awaitable<void> Session<Stream>::run() {
  // A desk is never left half-way: connections end by their sockets.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const bool begun = co_await begin();
  bool going_on = begun;
  while (going_on) {
    going_on = co_await serve_one();
  }
  if (begun) {
    co_await end();
  }
  cut();
}

template <class Stream>
asio::awaitable<bool> Session<Stream>::begin() {
  error_code ignored;
  socket().set_option(tcp::no_delay(true), ignored);
  if constexpr (is_secure<Stream>) {
    this->enter(Phase::handshake, shared_->in(shared_->limits().handshake_ms_max));
    const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, quiet);
    if (error) {
      co_return false;
    }
    SSL* native = stream_.native_handle();
    X509* certificate = SSL_get1_peer_certificate(native);
    if (certificate != nullptr && SSL_get_verify_result(native) == X509_V_OK) {
      identity_.emplace();
      identity_->caller = shared_->settings.identify(certificate);
      identity_->not_after = end_of(certificate);
    }
    X509_free(certificate);
  }
  co_return true;
}

template <class Stream>
asio::awaitable<bool> Session<Stream>::await_request() {
  if (shared_->draining) {
    co_return false;
  }
  if (buffer_.size() == 0) {
    this->enter(Phase::idle, shared_->in(shared_->limits().idle_ms_max));
    auto space = buffer_.prepare(read_bytes_max / 16);
    const auto [error, size] = co_await stream_.async_read_some(space, quiet);
    if (error) {
      co_return false;
    }
    buffer_.commit(size);
  }
  this->enter(Phase::reading, shared_->in(shared_->limits().request_ms_max));
  co_return true;
}

template <class Stream>
asio::awaitable<bool> Session<Stream>::read_head(Parser& parser) {
  const auto [error, size] = co_await beast_http::async_read_header(stream_, buffer_, parser, quiet);
  if (error) {
    if (const auto problem = problem_of(error, this->timed_out())) {
      co_await refuse(*problem);
    }
    co_return false;
  }
  if (const auto problem = wrong_head(parser)) {
    unread_ = !parser.is_done();
    co_await refuse(*problem);
    co_return false;
  }
  co_return true;
}

/// Reads the body up to what the service takes. What is larger is left unread, and said to be; the service
/// decides what is answered first. False: the connection is over.
template <class Stream>
asio::awaitable<bool> Session<Stream>::read_body(Parser& parser, Request& request) {
  if (parser.is_done()) {
    co_return true;
  }
  const Limits& limits = shared_->limits();
  const std::size_t most = shared_->service.body_bytes_max(request);
  const std::uint64_t length = parser.content_length().value_or(most);
  request.body_too_large = length > most;
  request.overloaded = !request.body_too_large && shared_->body_bytes + length > limits.body_bytes_total_max;
  if (request.body_too_large || request.overloaded) {
    unread_ = true;
    co_return true;
  }
  room_ = std::make_unique<Room>(shared_, static_cast<std::size_t>(length));
  const std::chrono::milliseconds longer(length * 1000 / limits.upload_bytes_per_second_min);
  this->enter(Phase::reading, this->deadline() + longer);
  parser.body_limit(most);
  if (parser.get().count(beast_http::field::expect) != 0 && buffer_.size() == 0) {
    const auto [error, size] = co_await asio::async_write(stream_, asio::buffer(continue_head), quiet);
    if (error) {
      co_return false;
    }
  }
  const auto [error, size] = co_await beast_http::async_read(stream_, buffer_, parser, quiet);
  if (error == beast_http::error::body_limit) {
    request.body_too_large = unread_ = true;
    co_return true;
  }
  if (error) {
    if (const auto problem = problem_of(error, this->timed_out())) {
      co_await refuse(*problem);
    }
    co_return false;
  }
  request.body = std::move(parser.get().body());
  co_return true;
}

template <class Stream>
asio::awaitable<bool> Session<Stream>::serve_one() {
  const bool asked = co_await await_request();
  if (!asked) {
    co_return false;
  }
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(shared_->limits().header_bytes_max));
  parser.body_limit(boost::none);  // known when the head is
  const bool has_head = co_await read_head(parser);
  if (!has_head) {
    co_return false;
  }
  Request request = request_of(parser);
  request.identity = identity_;
  const bool is_whole = co_await read_body(parser, request);
  if (!is_whole) {
    co_return false;
  }
  const bool head_only = request.method == "HEAD";
  this->enter(Phase::answering, shared_->in(shared_->limits().answer_ms_max));
  const Response response = co_await shared_->service.handle(std::move(request));
  room_.reset();
  const bool keep_alive = parser.keep_alive() && !unread_ && !shared_->draining;
  co_return co_await write(response, head_only, keep_alive);
}

template <class Stream>
asio::awaitable<bool> Session<Stream>::write_text(std::string text, Phase phase) {
  this->enter(phase, shared_->in(shared_->limits().write_ms_max));
  const auto [error, size] = co_await asio::async_write(stream_, asio::buffer(text), quiet);
  co_return !error;
}

/// True: the connection may go on.
template <class Stream>
asio::awaitable<bool> Session<Stream>::write(const Response& response, bool head_only, bool keep_alive) {
  const bool chunked = response.source != nullptr;
  const bool close = chunked || !keep_alive;
  Framing framing{close, chunked, is_secure<Stream>, shared_->clock.wall_now()};
  std::string text = head_of(response, framing);
  const bool joined = !head_only && response.body.size() <= joined_body_bytes_max;
  if (joined) {
    text += response.body;
  }
  bool written = co_await write_text(std::move(text), Phase::writing);
  if (written && !head_only && !joined) {
    this->enter(Phase::writing, shared_->in(shared_->limits().write_ms_max));
    const auto [error, size] = co_await asio::async_write(stream_, asio::buffer(response.body), quiet);
    written = !error;
  }
  if (written && chunked && !head_only) {
    co_await stream_events(response.source);
  }
  co_return written && !close;
}

/// Reads on while events go out: whatever comes, nothing of it is a request, and its end is the stream's.
template <class Stream>
void Session<Stream>::watch_for_hang_up() {
  stream_.async_read_some(asio::buffer(hang_up_byte_), [self = this->shared_from_this()](error_code, std::size_t) {
    if (self->phase() == Phase::streaming) {
      self->cut();
      self->stop_stream().emit(asio::cancellation_type::terminal);
    }
  });
}

template <class Stream>
asio::awaitable<void> Session<Stream>::stream_events(std::shared_ptr<Source> source) {
  streamed_ = true;
  if (shared_->draining) {
    co_return;
  }
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  this->enter(Phase::streaming, ports::Clock::Steady::max());
  watch_for_hang_up();
  const std::chrono::milliseconds longest_silence =
      shared_->limits().heartbeat_ms + shared_->limits().answer_ms_max;
  try {
    for (;;) {
      this->enter(Phase::streaming, shared_->in(longest_silence));
      const std::optional<std::string> piece = co_await source->next();
      std::string text = chunk_of(piece.value_or(""));
      const bool written = co_await write_text(std::move(text), Phase::streaming);
      if (!written || !piece) {
        break;
      }
    }
  } catch (const boost::system::system_error&) {
    // Stopped: the client is gone, or the daemon is going.
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  this->enter(Phase::closing, shared_->in(shared_->limits().close_ms_max));
}

/// Answers what never became a request.
template <class Stream>
asio::awaitable<void> Session<Stream>::refuse(const Problem& problem) {
  const std::string status = std::to_string(problem.status);
  shared_->metrics.add("tuanyuan_http_requests_total", {{"route", "none"}, {"status", status}});
  shared_->log.info("http.refused", {{"listener", shared_->settings.name}, {"status", status}});
  unread_ = true;
  const Response response = to_response(problem, Language::zh, "");
  co_await write(response, false, false);
}

/// Lets the client read the answer before the connection goes: closing over unread bytes would reset it.
template <class Stream>
asio::awaitable<void> Session<Stream>::drop_the_rest() {
  error_code ignored;
  socket().shutdown(tcp::socket::shutdown_send, ignored);
  std::array<char, 4096> rest;
  std::size_t dropped = 0;
  while (dropped < drained_bytes_max) {
    const auto [error, size] = co_await socket().async_read_some(asio::buffer(rest), quiet);
    if (error) {
      break;
    }
    dropped += size;
  }
}

template <class Stream>
asio::awaitable<void> Session<Stream>::end() {
  if (streamed_) {
    co_return;
  }
  this->enter(Phase::closing, shared_->in(shared_->limits().close_ms_max));
  if (unread_) {
    co_await drop_the_rest();
    co_return;
  }
  if constexpr (is_secure<Stream>) {
    // The peer may never answer; its silence, or a truncated stream, is no incident.
    co_await stream_.async_shutdown(quiet);
  }
}

template <class Stream>
asio::awaitable<void> run_session(std::shared_ptr<Session<Stream>> session) {
  co_await session->run();
}

template <class Stream>
void start_session(Stream stream, std::shared_ptr<asio::ssl::context> context,
                   const std::shared_ptr<Shared>& shared) {
  const auto session = std::make_shared<Session<Stream>>(std::move(stream), std::move(context), shared);
  shared->connections.add(session);
  auto on_end = [session, shared](std::exception_ptr failure) {
    session->cut();
    shared->connections.remove(session);
    if (failure) {
      shared->log.error("http.connection_failed", {{"listener", shared->settings.name}});
    }
  };
  asio::co_spawn(shared->executor, run_session<Stream>(session),
                 asio::bind_cancellation_slot(session->stop_stream().slot(), std::move(on_end)));
}

}  // namespace tuanyuan::http::detail
