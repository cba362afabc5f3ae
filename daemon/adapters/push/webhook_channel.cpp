#include "adapters/push/webhook_channel.hpp"

#include <optional>
#include <utility>
#include <variant>

#include "adapters/push/cloud_event.hpp"
#include "adapters/push/url.hpp"
#include "adapters/push/webhook_message.hpp"
#include "adapters/push/webhook_signature.hpp"
#include "adapters/push/words.hpp"
#include "core/joined.hpp"

namespace tuanyuan::push {

WebhookChannel::WebhookChannel(Http& http, ports::Clock& clock, ports::Log& log, WebhookSettings settings,
                               const AnswerLinks* links)
    : http_(http), clock_(clock), log_(log), settings_(std::move(settings)), links_(links) {}

std::string WebhookChannel::lane(const ports::Dispatch& dispatch) const {
  const auto url = parse_url(dispatch.endpoint.address);
  return url ? url->origin() : std::string();
}

std::string WebhookChannel::acknowledge_url(const core::RecipientId& recipient,
                                            const core::Delivery& delivery) const {
  if (links_ == nullptr) {
    return {};
  }
  Link link;
  link.channel = kind();
  link.alert_id = delivery.alert_id;
  link.revision = delivery.version.revision;
  link.recipient = recipient;
  link.is_recall = core::is_recall(delivery.kind) || delivery.parcel == core::Parcel::notice_clear;
  return links_->url(link);
}

core::Result<std::shared_ptr<const HttpShared>> WebhookChannel::shared_by(const ports::Dispatch& dispatch) {
  const core::Delivery& delivery = dispatch.delivery;
  const bool is_kept = delivery.parcel == core::Parcel::notice && dispatch.copy != nullptr;
  auto found = shared_.find([&](const Source& source) {
    return source.copy == dispatch.copy && source.alert_id == delivery.alert_id &&
           source.version == delivery.version && source.kind == delivery.kind;
  });
  if (is_kept && found) {
    return found;
  }
  auto body = open_webhook_body(dispatch);
  if (!body) {
    return body.error();
  }
  const bool is_wrapped = settings_.format == WebhookFormat::cloudevents;
  auto made = std::make_shared<HttpShared>();
  made->fields = {{"content-type", is_wrapped ? "application/cloudevents+json" : "application/json"},
                  {"user-agent", settings_.user_agent}};
  made->body = std::move(*body);
  found = std::move(made);
  if (is_kept) {
    shared_.keep({dispatch.copy, delivery.alert_id, delivery.version, delivery.kind}, found);
  }
  return found;
}

core::Result<void> WebhookChannel::put_content(const ports::Dispatch& dispatch, const std::string& id,
                                               std::string ending, HttpRequest& request) {
  auto shared = shared_by(dispatch);
  if (!shared) {
    return shared.error();
  }
  std::optional<EventContext> context;
  if (settings_.format != WebhookFormat::plain) {
    auto known = event_context(dispatch, id, settings_.source);
    if (!known) {
      return known.error();
    }
    context = std::move(*known);
  }
  if (settings_.format == WebhookFormat::cloudevents) {
    request.fields = (*shared)->fields;
    request.body = structured_event(*context, core::joined({(*shared)->body, ending}));
    return {};
  }
  if (context) {
    request.fields = binary_event_fields(*context);
  }
  request.shared = std::move(*shared);
  request.body = std::move(ending);
  return {};
}

core::Result<HttpRequest> WebhookChannel::compose(const ports::Dispatch& dispatch) {
  const auto* recipient = std::get_if<core::RecipientId>(&dispatch.delivery.target);
  const core::Instant now = clock_.wall_now();
  const core::Parcel parcel = dispatch.delivery.parcel;
  const bool is_ours = parcel == core::Parcel::notice || parcel == core::Parcel::notice_clear;
  if (recipient == nullptr || !is_ours || is_expired(dispatch, now)) {
    return core::Refusal(core::Errc::invalid);
  }
  auto url = parse_url(dispatch.endpoint.address);
  if (!url) {
    return url.error();
  }
  HttpRequest request;
  request.url = std::move(*url);
  request.deadline = clock_.steady_now() + settings_.deadline_ms;
  const std::string id = webhook_id(*recipient, dispatch.delivery.alert_id, dispatch.delivery.version, parcel);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  std::string ending =
      ending_with_link(acknowledge_url(*recipient, dispatch.delivery), 0, request.body.max_size());
  if (const auto put = put_content(dispatch, id, std::move(ending), request); !put) {
    return put.error();
  }
  request.fields.emplace_back("webhook-id", id);
  request.fields.emplace_back("webhook-timestamp", std::to_string(seconds));
  if (!dispatch.endpoint.secret.empty()) {
    const auto keys = WebhookKeys::parse(dispatch.endpoint.secret);
    if (!keys || !keys->can_sign()) {
      return core::Refusal(core::Errc::invalid);
    }
    request.fields.emplace_back("webhook-signature", keys->sign({id, seconds, body_of(request)}));
  }
  return request;
}

void WebhookChannel::note(const core::RecipientId& recipient, const ports::SendResult& sent, std::string reason) {
  if (sent.outcome == core::DeliveryOutcome::accepted) {
    return;
  }
  const bool is_final = sent.outcome == core::DeliveryOutcome::rejected;
  log_.write(is_final ? ports::Severity::warning : ports::Severity::info, "webhook.not_accepted",
             {{"recipient", recipient.value},
              {"outcome", std::string(core::to_string(sent.outcome))},
              {"reason", std::move(reason)}});
}

boost::asio::awaitable<ports::SendResult> WebhookChannel::send(const ports::Dispatch& dispatch) {
  core::RecipientId recipient;
  if (const auto* id = std::get_if<core::RecipientId>(&dispatch.delivery.target)) {
    recipient = *id;
  }
  ports::SendResult sent;
  auto request = compose(dispatch);
  if (!request) {
    sent.outcome = core::DeliveryOutcome::rejected;
    sent.unsent = true;
    note(recipient, sent, "dispatch_refused");
    co_return sent;
  }
  request->still_due = [this, &dispatch] { return is_due(dispatch, clock_.wall_now()); };
  auto requesting = http_.request(std::move(*request));
  const HttpResult result = co_await std::move(requesting);
  sent = outcome_of(result, clock_.wall_now());
  note(recipient, sent, reason_of(result));
  co_return sent;
}

}  // namespace tuanyuan::push
