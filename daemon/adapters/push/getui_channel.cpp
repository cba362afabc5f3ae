#include "adapters/push/getui_channel.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "adapters/push/digests.hpp"
#include "adapters/wire/json.hpp"
#include "core/group_address.hpp"

namespace tuanyuan::push {
namespace {

constexpr std::chrono::hours token_kept_for{12};  ///< Getui's last a day
constexpr std::int32_t minute = 60;
constexpr std::int64_t token_unknown = 10'001;
constexpr std::array codes{
    CodeRow{0, CodeMeaning::accepted},
    CodeRow{token_unknown, CodeMeaning::retry},       // with a new token
    CodeRow{10'003, CodeMeaning::throttled, minute},  // too many requests
    CodeRow{10'005, CodeMeaning::throttled, minute},
    CodeRow{20'001, CodeMeaning::dead},  // "target user is invalid"
};
constexpr std::chrono::hours kept_max{72};  ///< unverified: Getui's longest
constexpr std::chrono::seconds kept_min{60};
constexpr std::size_t title_units_max = 50;
constexpr std::size_t text_units_max = 256;  // unverified: what Getui lets a notification's text have

/// Where it is not said, Getui keeps it for two hours (unverified).
std::int64_t kept_ms(const ports::Dispatch& dispatch, core::Instant now) {
  return core::Duration(kept_for(dispatch, now, kept_min, kept_max)).count();
}

}  // namespace

GetuiChannel::GetuiChannel(const RestTools& tools, RestSettings settings, GetuiSettings getui, const Words& words,
                           const Credentials& secrets, const AnswerLinks& links)
    : TokenChannel(tools, std::move(settings)),
      getui_(std::move(getui)),
      words_(words),
      secrets_(secrets),
      links_(links) {}

std::string GetuiChannel::lane(const ports::Dispatch& dispatch) const {
  return core::group_address(kind(), dispatch.endpoint.address) ? "tag" : "";
}

std::string GetuiChannel::account_mark() {
  return sha256(secrets_.of("master_secret"));
}

core::Result<HttpRequest> GetuiChannel::token_request() {
  const std::string timestamp = std::to_string(core::to_epoch_ms(now()));
  std::string body = "{";
  append_member("sign", to_hex(sha256(getui_.app_key + timestamp + std::string(secrets_.of("master_secret")))),
                body);
  append_member("timestamp", timestamp, body);
  append_member("appkey", getui_.app_key, body);
  return json_post(settings().base + "/" + getui_.app_id + "/auth", body + "}");
}

AccessTokens::Asked GetuiChannel::token_in(std::string_view body) const {
  AccessTokens::Asked asked;
  asked.token = number_in(body, {"code"}) == 0 ? token_at(body, {"data", "token"}) : std::string();
  asked.lasts = token_kept_for;
  return asked;
}

bool GetuiChannel::is_token_refused(const HttpResult& result) const {
  return number_in(result.body, {"code"}) == token_unknown;
}

void GetuiChannel::authorize(const std::string& token, HttpRequest& request) const {
  request.fields.emplace_back("token", token);
}

core::Result<HttpRequest> GetuiChannel::compose(const ports::Dispatch& dispatch, const core::Notice& notice) {
  const auto group = core::group_address(kind(), dispatch.endpoint.address);
  if (dispatch.endpoint.address.empty() || core::group_fault(kind(), dispatch.endpoint.address)) {
    return core::Refusal(core::Errc::invalid);
  }
  std::string body = "{";
  append_member("request_id", message_id(dispatch), body);
  body += R"(,"audience":{)";
  // unverified: by tag no oftener than five times a minute and a hundred times a day
  body += group ? R"("tag":[{"key":"custom_tag","values":[)" : R"("cid":[)";
  wire::append_json_string(group ? group->name : dispatch.endpoint.address, body);
  body += group ? R"(],"opt_type":"and"}]})" : "]}";
  body += R"(,"push_message":{"notification":{)";
  append_member("title", words_.headline(notice, dispatch.languages, core::at_most_units(title_units_max)), body);
  append_member("body", words_.body(notice, dispatch.languages, core::at_most_units(text_units_max)), body);
  // unverified: starts the app, and hands it the payload, which `startapp` does not
  append_member("click_type", "payload", body);
  append_member("payload", app_extras(dispatch, notice, group ? "" : links_.url(link_of(dispatch, notice))), body);
  // unverified: a later one with the same takes its place
  body += R"(,"notify_id":)" + std::to_string(place_of(dispatch.delivery.alert_id));
  body += R"(}},"settings":{"ttl":)" + std::to_string(kept_ms(dispatch, now())) + "}}";
  return json_post(settings().base + "/" + getui_.app_id + (group ? "/push/tag" : "/push/single/cid"),
                   std::move(body));
}

Verdict GetuiChannel::judge(const HttpResult& result) {
  return judge_by_code(result, number_in(result.body, {"code"}), codes, now());
}

}  // namespace tuanyuan::push
