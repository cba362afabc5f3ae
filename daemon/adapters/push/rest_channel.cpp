#include "adapters/push/rest_channel.hpp"

#include <utility>
#include <variant>

#include "adapters/wire/json.hpp"

namespace tuanyuan::push {
namespace {

bool is_expired(const ports::Dispatch& dispatch, core::Instant now) {
  return !core::is_recall(dispatch.delivery.kind) && dispatch.expires_at != core::Instant{} &&
         dispatch.expires_at <= now;
}

}  // namespace

RestChannel::RestChannel(const RestTools& tools, RestSettings settings)
    : tools_(tools), settings_(std::move(settings)) {}

core::Result<HttpRequest> RestChannel::prepare(const ports::Dispatch& dispatch) {
  const std::string id = message_id(dispatch);
  if (id.empty() || is_expired(dispatch, now())) {
    return core::Refusal(core::Errc::invalid);
  }
  const auto notice = notice_of(dispatch);
  if (!notice) {
    return notice.error();
  }
  auto request = compose(dispatch, *notice);
  if (request) {
    request->deadline = tools_.clock.steady_now() + settings_.deadline_ms;
    request->fields.emplace_back("user-agent", "tuanyuan");
    request->fields.emplace_back("x-message-id", id);
  }
  return request;
}

void RestChannel::note(const ports::Dispatch& dispatch, const Verdict& verdict) {
  if (verdict.sent.outcome == core::DeliveryOutcome::accepted) {
    return;
  }
  const bool is_final = verdict.sent.outcome == core::DeliveryOutcome::rejected;
  const auto* recipient = std::get_if<core::RecipientId>(&dispatch.delivery.target);
  tools_.log.write(is_final ? ports::Severity::warning : ports::Severity::info, "gateway.not_accepted",
                   {{"channel", std::string(core::to_string(kind()))},
                    {"recipient", recipient == nullptr ? std::string() : recipient->value},
                    {"outcome", std::string(core::to_string(verdict.sent.outcome))},
                    {"reason", verdict.reason}});
}

boost::asio::awaitable<ports::SendResult> RestChannel::send(ports::Dispatch dispatch) {
  Verdict verdict;
  auto request = prepare(dispatch);
  if (!request) {
    verdict.sent.outcome = core::DeliveryOutcome::rejected;
    verdict.reason = "dispatch_refused";
    note(dispatch, verdict);
    co_return verdict.sent;
  }
  auto requesting = tools_.http.request(std::move(*request));
  const HttpResult result = co_await std::move(requesting);
  verdict = judge(result);
  note(dispatch, verdict);
  co_return verdict.sent;
}

core::Result<HttpRequest> json_post(std::string_view url, std::string body) {
  auto parsed = parse_url(url);
  if (!parsed) {
    return parsed.error();
  }
  HttpRequest request;
  request.url = std::move(*parsed);
  request.body = std::move(body);
  request.fields.emplace_back("content-type", "application/json; charset=utf-8");
  return request;
}

void append_member(std::string_view name, std::string_view text, std::string& json) {
  json += json.empty() || json.back() == '{' ? "" : ",";
  wire::append_json_string(name, json);
  json += ':';
  wire::append_json_string(text, json);
}

}  // namespace tuanyuan::push
