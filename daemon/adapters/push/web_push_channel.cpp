#include "adapters/push/web_push_channel.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include "adapters/push/limits.hpp"
#include "adapters/push/web_push_message.hpp"

namespace tuanyuan::push {

WebPushChannel::WebPushChannel(core::ChannelKind kind, const RestTools& tools, RestSettings settings,
                               std::string subject, const Words& words, const Credentials& secrets,
                               const AnswerLinks& links)
    : RestChannel(tools, std::move(settings)),
      kind_(kind),
      log_(tools.log),
      subject_(std::move(subject)),
      words_(words),
      secrets_(secrets),
      links_(links),
      key_text_(secrets.of("key")) {
  if (key_text_.empty() && kind_ == core::ChannelKind::unified_push) {
    return;
  }
  auto read = Vapid::parse(key_text_, subject_);
  if (!read) {
    throw std::runtime_error("gateways." + std::string(core::to_string(kind_)) + ": " + read.error().detail.en);
  }
  vapid_ = std::move(*read);
}

/// A file that is none must not end what works.
void WebPushChannel::look_at_key() {
  if (secrets_.of("key") == key_text_) {
    return;
  }
  key_text_ = secrets_.of("key");
  auto read = Vapid::parse(key_text_, subject_);
  if (read) {
    vapid_ = std::move(*read);
  } else {
    log_.error("gateway.key_refused", {{"channel", std::string(core::to_string(kind_))}});
  }
}

std::string WebPushChannel::lane(const ports::Dispatch& dispatch) const {
  const auto to = parse_push_subscription(dispatch.endpoint.address, dispatch.endpoint.secret);
  return to ? to->endpoint.origin() : std::string();
}

core::Result<std::string> WebPushChannel::payload(const ports::Dispatch& dispatch,
                                                  const core::Notice& notice) const {
  auto composed = web_push_payload(notice, words_, dispatch.languages, message_id(dispatch));
  if (!composed) {
    return composed;
  }
  return with_link(*composed, links_.url(link_of(dispatch, notice)), push_plaintext_bytes_max);
}

core::Result<HttpRequest> WebPushChannel::compose(const ports::Dispatch& dispatch, const core::Notice& notice) {
  auto to = parse_push_subscription(dispatch.endpoint.address, dispatch.endpoint.secret);
  if (!to) {
    return to.error();
  }
  const std::size_t endpoint_bytes = to->endpoint.origin().size() + to->endpoint.target.size();
  if (kind_ == core::ChannelKind::unified_push && endpoint_bytes > unified_push_endpoint_bytes_max) {
    return core::Refusal(core::Errc::too_large);
  }
  const auto text = payload(dispatch, notice);
  if (!text) {
    return text.error();
  }
  auto body = PushSeal::fresh().seal(*to, *text);
  if (!body) {
    return body.error();
  }
  look_at_key();
  HttpRequest request;
  request.url = std::move(to->endpoint);
  request.body = std::move(*body);
  request.fields.emplace_back("content-type", "application/octet-stream");
  request.fields.emplace_back("content-encoding", "aes128gcm");
  // A push service may keep it for less (RFC 8030, section 5.2), but FCM's refuses to be asked for more than its
  // longest (unverified).
  request.fields.emplace_back("ttl", std::to_string(kept_for(dispatch, now(), {}, push_kept_max).count()));
  request.fields.emplace_back("urgency", "high");
  request.fields.emplace_back(
      "topic", web_push_topic(std::get<core::RecipientId>(dispatch.delivery.target), dispatch.delivery.alert_id));
  if (vapid_) {
    request.fields.emplace_back("authorization", vapid_->authorization(request.url, now()));
  }
  return request;
}

/// 404 and 410 say that the subscription is gone (RFC 8030, section 7.3).
Verdict WebPushChannel::judge(const HttpResult& result) {
  constexpr int not_found = 404;
  Verdict verdict = judge_by_status(result, now());
  if (result.outcome == HttpResult::Outcome::answered && result.status == not_found) {
    verdict.sent = {};
    verdict.sent.outcome = core::DeliveryOutcome::rejected;
    verdict.sent.address_dead = true;
  }
  return verdict;
}

}  // namespace tuanyuan::push
