#include "adapters/push/http_client.hpp"

#include <optional>
#include <utility>

#include "runtime/with_timeout.hpp"

namespace tuanyuan::push {
namespace {

namespace asio = boost::asio;

/// What stands before the body. Nothing where a field would become two.
std::optional<std::string> head_of(const HttpRequest& request) {
  if (!is_sendable(request)) {
    return std::nullopt;
  }
  std::string text = request.method + " " + request.url.target + " HTTP/1.1\r\nHost: " + request.url.authority() +
                     "\r\nContent-Length: " + std::to_string(body_bytes(request)) + "\r\n";
  for (const auto& fields : fields_of(request)) {
    for (const auto& [name, value] : fields) {
      text += name + ": " + value + "\r\n";
    }
  }
  text += "\r\n";
  return text;
}

}  // namespace

HttpClient::HttpClient(asio::any_io_executor executor, ports::Clock& clock, Resolver& resolver, AddressGuard guard,
                       std::shared_ptr<asio::ssl::context> tls, const ClientLimits& limits)
    : clock_(clock),
      dialler_(executor, clock, resolver, std::move(guard), std::move(tls), limits),
      limits_(limits),
      places_(executor, limits.connections_max, limits.waiting_max),
      idle_(executor, clock, limits) {}

void HttpClient::use(std::shared_ptr<asio::ssl::context> tls) {
  dialler_.use(std::move(tls));
  idle_.clear();
}

void HttpClient::use(AddressGuard guard) {
  dialler_.use(std::move(guard));
  idle_.clear();
}

asio::awaitable<HttpResult> HttpClient::exchange(std::shared_ptr<HttpConnection> connection, std::string head,
                                                 std::shared_ptr<const HttpRequest> request) {
  AnswerReader::Limits limits{limits_.answer_head_bytes_max, limits_.answer_body_bytes_max};
  const ports::Clock::Steady deadline = request->deadline;
  auto exchanging = HttpConnection::exchange(connection, std::move(head), std::move(request), limits);
  auto exchange = co_await runtime::with_timeout(clock_, std::move(exchanging), deadline);
  co_await throw_if_cancelled();
  if (exchange && exchange->state == AnswerReader::State::whole) {
    co_return HttpResult::answered(std::move(exchange->answer));
  }
  HttpFailure failure = HttpFailure::timed_out;
  if (exchange) {
    const bool is_bad = exchange->state == AnswerReader::State::bad;
    failure = is_bad ? HttpFailure::bad_answer : HttpFailure::broken_off;
  }
  co_return connection->has_sent() ? HttpResult::unknown(failure) : HttpResult::not_sent(failure);
}

/// No coroutine itself, so that the request stands in memory once.
asio::awaitable<HttpResult> HttpClient::request(HttpRequest request) {
  return carry(std::make_shared<const HttpRequest>(std::move(request)));
}

asio::awaitable<HttpResult> HttpClient::carry(std::shared_ptr<const HttpRequest> request) {
  auto head = head_of(*request);
  if (!head) {
    co_return HttpResult::not_sent(HttpFailure::malformed);
  }
  if (places_.is_full()) {
    co_return HttpResult::not_sent(HttpFailure::overloaded);
  }
  const auto place = co_await places_.take(clock_, request->deadline);
  co_await throw_if_cancelled();
  if (!place) {
    co_return HttpResult::not_sent(HttpFailure::no_connection);
  }
  const std::string origin = request->url.origin();
  if (!is_due(*request)) {
    co_return HttpResult::not_sent(HttpFailure::not_due);
  }
  if (auto idle = idle_.take(origin)) {
    auto exchanging = exchange(idle, *head, request);
    HttpResult result = co_await std::move(exchanging);
    if (result.outcome != HttpResult::Outcome::not_sent || clock_.steady_now() >= request->deadline) {
      if (idle->is_reusable()) {
        idle_.keep(origin, std::move(idle));
      }
      co_return result;
    }
  }
  std::string protocol = "http/1.1";
  Url url = request->url;
  auto dialling = dialler_.dial(std::move(url), std::move(protocol), request->deadline);
  Dialler::Dialled dialled = co_await std::move(dialling);
  if (!dialled.wire) {
    co_return HttpResult::not_sent(dialled.failure);
  }
  if (!is_due(*request)) {
    co_return HttpResult::not_sent(HttpFailure::not_due);
  }
  auto connection = std::make_shared<HttpConnection>(std::move(dialled.wire));
  auto exchanging = exchange(connection, std::move(*head), request);
  HttpResult result = co_await std::move(exchanging);
  if (connection->is_reusable()) {
    idle_.keep(origin, std::move(connection));
  }
  co_return result;
}

}  // namespace tuanyuan::push
