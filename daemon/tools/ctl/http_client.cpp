#include "tools/ctl/http_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <charconv>

#include "tools/ctl/problem.hpp"

namespace tuanyuan::ctl {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Parser = http::response_parser<http::string_body>;

constexpr std::size_t header_bytes_max = 64 * 1024;
constexpr std::size_t stream_chunk_bytes = 16 * 1024;

bool is_ip_address(const std::string& host) {
  error_code failed;
  asio::ip::make_address(host, failed);
  return !failed;
}

/// One TLS connection whose every step ends at a deadline, although the caller just waits.
class Link {
 public:
  Link(asio::ssl::context& tls, const Connection& to) : to_(to), stream_(loop_, tls) {}

  error_code connect(Clock::time_point deadline) {
    asio::ip::tcp::resolver resolver(loop_);
    asio::ip::tcp::resolver::results_type found;
    error_code failed = finish(
        deadline,
        [&](auto done) {
          resolver.async_resolve(to_.host, to_.port, [&found, done](error_code ec, auto results) {
            found = std::move(results);
            done(ec);
          });
        },
        [&] { resolver.cancel(); });
    if (!failed) {
      failed = finish(deadline, [&](auto done) {
        beast::get_lowest_layer(stream_).async_connect(found, [done](error_code ec, const auto&) { done(ec); });
      });
    }
    return failed ? failed : handshake(deadline);
  }

  error_code write(const http::request<http::string_body>& request, Clock::time_point deadline) {
    return finish(deadline, [&](auto done) {
      http::async_write(stream_, request, [done](error_code ec, std::size_t) { done(ec); });
    });
  }

  error_code read(Parser& parser, Clock::time_point deadline) {
    return finish(deadline, [&](auto done) {
      http::async_read(stream_, buffer_, parser, [done](error_code ec, std::size_t) { done(ec); });
    });
  }

  error_code read_header(Parser& parser, Clock::time_point deadline) {
    return finish(deadline, [&](auto done) {
      http::async_read_header(stream_, buffer_, parser, [done](error_code ec, std::size_t) { done(ec); });
    });
  }

  /// Reads on where the last call left off, and leaves the read pending at the deadline.
  std::optional<error_code> read_some(Parser& parser, Clock::time_point deadline) {
    if (!reading_) {
      reading_ = true;
      read_done_.reset();
      http::async_read_some(stream_, buffer_, parser, [this](error_code ec, std::size_t) { read_done_ = ec; });
    }
    loop_.restart();
    while (!read_done_ && loop_.run_one_until(deadline) != 0) {
    }
    if (read_done_) {
      reading_ = false;
    }
    return read_done_;
  }

  ~Link() {
    drop();
    loop_.restart();
    loop_.run();
  }

 private:
  error_code handshake(Clock::time_point deadline) {
    error_code failed;
    beast::get_lowest_layer(stream_).socket().set_option(asio::ip::tcp::no_delay(true), failed);
    if (!is_ip_address(to_.host) && SSL_set_tlsext_host_name(stream_.native_handle(), to_.host.c_str()) != 1) {
      return asio::error::invalid_argument;
    }
    stream_.set_verify_callback(asio::ssl::host_name_verification(to_.host), failed);
    if (failed) {
      return failed;
    }
    return finish(deadline, [&](auto done) { stream_.async_handshake(asio::ssl::stream_base::client, done); });
  }

  void drop() {
    error_code ignored;
    beast::get_lowest_layer(stream_).socket().close(ignored);
  }

  template <class Start>
  error_code finish(Clock::time_point deadline, Start start) {
    return finish(deadline, start, [] {});
  }

  template <class Start, class Cancel>
  error_code finish(Clock::time_point deadline, Start start, Cancel cancel) {
    std::optional<error_code> outcome;
    start([&outcome](error_code ec) { outcome = ec; });
    loop_.restart();
    loop_.run_until(deadline);
    if (!outcome) {
      cancel();
      drop();
      loop_.restart();
      loop_.run();
      return beast::error::timeout;
    }
    return *outcome;
  }

  const Connection& to_;
  asio::io_context loop_{1};
  beast::ssl_stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
  bool reading_ = false;
  std::optional<error_code> read_done_;
};

class BeastStream final : public HttpStream {
 public:
  BeastStream(std::unique_ptr<Link> link, std::unique_ptr<Parser> parser)
      : link_(std::move(link)), parser_(std::move(parser)) {}

  ~BeastStream() override { link_.reset(); }  // its pending read uses the parser

  Outcome<std::string> read(std::chrono::milliseconds patience) override {
    const auto deadline = Clock::now() + patience;
    while (parser_->get().body().empty()) {
      if (parser_->is_done()) {
        return Failure(Exit::unreachable, "the stream of events has ended");
      }
      const auto outcome = link_->read_some(*parser_, deadline);
      if (!outcome) {
        return std::string();
      }
      if (*outcome && parser_->get().body().empty()) {
        return Failure(Exit::unreachable, "the stream of events broke off: " + outcome->message());
      }
    }
    std::string bytes;
    bytes.swap(parser_->get().body());
    return bytes;
  }

 private:
  std::unique_ptr<Link> link_;
  std::unique_ptr<Parser> parser_;
};

class BeastClient final : public HttpClient {
 public:
  BeastClient(const Connection& connection, asio::ssl::context tls)
      : connection_(connection), tls_(std::move(tls)) {}

