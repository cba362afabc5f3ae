#include "adapters/push/token_channel.hpp"

#include <utility>

namespace tuanyuan::push {

TokenChannel::TokenChannel(const RestTools& tools, RestSettings settings)
    : RestChannel(tools, std::move(settings)),
      log_(tools.log),
      tokens_(tools.clock, [this](ports::Clock::Steady deadline) { return ask_for_token(deadline); }) {}

boost::asio::awaitable<AccessTokens::Asked> TokenChannel::ask_for_token(ports::Clock::Steady deadline) {
  constexpr int ok = 200;
  AccessTokens::Asked asked;
  auto request = token_request();
  if (!request) {
    co_return asked;
  }
  auto asking = ask(std::move(*request), deadline);
  const HttpResult result = co_await std::move(asking);
  if (result.outcome == HttpResult::Outcome::answered && result.status == ok) {
    asked = token_in(result.body);
  }
  if (asked.token.empty()) {
    const Verdict verdict = judge(result);
    asked.wait = verdict.sent.retry_after;
    log_.error("gateway.no_token",
               {{"channel", std::string(core::to_string(kind()))}, {"reason", verdict.reason}});
  }
  co_return asked;
}

boost::asio::awaitable<ports::SendResult> TokenChannel::make_ready(std::string, ports::Clock::Steady deadline) {
  ports::SendResult ready;
  ready.outcome = core::DeliveryOutcome::accepted;
  if (!needs_token()) {
    co_return ready;
  }
  auto readying = tokens_.ready(account_mark(), deadline);
  const bool is_ready = co_await std::move(readying);
  if (!is_ready) {
    ready.outcome = core::DeliveryOutcome::retry;  // the message itself has not left
    ready.retry_after = tokens_.until_asked();
  }
  co_return ready;
}

bool TokenChannel::has_refused(const HttpResult& result) const {
  return needs_token() && result.outcome == HttpResult::Outcome::answered && is_token_refused(result);
}

boost::asio::awaitable<HttpResult> TokenChannel::carry(HttpRequest request) {
  const std::string token = tokens_.current();
  HttpRequest again = request;
  authorize(token, request);
  auto requesting = RestChannel::carry(std::move(request));
  HttpResult result = co_await std::move(requesting);
  if (!has_refused(result)) {
    co_return result;
  }
  tokens_.refuse(token);
  auto readying = tokens_.ready(account_mark(), again.deadline);
  const bool is_ready = co_await std::move(readying);
  if (!is_ready || steady_now() >= again.deadline) {
    co_return result;  // which says that it has not been carried out
  }
  const std::string another = tokens_.current();
  authorize(another, again);
  auto repeating = RestChannel::carry(std::move(again));
  result = co_await std::move(repeating);
  if (has_refused(result)) {
    tokens_.refuse(another);
  }
  co_return result;
}

}  // namespace tuanyuan::push
