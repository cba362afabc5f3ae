#include "adapters/push/fcm_channel.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include "adapters/push/fcm_message.hpp"
#include "adapters/push/limits.hpp"
#include "adapters/push/webhook_message.hpp"

namespace tuanyuan::push {
namespace {

constexpr std::chrono::seconds asking_pause{5};
/// What is refused so soon after a token came may have had the one before.
constexpr std::chrono::seconds token_kept_min{1};

bool is_registration_token(std::string_view text) {
  return !text.empty() && text.size() <= fcm_device_token_chars_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

/// How long FCM keeps it for a device that is away; four weeks are the most that it takes.
std::chrono::seconds kept_for(const ports::Dispatch& dispatch, core::Instant now) {
  constexpr std::chrono::hours most{28 * 24};
  const core::Duration left = dispatch.expires_at > now ? dispatch.expires_at - now : push_kept_default;
  return std::min<std::chrono::seconds>(std::chrono::ceil<std::chrono::seconds>(left), most);
}

}  // namespace

FcmChannel::FcmChannel(const RestTools& tools, RestSettings settings, std::string android_channel,
                       const Words& words, const Credentials& secrets, const AnswerLinks& links)
    : RestChannel(tools, std::move(settings)),
      log_(tools.log),
      android_channel_(std::move(android_channel)),
      words_(words),
      secrets_(secrets),
      links_(links),
      account_text_(secrets.of("service_account")) {
  auto read = GoogleAccount::parse(account_text_);
  if (!read) {
    throw std::runtime_error("gateways.fcm.service_account: " + read.error().detail.en);
  }
  account_ = std::move(*read);
}

/// A file that is none must not end what works.
void FcmChannel::look_at_account() {
  if (secrets_.of("service_account") == account_text_) {
    return;
  }
  account_text_ = secrets_.of("service_account");
  auto read = GoogleAccount::parse(account_text_);
  if (!read) {
    log_.error("gateway.key_refused", {{"channel", "fcm"}});
    return;
  }
  account_ = std::move(*read);
  token_.clear();
  no_asking_before_ = {};
}

bool FcmChannel::has_token() const {
  return !token_.empty() && now() < token_until_;
}

/// One asks for a token, and whoever else needs it waits for that.
boost::asio::awaitable<ports::SendResult> FcmChannel::make_ready(std::string) {
  look_at_account();
  ports::SendResult ready;
  ready.outcome = core::DeliveryOutcome::accepted;
  if (has_token()) {
    co_return ready;
  }
  const runtime::Turns::Turn turn = co_await turns_.take("token");
  if (has_token()) {
    co_return ready;
  }
  if (now() < no_asking_before_) {
    ready.outcome = core::DeliveryOutcome::retry;
    ready.retry_after = no_asking_before_ - now();
    co_return ready;
  }
  HttpRequest request;
  request.url = account_->token_url();
  request.body = account_->token_form(now());
  request.fields.emplace_back("content-type", "application/x-www-form-urlencoded");
  auto asking = ask(std::move(request));
  const HttpResult result = co_await std::move(asking);
  ready = take_token(result);
  co_return ready;
}

ports::SendResult FcmChannel::take_token(const HttpResult& result) {
  constexpr int ok = 200;
  ports::SendResult taken;
  const std::vector<std::string> tokens = texts_in(result.body, {"access_token"});
  const bool is_answered = result.outcome == HttpResult::Outcome::answered && result.status == ok;
  if (is_answered && tokens.size() == 1 && !tokens.front().empty()) {
    const std::chrono::seconds good_for{
        std::max<std::int64_t>(number_in(result.body, {"expires_in"}).value_or(0), 0)};
    const std::chrono::seconds kept =
        std::min<std::chrono::seconds>(good_for, fcm_token_kept_max) - fcm_token_early;
    token_ = tokens.front();
    token_from_ = now();
    token_until_ = now() + std::max<std::chrono::seconds>(kept, asking_pause);
    taken.outcome = core::DeliveryOutcome::accepted;
    return taken;
  }
  log_.error("fcm.no_access_token",
             {{"reason", is_answered || result.status != 0 ? std::to_string(result.status)
                                                           : std::string(to_string(result.failure))}});
  no_asking_before_ = now() + asking_pause;
  taken.outcome = core::DeliveryOutcome::retry;  // the message itself has not left
  taken.retry_after = std::max<core::Duration>(outcome_of(result, now()).retry_after, asking_pause);
  return taken;
}

core::Result<HttpRequest> FcmChannel::compose(const ports::Dispatch& dispatch, const core::Notice& notice) {
  if (!is_registration_token(dispatch.endpoint.address)) {
    return core::Refusal(core::Errc::invalid);
  }
  const auto& recipient = std::get<core::RecipientId>(dispatch.delivery.target);
  const Link link{kind(), dispatch.delivery.alert_id, dispatch.delivery.version.revision, recipient,
                  core::is_recall(notice.kind)};
  FcmMessage message;
  message.id = message_id(dispatch);
  message.token = dispatch.endpoint.address;
  message.link = links_.url(link);
  message.android_channel = android_channel_;
  message.kept = kept_for(dispatch, now());
  auto body = fcm_body(notice, words_, dispatch.languages, message);
  if (!body) {
    return body.error();
  }
  auto request =
      json_post(settings().base + "/v1/projects/" + account_->project() + "/messages:send", std::move(*body));
  if (request) {
    request->fields.emplace_back("authorization", "Bearer " + token_);
  }
  return request;
}

Verdict FcmChannel::judge(const HttpResult& result) {
  constexpr int unauthorized = 401;
  Verdict verdict = fcm_verdict(result, now());
  verdict.once_more = result.outcome == HttpResult::Outcome::answered && result.status == unauthorized &&
                      verdict.reason != "401/THIRD_PARTY_AUTH_ERROR";
  if (verdict.once_more && now() >= token_from_ + token_kept_min) {
    token_until_ = now();
  }
  return verdict;
}

}  // namespace tuanyuan::push