  Outcome<HttpResponse> send(const HttpRequest& request, std::chrono::milliseconds patience) override {
    const auto deadline = Clock::now() + patience;
    const auto message = compose(request);
    return exchange(message, deadline);
  }

  Outcome<std::unique_ptr<HttpStream>> open(const HttpRequest& request,
                                            std::chrono::milliseconds patience) override {
    const auto deadline = Clock::now() + patience;
    auto link = std::make_unique<Link>(tls_, connection_);
    auto parser = std::make_unique<Parser>();
    parser->header_limit(header_bytes_max);
    parser->body_limit(boost::none);
    error_code failed = link->connect(deadline);
    if (!failed) {
      failed = link->write(compose(request), deadline);
    }
    if (!failed) {
      failed = link->read_header(*parser, deadline);
    }
    if (failed) {
      return unreachable(failed);
    }
    if (parser->get().result() != http::status::ok) {
      parser->body_limit(answer_bytes_max);
      link->read(*parser, deadline);
      return refusal(to_response(parser->get()));
    }
    return std::unique_ptr<HttpStream>(new BeastStream(std::move(link), std::move(parser)));
  }

 private:
  http::request<http::string_body> compose(const HttpRequest& request) const {
    http::request<http::string_body> message;
    message.method_string(request.method);
    message.target(connection_.base + request.target);
    message.version(11);
    const bool bare_ipv6 = connection_.host.find(':') != std::string::npos;
    const std::string host = bare_ipv6 ? '[' + connection_.host + ']' : connection_.host;
    message.set(http::field::host, host + ':' + connection_.port);
    message.set(http::field::user_agent, "tuanyuanctl");
    for (const auto& [name, value] : request.headers) {
      message.set(name, value);
    }
    message.body() = request.body;
    if (!request.body.empty() || request.method != "GET") {
      message.prepare_payload();
    }
    return message;
  }

  Outcome<HttpResponse> exchange(const http::request<http::string_body>& message, Clock::time_point deadline) {
    error_code failed;
    if (!link_) {
      link_ = std::make_unique<Link>(tls_, connection_);
      failed = link_->connect(deadline);
    }
    Parser parser;
    parser.header_limit(header_bytes_max);
    parser.body_limit(answer_bytes_max);
    if (!failed) {
      // A server that refuses early answers without reading on, so the answer is looked for even then.
      const error_code unwritten = link_->write(message, deadline);
      failed = link_->read(parser, deadline);
      failed = failed && unwritten ? unwritten : failed;
    }
    if (failed) {
      link_.reset();
      return unreachable(failed);
    }
    if (!parser.keep_alive()) {
      link_.reset();
    }
    return to_response(parser.get());
  }

  static HttpResponse to_response(http::response<http::string_body>& message) {
    HttpResponse response;
    response.status = message.result_int();
    response.content_type = std::string(message[http::field::content_type]);
    const auto wait = message[http::field::retry_after];
    int seconds = 0;
    if (std::from_chars(wait.data(), wait.data() + wait.size(), seconds).ec == std::errc{} && seconds > 0) {
      response.retry_after = std::chrono::seconds(seconds);
    }
    response.body = std::move(message.body());
    return response;
  }

  Failure unreachable(const error_code& why) const {
    return {Exit::unreachable,
            "no answer from https://" + connection_.host + ':' + connection_.port + ": " + why.message()};
  }

  Connection connection_;
  asio::ssl::context tls_;
  std::unique_ptr<Link> link_;
};

Failure unusable(const std::string& file, const error_code& why) {
  return {Exit::usage, file + " cannot be used: " + why.message()};
}

}  // namespace

std::optional<Connection> parse_api_url(const std::string& url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme)) {
    return std::nullopt;
  }
  Connection connection;
  const std::string rest = url.substr(scheme.size());
  const std::size_t path = rest.find('/');
  std::string authority = rest.substr(0, path);
  connection.base = path == std::string::npos ? "" : rest.substr(path);
  while (connection.base.ends_with('/')) {
    connection.base.pop_back();
  }
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : std::string::npos;
  const std::size_t colon = authority.find(':', bracket == std::string::npos ? 0 : bracket);
  connection.port = colon == std::string::npos ? "8443" : authority.substr(colon + 1);
  authority.resize(std::min(colon, authority.size()));
  connection.host = bracket == std::string::npos ? authority : authority.substr(1, bracket - 1);
  const bool port_is_number =
      !connection.port.empty() && connection.port.find_first_not_of("0123456789") == std::string::npos;
  if (connection.host.empty() || !port_is_number) {
    return std::nullopt;
  }
  return connection;
}

Outcome<std::unique_ptr<HttpClient>> make_http_client(const Connection& connection) {
  asio::ssl::context tls(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
  tls.set_verify_mode(asio::ssl::verify_peer);
  error_code failed;
  tls.load_verify_file(connection.ca, failed);
  if (failed) {
    return unusable(connection.ca, failed);
  }
  tls.use_certificate_chain_file(connection.certificate, failed);
  if (failed) {
    return unusable(connection.certificate, failed);
  }
  tls.use_private_key_file(connection.key, asio::ssl::context::pem, failed);
  if (failed) {
    return unusable(connection.key, failed);
  }
  return std::unique_ptr<HttpClient>(new BeastClient(connection, std::move(tls)));
}

}  // namespace tuanyuan::ctl
