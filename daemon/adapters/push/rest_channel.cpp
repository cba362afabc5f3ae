#include "adapters/push/rest_channel.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "adapters/push/digests.hpp"
#include "adapters/wire/json.hpp"
#include "core/group_address.hpp"

namespace tuanyuan::push {

RestChannel::RestChannel(const RestTools& tools, RestSettings settings)
    : tools_(tools), settings_(std::move(settings)) {}

core::Result<core::Notice> RestChannel::admit(const ports::Dispatch& dispatch) const {
  if (message_id(dispatch).empty() || is_expired(dispatch, now())) {
    return core::Refusal(core::Errc::invalid);
  }
  return notice_of(dispatch);
}

core::Result<HttpRequest> RestChannel::prepare(const ports::Dispatch& dispatch, const core::Notice& notice,
                                               ports::Clock::Steady deadline) {
  auto request = compose(dispatch, notice);
  if (request) {
    request->deadline = deadline;
    request->fields.emplace_back("user-agent", "tuanyuan");
    request->fields.emplace_back("x-message-id", message_id(dispatch));
  }
  return request;
}

ports::SendResult RestChannel::refuse(const ports::Dispatch& dispatch) {
  Verdict verdict;
  verdict.sent.outcome = core::DeliveryOutcome::rejected;
  verdict.sent.unsent = true;
  verdict.reason = "dispatch_refused";
  note(dispatch, verdict);
  return verdict.sent;
}

boost::asio::awaitable<ports::SendResult> RestChannel::make_ready(std::string, ports::Clock::Steady) {
  ports::SendResult ready;
  ready.outcome = core::DeliveryOutcome::accepted;
  co_return ready;
}

void RestChannel::note(const ports::Dispatch& dispatch, const Verdict& verdict) {
  if (verdict.sent.outcome == core::DeliveryOutcome::accepted) {
    return;
  }
  const bool is_final = verdict.sent.outcome == core::DeliveryOutcome::rejected;
  const auto* recipient = std::get_if<core::RecipientId>(&dispatch.delivery.target);
  const std::string whose = recipient == nullptr ? std::string() : recipient->value;
  if (verdict.sent.needs_people) {
    // Of group bots each has a secret of its own: whose is wrong has to be said.
    tools_.log.error(
        "gateway.refused",
        {{"channel", std::string(core::to_string(kind()))}, {"recipient", whose}, {"reason", verdict.reason}});
    return;
  }
  tools_.log.write(is_final ? ports::Severity::warning : ports::Severity::info, "gateway.not_accepted",
                   {{"channel", std::string(core::to_string(kind()))},
                    {"recipient", whose},
                    {"outcome", std::string(core::to_string(verdict.sent.outcome))},
                    {"reason", verdict.reason}});
}

Link RestChannel::link_of(const ports::Dispatch& dispatch, const core::Notice& notice) const {
  return {kind(), dispatch.delivery.alert_id, dispatch.delivery.version.revision,
          std::get<core::RecipientId>(dispatch.delivery.target), core::is_recall(notice.kind)};
}

boost::asio::awaitable<HttpResult> RestChannel::ask(HttpRequest request, ports::Clock::Steady deadline) {
  const ports::Clock::Steady now = tools_.clock.steady_now();
  request.deadline = now + (deadline - now) / 2;
  request.fields.emplace_back("user-agent", "tuanyuan");
  return tools_.http.request(std::move(request));
}

boost::asio::awaitable<HttpResult> RestChannel::carry(HttpRequest request, const ports::Dispatch&) {
  return tools_.http.request(std::move(request));
}

boost::asio::awaitable<ports::SendResult> RestChannel::send(const ports::Dispatch& dispatch) {
  const core::Result<core::Notice> notice = admit(dispatch);
  if (!notice) {
    co_return refuse(dispatch);
  }
  const ports::Clock::Steady deadline = tools_.clock.steady_now() + settings_.deadline_ms;
  std::string message = message_id(dispatch);
  auto readying = make_ready(std::move(message), deadline);
  Verdict verdict;
  verdict.sent = co_await std::move(readying);
  verdict.reason = "not_ready";
  if (verdict.sent.outcome == core::DeliveryOutcome::accepted) {
    auto request = prepare(dispatch, *notice, deadline);
    if (!request) {
      co_return refuse(dispatch);
    }
    request->still_due = [this, &dispatch] { return is_due(dispatch, now()); };
    auto requesting = carry(std::move(*request), dispatch);
    const HttpResult result = co_await std::move(requesting);
    verdict = judge(result);
    // That nobody is behind a topic or tag now does not mean that nobody will be.
    verdict.sent.address_dead =
        verdict.sent.address_dead && !core::group_address(kind(), dispatch.endpoint.address);
  }
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

std::string app_extras(const ports::Dispatch& dispatch, const core::Notice& notice, std::string_view link) {
  std::string extras = "{";
  append_member("alertId", dispatch.delivery.alert_id.value, extras);
  append_member("kind", core::to_string(notice.kind), extras);
  extras += R"(,"revision":)" + std::to_string(dispatch.delivery.version.revision);
  extras += R"(,"step":)" + std::to_string(dispatch.delivery.version.step);
  if (!link.empty()) {
    append_member("acknowledgeUrl", link, extras);
  }
  return extras + "}";
}

std::uint32_t place_of(const core::AlertId& alert) {
  const std::string digest = sha256(alert.value);
  std::uint32_t place = 0;
  for (std::size_t index = 0; index < sizeof(place); ++index) {
    place = (place << 8U) | static_cast<unsigned char>(digest[index]);
  }
  return std::max<std::uint32_t>(place & 0x7FFFFFFFU, 1);
}

void append_member(std::string_view name, std::string_view text, std::string& json) {
  json += json.empty() || json.back() == '{' ? "" : ",";
  wire::append_json_string(name, json);
  json += ':';
  wire::append_json_string(text, json);
}

}  // namespace tuanyuan::push
