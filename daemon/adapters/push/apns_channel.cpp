#include "adapters/push/apns_channel.hpp"

#include <utility>
#include <variant>

#include "adapters/push/limits.hpp"

namespace tuanyuan::push {
namespace {

bool is_expired(const ports::Dispatch& dispatch, core::Instant now) {
  return !core::is_recall(dispatch.delivery.kind) && dispatch.expires_at != core::Instant{} &&
         dispatch.expires_at <= now;
}

/// Until when APNs keeps it for a device that is away.
std::string kept_until(const ports::Dispatch& dispatch, core::Instant now) {
  const core::Instant until = dispatch.expires_at > now ? dispatch.expires_at : now + apns_kept_default;
  return std::to_string(std::chrono::floor<std::chrono::seconds>(until).time_since_epoch().count());
}

}  // namespace

ApnsChannel::ApnsChannel(Http& http, ports::Clock& clock, ports::Log& log, ApnsKey key, ApnsSettings settings)
    : http_(http), clock_(clock), log_(log), settings_(std::move(settings)), tokens_(clock, std::move(key)) {}

core::Result<HttpRequest> ApnsChannel::compose(const ports::Dispatch& dispatch) {
  const core::Delivery& delivery = dispatch.delivery;
  const auto* recipient = std::get_if<core::RecipientId>(&delivery.target);
  const core::Instant now = clock_.wall_now();
  const bool is_ours = delivery.parcel == core::Parcel::notice || delivery.parcel == core::Parcel::notice_clear;
  if (recipient == nullptr || !is_ours || is_expired(dispatch, now) ||
      !is_device_token(dispatch.endpoint.address)) {
    return core::Refusal(core::Errc::invalid);
  }
  auto payload = apns_payload(dispatch, settings_.is_critical);
  if (!payload) {
    return payload.error();
  }
  HttpRequest request;
  request.url = settings_.base;
  request.url.target = "/3/device/" + dispatch.endpoint.address;
  request.body = std::move(*payload);
  request.deadline = clock_.steady_now() + settings_.deadline_ms;
  request.fields.emplace_back("user-agent", settings_.user_agent);
  request.fields.emplace_back("apns-topic", settings_.topic);
  request.fields.emplace_back("apns-push-type", "alert");
  request.fields.emplace_back("apns-priority", "10");
  request.fields.emplace_back("apns-expiration", kept_until(dispatch, now));
  request.fields.emplace_back("apns-collapse-id", delivery.alert_id.value);
  request.fields.emplace_back("apns-id", apns_id(*recipient, delivery));
  return request;
}

boost::asio::awaitable<ApnsVerdict> ApnsChannel::ask(HttpRequest request) {
  const std::string token = tokens_.current();
  request.fields.emplace_back("authorization", "bearer " + token);
  HttpRequest again = request;
  again.fields.pop_back();
  auto requesting = http_.request(std::move(request));
  const HttpResult result = co_await std::move(requesting);
  ApnsVerdict verdict = apns_verdict(result, clock_.wall_now());
  if (verdict.need != ApnsNeed::new_token) {
    co_return verdict;
  }
  const ApnsTokens::Replaced replaced = tokens_.replace(token);
  if (replaced == ApnsTokens::Replaced::too_soon) {
    verdict.sent.retry_after = tokens_.until_replaceable();
    co_return verdict;
  }
  if (replaced == ApnsTokens::Replaced::now) {
    http_.start_afresh(settings_.base);  // a connection that has seen an expired token stays of no use
  }
  again.fields.emplace_back("authorization", "bearer " + tokens_.current());
  auto repeating = http_.request(std::move(again));
  const HttpResult second = co_await std::move(repeating);
  verdict = apns_verdict(second, clock_.wall_now());
  co_return verdict;
}

void ApnsChannel::note(const core::RecipientId& recipient, const ApnsVerdict& verdict) {
  if (verdict.sent.outcome == core::DeliveryOutcome::accepted) {
    return;
  }
  if (verdict.need == ApnsNeed::operator_) {
    log_.error("apns.refused", {{"reason", verdict.reason}});
    return;
  }
  const bool is_final = verdict.sent.outcome == core::DeliveryOutcome::rejected;
  log_.write(is_final ? ports::Severity::warning : ports::Severity::info, "apns.not_accepted",
             {{"recipient", recipient.value},
              {"outcome", std::string(core::to_string(verdict.sent.outcome))},
              {"reason", verdict.reason}});
}

boost::asio::awaitable<ports::SendResult> ApnsChannel::send(ports::Dispatch dispatch) {
  core::RecipientId recipient;
  if (const auto* id = std::get_if<core::RecipientId>(&dispatch.delivery.target)) {
    recipient = *id;
  }
  ApnsVerdict verdict;
  auto request = compose(dispatch);
  if (request) {
    auto asking = ask(std::move(*request));
    verdict = co_await std::move(asking);
  } else {
    verdict.sent.outcome = core::DeliveryOutcome::rejected;
    verdict.reason = "dispatch_refused";
  }
  note(recipient, verdict);
  co_return verdict.sent;
}

}  // namespace tuanyuan::push
