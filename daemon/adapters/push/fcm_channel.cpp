#include "adapters/push/fcm_channel.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include "adapters/push/digests.hpp"
#include "adapters/push/fcm_message.hpp"
#include "adapters/push/limits.hpp"
#include "adapters/push/webhook_message.hpp"
#include "core/group_address.hpp"

namespace tuanyuan::push {
namespace {

bool is_registration_token(std::string_view text) {
  return !text.empty() && text.size() <= fcm_device_token_chars_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

FcmChannel::FcmChannel(const RestTools& tools, RestSettings settings, std::string android_channel,
                       const Words& words, const Credentials& secrets, const AnswerLinks& links)
    : TokenChannel(tools, std::move(settings)),
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
  account_mark_ = sha256(account_text_);
}

/// A file that is none must not end what works.
std::string FcmChannel::account_mark() {
  if (secrets_.of("service_account") == account_text_) {
    return account_mark_;
  }
  account_text_ = secrets_.of("service_account");
  auto read = GoogleAccount::parse(account_text_);
  if (!read) {
    log_.error("gateway.key_refused", {{"channel", "fcm"}});
    return account_mark_;
  }
  account_ = std::move(*read);
  account_mark_ = sha256(account_text_);
  return account_mark_;
}

core::Result<HttpRequest> FcmChannel::token_request() {
  HttpRequest request;
  request.url = account_->token_url();
  request.body = account_->token_form(now());
  request.fields.emplace_back("content-type", "application/x-www-form-urlencoded");
  return request;
}

bool FcmChannel::is_token_refused(const HttpResult& result) const {
  constexpr int unauthorized = 401;
  return result.status == unauthorized && fcm_error(result.body) != "THIRD_PARTY_AUTH_ERROR";
}

void FcmChannel::authorize(const std::string& token, HttpRequest& request) const {
  request.fields.emplace_back("authorization", "Bearer " + token);
}

core::Result<HttpRequest> FcmChannel::compose(const ports::Dispatch& dispatch, const core::Notice& notice) {
  const std::string& address = dispatch.endpoint.address;
  const auto group = core::group_address(kind(), address);
  if (group ? core::group_fault(kind(), address).has_value() : !is_registration_token(address)) {
    return core::Refusal(core::Errc::invalid);
  }
  FcmMessage message;
  message.id = message_id(dispatch);
  message.address = address;
  message.link = group ? "" : links_.url(link_of(dispatch, notice));
  if (group) {
    message.to = core::to_string(group->kind);
    message.address = group->name;
  }
  message.android_channel = android_channel_;
  message.kept = kept_for(dispatch, now(), {}, push_kept_max);
  auto body = fcm_body(notice, words_, dispatch.languages, message);
  if (!body) {
    return body.error();
  }
  return json_post(settings().base + "/v1/projects/" + account_->project() + "/messages:send", std::move(*body));
}

Verdict FcmChannel::judge(const HttpResult& result) {
  return fcm_verdict(result, now());
}

}  // namespace tuanyuan::push
