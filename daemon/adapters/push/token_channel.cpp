#include "adapters/push/token_channel.hpp"

#include <utility>

namespace tuanyuan::push {
namespace {

/// An answer without a token, that does not say or mean: later.
bool is_refusal(const HttpResult& result) {
  constexpr int timed_out = 408;
  constexpr int too_many = 429;
  constexpr int server_error = 500;
  return result.outcome == HttpResult::Outcome::answered && result.status != timed_out &&
         result.status != too_many && result.status < server_error;
}

}  // namespace

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
    asked.is_refused = asked.wait == core::Duration(0) && is_refusal(result);
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
    ready.needs_people = tokens_.is_refused();
  }
  co_return ready;
}

bool TokenChannel::has_refused(const HttpResult& result) const {
  return needs_token() && result.outcome == HttpResult::Outcome::answered && is_token_refused(result);
}

boost::asio::awaitable<HttpResult> TokenChannel::carry(HttpRequest request, const ports::Dispatch& dispatch) {
  const std::string token = tokens_.current();
  HttpRequest again = request;
  authorize(token, request);
  auto requesting = RestChannel::carry(std::move(request), dispatch);
  HttpResult result = co_await std::move(requesting);
  if (!has_refused(result)) {
    co_return result;
  }
  tokens_.refuse(token);
  auto readying = tokens_.ready(account_mark(), again.deadline);
  const bool is_ready = co_await std::move(readying);
  if (!is_ready || steady_now() >= again.deadline || !is_due(again)) {
    co_return result;  // which says that it has not been carried out
  }
  const std::string another = tokens_.current();
  authorize(another, again);
  auto repeating = RestChannel::carry(std::move(again), dispatch);
  result = co_await std::move(repeating);
  if (has_refused(result)) {
    tokens_.refuse(another);
  }
  co_return result;
}

}  // namespace tuanyuan::push
