#include "adapters/push/apns_channel.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include "adapters/push/limits.hpp"
#include "core/joined.hpp"

namespace tuanyuan::push {
namespace {

/// Until when APNs keeps it for a device that is away.
std::string kept_until(const ports::Dispatch& dispatch, core::Instant now) {
  const core::Instant until = dispatch.expires_at > now ? dispatch.expires_at : now + kept_default;
  return std::to_string(std::chrono::floor<std::chrono::seconds>(until).time_since_epoch().count());
}

template <class T>
T taken(core::Result<T> read, const char* what) {
  if (!read) {
    throw std::runtime_error("gateways.apns." + std::string(what) + ": " + read.error().detail.en);
  }
  return std::move(*read);
}

}  // namespace

ApnsChannel::ApnsChannel(const RestTools& tools, const Credentials& secrets, const Words& words,
                         const AnswerLinks& links, ApnsSettings settings)
    : tools_(tools),
      secrets_(secrets),
      words_(words),
      links_(links),
      settings_(std::move(settings)),
      base_(taken(parse_url(settings_.base), "base")),
      key_text_(secrets.of("key")),
      tokens_(tools.clock, taken(ApnsKey::parse(key_text_, settings_.key_id, settings_.team_id), "key")) {}

/// A file that is none must not end what works.
void ApnsChannel::look_at_key() {
  if (secrets_.of("key") == key_text_) {
    return;
  }
  key_text_ = secrets_.of("key");
  auto key = ApnsKey::parse(key_text_, settings_.key_id, settings_.team_id);
  if (key) {
    tokens_.use(std::move(*key));
  } else {
    tools_.log.error("apns.key_refused");
  }
}

/// Not of a notice whose end has come: until when a device that is away may still get it counts from now.
core::Result<std::shared_ptr<const HttpShared>> ApnsChannel::shared_by(const ports::Dispatch& dispatch,
                                                                       const std::string& token) {
  const bool is_notice = dispatch.delivery.parcel == core::Parcel::notice && dispatch.copy != nullptr;
  const bool is_kept = is_notice && dispatch.expires_at > tools_.clock.wall_now();
  auto found = shared_.find([&](const Source& source) {
    return source.copy == dispatch.copy && source.expires_at == dispatch.expires_at &&
           source.languages == dispatch.languages && source.token == token;
  });
  if (is_kept && found) {
    return found;
  }
  auto made = compose_shared(dispatch, token);
  if (is_kept && made) {
    shared_.keep({dispatch.copy, dispatch.languages, dispatch.expires_at, token}, *made);
  }
  return made;
}

core::Result<std::shared_ptr<const HttpShared>> ApnsChannel::compose_shared(const ports::Dispatch& dispatch,
                                                                            const std::string& token) const {
  const auto notice = notice_of(dispatch);
  if (!notice) {
    return notice.error();
  }
  auto payload = apns_payload(*notice, words_, dispatch.languages, settings_.is_critical);
  if (!payload) {
    return payload.error();
  }
  payload->pop_back();  // the brace that closes it
  auto made = std::make_shared<HttpShared>();
  made->body = std::move(*payload);
  made->fields = {{"user-agent", settings_.user_agent},
                  {"apns-topic", settings_.topic},
                  {"apns-push-type", "alert"},
                  {"apns-priority", "10"},
                  {"apns-expiration", kept_until(dispatch, tools_.clock.wall_now())},
                  {"apns-collapse-id", dispatch.delivery.alert_id.value},
                  {"authorization", core::joined({"bearer ", token})}};
  return std::shared_ptr<const HttpShared>(std::move(made));
}

core::Result<HttpRequest> ApnsChannel::compose(const ports::Dispatch& dispatch, const std::string& token) {
  const core::Delivery& delivery = dispatch.delivery;
  const auto* recipient = std::get_if<core::RecipientId>(&delivery.target);
  const core::Instant now = tools_.clock.wall_now();
  const bool is_ours = delivery.parcel == core::Parcel::notice || delivery.parcel == core::Parcel::notice_clear;
  if (recipient == nullptr || !is_ours || is_expired(dispatch, now) ||
      !is_device_token(dispatch.endpoint.address)) {
    return core::Refusal(core::Errc::invalid);
  }
  auto shared = shared_by(dispatch, token);
  if (!shared) {
    return shared.error();
  }
  HttpRequest request;
  request.still_due = [this, &dispatch] { return is_due(dispatch, tools_.clock.wall_now()); };
  request.url = base_;
  request.url.target = core::joined({"/3/device/", dispatch.endpoint.address});
  const bool is_recall = core::is_recall(delivery.kind) || delivery.parcel == core::Parcel::notice_clear;
  const Link link{kind(), delivery.alert_id, delivery.version.revision, *recipient, is_recall};
  request.shared = std::move(*shared);
  request.body = ending_with_link(links_.url(link), request.shared->body.size(), apns_payload_bytes_max);
  request.fields.emplace_back("apns-id", apns_id(*recipient, delivery));
  return request;
}

/// The token to try again with; empty: there may be none yet.
std::string ApnsChannel::another_than(const std::string& refused) {
  const bool is_news = !tokens_.is_refused();
  const ApnsTokens::Replaced replaced = tokens_.replace(refused);
  if (replaced != ApnsTokens::Replaced::already && is_news) {
    tools_.http.start_afresh(base_);  // a connection that has seen an expired token stays of no use
  }
  if (replaced == ApnsTokens::Replaced::too_soon && is_news) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(tokens_.age()).count();
    tools_.log.error("apns.fresh_token_expired", {{"token_seconds", std::to_string(seconds)}});
  }
  const std::string& another = tokens_.current();
  return tokens_.is_refused() ? std::string() : another;
}

