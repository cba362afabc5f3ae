#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/ctl/failure.hpp"

namespace tuanyuan::ctl {

inline constexpr std::size_t answer_bytes_max = 64 * 1024 * 1024;

/// Where the API is and how to be let in.
struct Connection {
  std::string host;
  std::string port;
  std::string base;  ///< path before every call, such as /api/v1
  std::string ca;    ///< files, PEM
  std::string certificate;
  std::string key;
};

/// Reads https://HOST[:PORT][/PATH]; an IPv6 address stands in brackets.
std::optional<Connection> parse_api_url(const std::string& url);

struct HttpRequest {
  std::string method;
  std::string target;  ///< after the connection's base, such as /reports
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct HttpResponse {
  int status = 0;
  std::string content_type;
  std::chrono::seconds retry_after{0};
  std::string body;
};

/// Bytes that keep coming: the answer of GET /events.
class HttpStream {
 public:
  virtual ~HttpStream() = default;
  /// What has arrived, waiting up to `patience` for the first of it; empty when nothing came. Failure: the
  /// stream has ended.
  virtual Outcome<std::string> read(std::chrono::milliseconds patience) = 0;
};

/// A synchronous HTTPS client with a client certificate, over one kept connection. One thread.
class HttpClient {
 public:
  virtual ~HttpClient() = default;

  /// Answers whatever the server answered. Failure (unreachable): no whole answer within `deadline`; whether
  /// the request was carried out is then not known, and the next call makes a new connection.
  virtual Outcome<HttpResponse> send(const HttpRequest& request, std::chrono::milliseconds deadline) = 0;

  /// Opens a stream on a connection of its own. An answer other than 200 is a failure with what it said.
  virtual Outcome<std::unique_ptr<HttpStream>> open(const HttpRequest& request,
                                                    std::chrono::milliseconds deadline) = 0;
};

/// Failure (usage): a certificate, key or CA file cannot be used.
Outcome<std::unique_ptr<HttpClient>> make_http_client(const Connection& connection);

}  // namespace tuanyuan::ctl
