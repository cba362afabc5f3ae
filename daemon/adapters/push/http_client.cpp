#include "adapters/push/http_client.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

#include "runtime/with_timeout.hpp"

namespace tuanyuan::push {
namespace {

namespace asio = boost::asio;

/// A deadline and a cancellation both end a wait without a result; only the first is one of ours to answer.
asio::awaitable<void> throw_if_cancelled() {
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
}

bool is_field_text(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

/// Nothing where a field would become two.
std::optional<std::string> text_of(const HttpRequest& request) {
  std::string text = request.method + " " + request.url.target + " HTTP/1.1\r\nHost: " + request.url.authority() +
                     "\r\nContent-Length: " + std::to_string(request.body.size()) + "\r\n";
  for (const auto& [name, value] : request.fields) {
    if (!is_field_text(name) || !is_field_text(value)) {
      return std::nullopt;
    }
    text += name + ": " + value + "\r\n";
  }
  text += "\r\n";
  text += request.body;
  return text;
}

HttpResult answered(HttpAnswer answer) {
  HttpResult result;
  result.outcome = HttpResult::Outcome::answered;
  result.status = answer.status;
  result.retry_after = std::move(answer.retry_after);
  result.content_type = std::move(answer.content_type);
  result.body = std::move(answer.body);
  result.body_cut = answer.body_cut;
  return result;
}

}  // namespace

std::shared_ptr<asio::ssl::context> make_tls_context(const std::string& ca) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  context->set_verify_mode(asio::ssl::verify_peer);
  context->set_default_verify_paths();
  if (!ca.empty()) {
    context->load_verify_file(ca);
  }
  return context;
}

HttpClient::HttpClient(asio::any_io_executor executor, ports::Clock& clock, Resolver& resolver, AddressGuard guard,
                       std::shared_ptr<asio::ssl::context> tls, const ClientLimits& limits)
    : executor_(executor),
      clock_(clock),
      resolver_(resolver),
      guard_(std::move(guard)),
      tls_(std::move(tls)),
      limits_(limits),
      places_(executor, limits.connections_max, limits.waiting_max),
      idle_(executor, clock, limits) {}

void HttpClient::use(std::shared_ptr<asio::ssl::context> tls) {
  tls_ = std::move(tls);
  idle_.clear();
}

void HttpClient::use(AddressGuard guard) {
  guard_ = std::move(guard);
  idle_.clear();
}

ports::Clock::Steady HttpClient::within(std::chrono::milliseconds wait, ports::Clock::Steady deadline) {
  return std::min(clock_.steady_now() + wait, deadline);
}

std::vector<HttpClient::Address> HttpClient::permitted(const Url& url, std::vector<Address> found) const {
  std::erase_if(found, [this, &url](const Address& address) {
    return url.is_secure ? !guard_.permits(address) : !guard_.names(address);
  });
  if (found.size() > limits_.addresses_tried_max) {
    found.resize(limits_.addresses_tried_max);
  }
  return found;
}

asio::awaitable<std::vector<HttpClient::Address>> HttpClient::addresses_of(Url url,
                                                                           ports::Clock::Steady deadline) {
  std::vector<Address> found;
  if (url.host_is_address) {
    found.push_back(asio::ip::make_address(url.host));
    co_return found;
  }
  auto looking = resolver_.resolve(std::move(url.host));
  auto answer =
      co_await runtime::with_timeout(clock_, std::move(looking), within(limits_.resolve_ms_max, deadline));
  co_await throw_if_cancelled();
  if (answer) {
    found = std::move(*answer);
  }
  co_return found;
}

asio::awaitable<HttpClient::Found> HttpClient::connect_to(Address address, Url url,
                                                          ports::Clock::Steady deadline) {
  Found found;
  auto connection = std::make_shared<HttpConnection>(executor_, tls_);
  const HttpConnection::Endpoint endpoint(address, url.port);
  auto connecting = HttpConnection::connect(connection, endpoint);
  const auto connected =
      co_await runtime::with_timeout(clock_, std::move(connecting), within(limits_.connect_ms_max, deadline));
  co_await throw_if_cancelled();
  found.failure = HttpFailure::unreachable;
  if (!connected.value_or(false)) {
    co_return found;
  }
  if (url.is_secure) {
    auto greeting = HttpConnection::shake_hands(connection, std::move(url));
    const auto trusted =
        co_await runtime::with_timeout(clock_, std::move(greeting), within(limits_.handshake_ms_max, deadline));
    co_await throw_if_cancelled();
    if (!trusted.value_or(false)) {
      found.failure = trusted ? HttpFailure::not_trusted : HttpFailure::timed_out;
      co_return found;
    }
  }
  found.connection = std::move(connection);
  co_return found;
}

asio::awaitable<HttpClient::Found> HttpClient::connect(Url url, ports::Clock::Steady deadline) {
  Found found;
  auto known = co_await addresses_of(url, deadline);
  if (known.empty()) {
    found.failure = HttpFailure::unresolvable;
    co_return found;
  }
  const std::vector<Address> addresses = permitted(url, std::move(known));
  found.failure = HttpFailure::address_refused;
  for (const Address& address : addresses) {
    found = co_await connect_to(address, url, deadline);
    if (found.connection || clock_.steady_now() >= deadline) {
      break;
    }
  }
  co_return found;
}

asio::awaitable<HttpResult> HttpClient::exchange(std::shared_ptr<HttpConnection> connection, std::string text,
                                                 ports::Clock::Steady deadline) {
  AnswerReader::Limits limits{limits_.answer_head_bytes_max, limits_.answer_body_bytes_max};
  auto exchanging = HttpConnection::exchange(connection, std::move(text), limits);
  auto exchange = co_await runtime::with_timeout(clock_, std::move(exchanging), deadline);
  co_await throw_if_cancelled();
  if (exchange && exchange->state == AnswerReader::State::whole) {
    co_return answered(std::move(exchange->answer));
  }
  HttpFailure failure = HttpFailure::timed_out;
  if (exchange) {
    const bool is_bad = exchange->state == AnswerReader::State::bad;
    failure = is_bad ? HttpFailure::bad_answer : HttpFailure::broken_off;
  }
  co_return connection->has_sent() ? HttpResult::unknown(failure) : HttpResult::not_sent(failure);
}

asio::awaitable<HttpResult> HttpClient::request(HttpRequest request) {
  auto text = text_of(request);
  if (!text) {
    co_return HttpResult::not_sent(HttpFailure::malformed);
  }
  if (places_.is_full()) {
    co_return HttpResult::not_sent(HttpFailure::overloaded);
  }
  const auto place = co_await places_.take(clock_, request.deadline);
  co_await throw_if_cancelled();
  if (!place) {
    co_return HttpResult::not_sent(HttpFailure::no_connection);
  }
  const std::string origin = request.url.origin();
  if (auto idle = idle_.take(origin)) {
    HttpResult result = co_await exchange(idle, *text, request.deadline);
    if (result.outcome != HttpResult::Outcome::not_sent || clock_.steady_now() >= request.deadline) {
      if (idle->is_reusable()) {
        idle_.keep(origin, std::move(idle));
      }
      co_return result;
    }
  }
  if (places_.taken() + idle_.size() > limits_.connections_max) {
    idle_.drop_oldest();
  }
  Found found = co_await connect(std::move(request.url), request.deadline);
  if (!found.connection) {
    co_return HttpResult::not_sent(found.failure);
  }
  HttpResult result = co_await exchange(found.connection, std::move(*text), request.deadline);
  if (found.connection->is_reusable()) {
    idle_.keep(origin, std::move(found.connection));
  }
  co_return result;
}

}  // namespace tuanyuan::push
