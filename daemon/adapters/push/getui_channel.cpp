#include "adapters/push/getui_channel.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "adapters/push/digests.hpp"

namespace tuanyuan::push {
namespace {

constexpr std::chrono::hours token_kept_for{12};  ///< Getui's last a day
constexpr std::chrono::seconds login_pause{5};
constexpr std::int32_t minute = 60;
constexpr std::int64_t token_unknown = 10'001;
constexpr std::array codes{
    CodeRow{0, CodeMeaning::accepted},
    CodeRow{token_unknown, CodeMeaning::retry},       // with a new token
    CodeRow{10'003, CodeMeaning::throttled, minute},  // too many requests
    CodeRow{10'005, CodeMeaning::throttled, minute},
    CodeRow{20'001, CodeMeaning::dead},  // "target user is invalid"
};
constexpr std::size_t title_units_max = 50;
constexpr std::size_t text_units_max = 256;  // unverified: what Getui lets a notification's text have

}  // namespace

GetuiChannel::GetuiChannel(const RestTools& tools, RestSettings settings, GetuiSettings getui, const Words& words,
                           const Credentials& secrets)
    : RestChannel(tools, std::move(settings)), getui_(std::move(getui)), words_(words), secrets_(secrets) {}

HttpRequest GetuiChannel::login_request(const Url& url) const {
  const std::string timestamp =
      std::to_string(std::chrono::floor<std::chrono::milliseconds>(now()).time_since_epoch().count());
  HttpRequest request;
  request.url = url;
  request.fields.emplace_back("content-type", "application/json; charset=utf-8");
  request.body = "{";
  append_member("sign", to_hex(sha256(getui_.app_key + timestamp + std::string(secrets_.of("master_secret")))),
                request.body);
  append_member("timestamp", timestamp, request.body);
  append_member("appkey", getui_.app_key, request.body);
  request.body += "}";
  return request;
}

/// One fetches a token, and whoever else needs it waits for that.
boost::asio::awaitable<ports::SendResult> GetuiChannel::make_ready(std::string) {
  const runtime::Turns::Turn turn = co_await turns_.take("token");
  ports::SendResult ready;
  ready.outcome = core::DeliveryOutcome::accepted;
  if (!token_.empty() && !token_refused_ && now() < token_until_) {
    co_return ready;
  }
  if (now() < no_login_before_) {
    ready.outcome = core::DeliveryOutcome::retry;
    ready.retry_after = no_login_before_ - now();
    co_return ready;
  }
  token_.clear();
  const auto url = parse_url(settings().base + "/" + getui_.app_id + "/auth");
  if (!url) {
    ready.outcome = core::DeliveryOutcome::rejected;
    co_return ready;
  }
  const HttpResult result = co_await ask(login_request(*url));
  const std::vector<std::string> tokens = texts_in(result.body, {"data", "token"});
  if (number_in(result.body, {"code"}) == 0 && tokens.size() == 1) {
    token_ = tokens.front();
    token_until_ = now() + token_kept_for;
    token_refused_ = false;
    co_return ready;
  }
  ready = judge_by_code(result, number_in(result.body, {"code"}), codes, now()).sent;
  no_login_before_ = now() + login_pause;
  ready.outcome = core::DeliveryOutcome::retry;  // the message itself has not left
  ready.address_dead = false;
  co_return ready;
}

core::Result<HttpRequest> GetuiChannel::compose(const ports::Dispatch& dispatch, const core::Notice& notice) {
  if (dispatch.endpoint.address.empty()) {
    return core::Refusal(core::Errc::invalid);
  }
  std::string body = "{";
  append_member("request_id", message_id(dispatch), body);
  body += R"(,"audience":{"cid":[)";
  std::string text = "{";
  append_member("x", dispatch.endpoint.address, text);
  body += text.substr(text.find(':') + 1) + R"(]},"push_message":{"notification":{)";
  append_member("title", words_.headline(notice, dispatch.languages, core::at_most_units(title_units_max)), body);
  append_member("body", words_.body(notice, dispatch.languages, core::at_most_units(text_units_max)), body);
  append_member("click_type", "startapp", body);
  body += "}}}";
  auto request = json_post(settings().base + "/" + getui_.app_id + "/push/single/cid", std::move(body));
  if (request) {
    request->fields.emplace_back("token", token_);
  }
  return request;
}

Verdict GetuiChannel::judge(const HttpResult& result) {
  const std::optional<std::int64_t> code = number_in(result.body, {"code"});
  token_refused_ = token_refused_ || code == token_unknown;
  return judge_by_code(result, code, codes, now());
}

}  // namespace tuanyuan::push