/// People have to look at the clock; whether they have is looked at often, so that nobody waits for longer.
void ApnsChannel::await_another(ApnsVerdict& verdict) {
  verdict.sent.outcome = core::DeliveryOutcome::retry;
  verdict.sent.needs_people = true;
  verdict.sent.retry_after = std::min<core::Duration>(tokens_.until_replaceable(), apns_clock_look);
}

/// Nothing: it is none for APNs, or has expired. No part of the coroutine that waits for it, which would keep room
/// for a request that has left.
std::optional<boost::asio::awaitable<HttpResult>> ApnsChannel::ask(const ports::Dispatch& dispatch,
                                                                   const std::string& token,
                                                                   ports::Clock::Steady deadline) {
  auto request = compose(dispatch, token);
  if (!request) {
    return std::nullopt;
  }
  request->deadline = deadline;
  return tools_.http.request(std::move(*request));
}

boost::asio::awaitable<ports::SendResult> ApnsChannel::send(const ports::Dispatch& dispatch) {
  ApnsVerdict verdict;
  look_at_key();
  const std::string token = tokens_.current();
  const ports::Clock::Steady deadline = tools_.clock.steady_now() + settings_.deadline_ms;
  auto asking = ask(dispatch, token, deadline);
  if (!asking) {
    verdict.sent.outcome = core::DeliveryOutcome::rejected;
    verdict.sent.unsent = true;
    verdict.reason = "dispatch_refused";
  } else if (tokens_.is_refused()) {
    verdict.reason = "token_refused";
    await_another(verdict);
  } else {
    const HttpResult result = co_await std::move(*asking);
    verdict = apns_verdict(result, tools_.clock.wall_now());
    if (verdict.need == ApnsNeed::new_token) {
      auto asking_again = ask_again(dispatch, another_than(token), deadline, std::move(verdict));
      verdict = co_await std::move(asking_again);
    }
  }
  note(dispatch, verdict);
  co_return verdict.sent;
}

/// `first` is what the token before came to. The dispatch is the caller's, and stays as long.
boost::asio::awaitable<ApnsVerdict> ApnsChannel::ask_again(const ports::Dispatch& dispatch, std::string token,
                                                           ports::Clock::Steady deadline, ApnsVerdict first) {
  if (token.empty()) {
    await_another(first);
    co_return first;
  }
  auto asking = ask(dispatch, token, deadline);
  if (!asking || !is_due(dispatch, tools_.clock.wall_now())) {
    co_return first;  // it has expired meanwhile, or was overtaken
  }
  const HttpResult result = co_await std::move(*asking);
  co_return apns_verdict(result, tools_.clock.wall_now());
}

void ApnsChannel::note(const ports::Dispatch& dispatch, const ApnsVerdict& verdict) {
  if (verdict.sent.outcome == core::DeliveryOutcome::accepted) {
    return;
  }
  if (verdict.need == ApnsNeed::operator_) {
    tools_.log.error("apns.refused", {{"reason", verdict.reason}});
    return;
  }
  const auto* recipient = std::get_if<core::RecipientId>(&dispatch.delivery.target);
  const bool is_final = verdict.sent.outcome == core::DeliveryOutcome::rejected;
  tools_.log.write(is_final ? ports::Severity::warning : ports::Severity::info, "apns.not_accepted",
                   {{"recipient", recipient == nullptr ? std::string() : recipient->value},
                    {"outcome", std::string(core::to_string(verdict.sent.outcome))},
                    {"reason", verdict.reason}});
}

}  // namespace tuanyuan::push
