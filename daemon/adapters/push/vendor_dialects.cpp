#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>

#include "adapters/push/digests.hpp"
#include "adapters/push/service_account.hpp"
#include "adapters/push/vendor_channel.hpp"
#include "adapters/wire/json.hpp"
#include "core/unicode.hpp"

// What is known of the handset makers' push services. Huawei's are from their documents; Honor's, Xiaomi's, OPPO's
// and vivo's from other people's clients, which disagree in places. What is marked "unverified" is from memory
// alone. None of all this has been tried with a vendor's own server.
namespace tuanyuan::push {
namespace {

using Asked = AccessTokens::Asked;
using Form = std::initializer_list<std::pair<std::string_view, std::string>>;

constexpr std::int32_t minute = 60;
constexpr std::int32_t hour = 60 * minute;

std::string milliseconds(core::Instant now) {
  return std::to_string(core::to_epoch_ms(now));
}

std::string quoted(std::string_view text) {
  std::string json;
  wire::append_json_string(text, json);
  return json;
}

/// Bytes that a text takes in JSON.
std::size_t json_bytes(std::string_view text) {
  return quoted(text).size() - 2;
}

std::size_t characters(std::string_view text) {
  return core::utf16_units(text);
}

core::Result<HttpRequest> form_post(std::string_view url, const Form& fields) {
  auto request = json_post(url, "");
  if (!request) {
    return request;
  }
  request->fields.clear();
  request->fields.emplace_back("content-type", "application/x-www-form-urlencoded");
  for (const auto& [name, value] : fields) {
    request->body += (request->body.empty() ? "" : "&") + std::string(name) + "=" + percent_encoded(value);
  }
  return request;
}

void bear(const VendorAccount&, const std::string& token, HttpRequest& request) {
  request.fields.emplace_back("authorization", "Bearer " + token);
}

/// An OAuth 2.0 client credentials grant (RFC 6749, section 4.4).
core::Result<HttpRequest> grant_request(const VendorAccount& account, core::Instant) {
  return form_post(account.text("token_url"), {{"grant_type", "client_credentials"},
                                               {"client_id", account.text("client_id")},
                                               {"client_secret", account.secret("client_secret")}});
}

// ---- Huawei HMS, v1 (Android and EMUI): at most 4,096 bytes beside the token.
constexpr std::size_t huawei_title_bytes_max = 360;
constexpr std::size_t huawei_text_bytes_max = 2'200;  ///< the rest is for what the app gets, and the frame

constexpr std::int64_t hms_accepted = 80'000'000;
constexpr std::int64_t hms_partly = 80'100'000;
constexpr std::int64_t hms_all_invalid = 80'300'007;
constexpr std::array<std::int64_t, 3> hms_token_codes = {80'200'001, 80'200'003, 80'200'005};
constexpr std::array hms_codes{
    CodeRow{hms_accepted, CodeMeaning::accepted}, CodeRow{80'200'001, CodeMeaning::retry},  // no login
    CodeRow{80'200'003, CodeMeaning::retry},   // the token has run out
    CodeRow{80'200'005, CodeMeaning::retry},   // likewise one that is made here (v3)
    CodeRow{80'300'002, CodeMeaning::people},  // unverified: not permitted to this app
    CodeRow{hms_all_invalid, CodeMeaning::dead},  CodeRow{80'300'008, CodeMeaning::rejected},  // too large
    CodeRow{80'300'010, CodeMeaning::rejected},                                                // too many tokens
    CodeRow{80'300'011, CodeMeaning::people},  // no right to high priority
    CodeRow{81'000'001, CodeMeaning::retry},   // fault of theirs
};

/// "Partly", of one token: the answer's `msg` is a text that holds JSON, with the tokens that are none.
std::optional<std::int64_t> hms_code(std::string_view body) {
  const std::optional<std::int64_t> code = number_in(body, {"code"});
  if (code != hms_partly) {
    return code;
  }
  const std::vector<std::string> told = texts_in(body, {"msg"});
  const bool is_dead = told.size() == 1 && !texts_in(told[0], {"illegal_tokens"}).empty();
  return is_dead ? hms_all_invalid : hms_accepted;
}

void append_given(std::string_view name, const std::string& text, std::string& json) {
  if (!text.empty()) {
    append_member(name, text, json);
  }
}

core::Result<HttpRequest> hms_message(const VendorAccount& account, const VendorMessage& message) {
  std::string body = R"({"validate_only":false,"message":{"data":)" + quoted(message.extras);
  body += R"(,"android":{"urgency":"HIGH","ttl":")" + std::to_string(message.kept_for.count()) + "s\"";
  append_given("category", account.text("category"), body);
  body += R"(,"notification":{)";
  append_member("title", message.title, body);
  append_member("body", message.text, body);
  append_member("tag", message.alert, body);  // unverified: a later one with the same tag takes its place
  body += R"(,"click_action":{"type":3}}})";
  if (message.group) {
    append_member(core::to_string(message.group->kind), message.group->name, body);
    body += "}}";
  } else {
    body += R"(,"token":[)" + quoted(message.address) + "]}}";
  }
  const std::string path = "/v1/" + percent_encoded(account.text("app_id")) + "/messages:send";
  return json_post(account.base + path, std::move(body));
}

// ---- HarmonyOS NEXT, v3: a token of the service account's own making, which is never exchanged.
constexpr std::chrono::seconds harmony_lasts{3'600};

core::Result<Asked> harmony_token(const VendorAccount& account, core::Instant now) {
  const auto key = ServiceAccount::parse(
      account.private_key, {account.text("key_id"), account.text("sub_account"), account.text("audience"), ""},
      SigningKey::Kind::rsa_pss);
  if (!key) {
    return key.error();
  }
  Asked made;
  made.token = key->sign(now, harmony_lasts);
  made.lasts = harmony_lasts;
  return made;
}

core::Result<HttpRequest> harmony_message(const VendorAccount& account, const VendorMessage& message) {
  std::string body = R"({"payload":{"notification":{)";
  append_given("category", account.text("category"), body);
  append_member("title", message.title, body);
  append_member("body", message.text, body);
  // unverified: notifyId (a later one with the same takes its place) and what the app gets with the click
  body += R"(,"notifyId":)" + std::to_string(message.place);
  body += R"(,"clickAction":{"actionType":0,"data":)" + message.extras + "}}}";
  body += R"(,"target":{"token":[)" + quoted(message.address) + "]}";
  body += R"(,"pushOptions":{"ttl":)" + std::to_string(message.kept_for.count()) + "}}";
  const std::string path = "/v3/" + percent_encoded(account.text("project_id")) + "/messages:send";
  auto request = json_post(account.base + path, std::move(body));
  if (request) {
    request->fields.emplace_back("push-type", "0");
  }
  return request;
}

// ---- Honor: of Huawei's making once, with words of its own.
constexpr std::int64_t honor_accepted = 200;
constexpr std::int64_t honor_dead =
    -1;  ///< ours, not Honor's: the answer lists the token among those that are none
constexpr std::array<std::int64_t, 2> honor_token_codes = {80'200'001, 80'200'003};  // unverified
constexpr std::array honor_codes{
    CodeRow{honor_accepted, CodeMeaning::accepted},
    CodeRow{hms_accepted, CodeMeaning::accepted},  // unverified
    CodeRow{honor_dead, CodeMeaning::dead},
    CodeRow{80'200'001, CodeMeaning::retry},  // unverified, as the next: the token is none (any more)
    CodeRow{80'200'003, CodeMeaning::retry},
    CodeRow{80'300'008, CodeMeaning::rejected},  // unverified: too large
};

std::optional<std::int64_t> honor_code(std::string_view body) {
  const bool is_dead =
      !texts_in(body, {"data", "failTokens"}).empty() || !texts_in(body, {"data", "expireTokens"}).empty();
  const std::optional<std::int64_t> code = number_in(body, {"code"});
  return code && is_dead ? std::optional(honor_dead) : code;
}

core::Result<HttpRequest> honor_message(const VendorAccount& account, const VendorMessage& message) {
  std::string body = R"({"data":)" + quoted(message.extras);  // unverified: beside a notification
  body += R"(,"android":{"ttl":")" + std::to_string(message.kept_for.count()) + R"(s","notification":{)";
  append_member("title", message.title, body);
  append_member("body", message.text, body);
  append_member("importance", "NORMAL", body);  // unverified: the higher of two
  append_member("tag", message.alert, body);    // unverified, as Huawei's
  body += R"(,"clickAction":{"type":3}}},"token":[)" + quoted(message.address) + "]}";
  const std::string path = "/api/v1/" + percent_encoded(account.text("app_id")) + "/sendMessage";
  auto request = json_post(account.base + path, std::move(body));
  if (request) {
    request->fields.emplace_back("timestamp", milliseconds(message.now));  // one client has seconds
  }
  return request;
}

// ---- Xiaomi: the app's secret in each request. Title below 50 characters, description below 128.
constexpr std::size_t xiaomi_title_max = 49;
constexpr std::size_t xiaomi_text_max = 127;
constexpr std::array xiaomi_codes{
    CodeRow{0, CodeMeaning::accepted},      CodeRow{20'301, CodeMeaning::dead},   // unverified: no such target
    CodeRow{21'301, CodeMeaning::people},                                         // unverified: the secret
    CodeRow{65'015, CodeMeaning::rejected}, CodeRow{10'001, CodeMeaning::retry},  // theirs, as all of 100xx
};

std::optional<std::int64_t> plain_code(std::string_view body) {
  return number_in(body, {"code"});
}

core::Result<HttpRequest> xiaomi_message(const VendorAccount& account, const VendorMessage& message) {
  auto request = form_post(
      account.base + (message.group ? "/v3/message/topic" : "/v3/message/regid"),
      {{message.group ? "topic" : "registration_id", message.group ? message.group->name : message.address},
       {"restricted_package_name", account.text("package")},
       {"title", message.title},
       {"description", message.text},
       {"payload", message.extras},  // unverified: encoded as a field of the form, and not by itself besides
       {"pass_through", "0"},
       {"notify_type", "-1"},                         // unverified: all of sound, vibration, light
       {"notify_id", std::to_string(message.place)},  // without it the phone shows one message of the app alone
       {"time_to_live", std::to_string(message.kept_for.count() * 1'000)}});  // unverified: milliseconds
  if (request && !account.text("channel_id").empty()) {
    request->body += "&extra.channel_id=" + percent_encoded(account.text("channel_id"));
  }
  return request;
}

void authorize_xiaomi(const VendorAccount& account, const std::string&, HttpRequest& request) {
  request.fields.emplace_back("authorization", "key=" + account.secret("app_secret"));
}

// ---- OPPO: a token for a day, in the form. Its documents have 50 characters for either text (unverified).
constexpr std::size_t oppo_title_max = 50;
constexpr std::size_t oppo_text_max = 50;
constexpr std::chrono::hours oppo_kept_for{12};
constexpr std::array<std::int64_t, 1> oppo_token_codes = {11};
constexpr std::array oppo_codes{
    CodeRow{0, CodeMeaning::accepted},
    CodeRow{-1, CodeMeaning::retry},
    CodeRow{-2, CodeMeaning::retry},
    CodeRow{11, CodeMeaning::retry},              // the token; one client says registration id: so never dead
    CodeRow{13, CodeMeaning::throttled, minute},  // too many at once
    CodeRow{10'000, CodeMeaning::dead},           // unverified: no such registration id
};

core::Result<HttpRequest> oppo_token_request(const VendorAccount& account, core::Instant now) {
  const std::string key = account.text("app_key");
  const std::string timestamp = milliseconds(now);
  return form_post(account.base + "/server/v1/auth",
                   {{"app_key", key},
                    {"timestamp", timestamp},
                    {"sign", to_hex(sha256(key + timestamp + account.secret("master_secret")))}});
}

Asked oppo_token(std::string_view body) {
  Asked asked;
  asked.token = number_in(body, {"code"}) == 0 ? token_at(body, {"data", "auth_token"}) : std::string();
  asked.lasts = oppo_kept_for;
  return asked;
}

core::Result<HttpRequest> oppo_message(const VendorAccount& account, const VendorMessage& message) {
  std::string json = R"({"target_type":2)";
  append_member("target_value", message.address, json);
  json += R"(,"notification":{)";
  append_member("title", message.title, json);
  append_member("content", message.text, json);
  append_given("channel_id", account.text("channel_id"), json);
  append_member("app_message_id", message.id, json);  // unverified: by which it drops what comes twice
  // unverified: notify_id (a later one with the same takes its place), and what the app gets with the click
  json += R"(,"notify_id":)" + std::to_string(message.place) + R"(,"click_action_type":0)";
  append_member("action_parameters", message.extras, json);
  json += R"(,"off_line":true,"off_line_ttl":)" + std::to_string(message.kept_for.count()) + "}}";
  return form_post(account.base + "/server/v1/message/notification/unicast", {{"message", json}});
}

void authorize_oppo(const VendorAccount&, const std::string& token, HttpRequest& request) {
  request.body += "&auth_token=" + percent_encoded(token);
}

// ---- vivo: a token for a day, to be had anew every one or two hours. 20 and 50
// characters; that a letter is only half of one is nowhere to be relied upon.
constexpr std::size_t vivo_title_max = 20;
constexpr std::size_t vivo_text_max = 50;
constexpr std::size_t vivo_id_chars_max = 64;
constexpr std::chrono::hours vivo_kept_for{2};
constexpr std::array<std::int64_t, 1> vivo_token_codes = {10'000};
constexpr std::array vivo_codes{
    CodeRow{0, CodeMeaning::accepted},
    CodeRow{10'000, CodeMeaning::retry},  // the token
    CodeRow{10'302, CodeMeaning::dead},   // no such registration id
    CodeRow{10'070, CodeMeaning::throttled,
            hour},  // the day's quota, or outside the hours that vivo allows: asked
    CodeRow{10'071, CodeMeaning::throttled, hour},  // again by the hour, for a child may still be missing then;
    CodeRow{10'073, CodeMeaning::throttled, hour},  // people are followed up by their next endpoint meanwhile
    CodeRow{10'093, CodeMeaning::throttled, minute},
};

core::Result<HttpRequest> vivo_token_request(const VendorAccount& account, core::Instant now) {
  const std::string id = account.text("app_id");
  const std::string key = account.text("app_key");
  const std::string timestamp = milliseconds(now);
  std::string body = "{";
  append_member("appId", id, body);
  append_member("appKey", key, body);
  body += R"(,"timestamp":)" + timestamp;
  append_member("sign", to_hex(md5(id + key + timestamp + account.secret("app_secret"))), body);
  return json_post(account.base + "/message/auth", body + "}");
}

std::optional<std::int64_t> vivo_code(std::string_view body) {
  return number_in(body, {"result"});
}

Asked vivo_token(std::string_view body) {
  Asked asked;
  asked.token = vivo_code(body) == 0 ? token_at(body, {"authToken"}) : std::string();
  asked.lasts = vivo_kept_for;
  return asked;
}

core::Result<HttpRequest> vivo_message(const VendorAccount& account, const VendorMessage& message) {
  std::string body = "{";
  append_member("appId", account.text("app_id"), body);
  append_member("regId", message.address, body);
  append_member("requestId", message.id.substr(0, vivo_id_chars_max), body);
  append_member("title", message.title, body);
  append_member("content", message.text, body);
  append_given("category", account.text("category"), body);
  body += R"(,"notifyType":4,"skipType":1,"pushMode":0,"timeToLive":)" + std::to_string(message.kept_for.count());
  body += R"(,"classification":)" + account.text("classification");
  // unverified: notifyId (a later one with the same takes its place), and what the app gets with the click
  body += R"(,"notifyId":)" + std::to_string(message.place) + R"(,"clientCustomMap":)" + message.extras + "}";
  return json_post(account.base + "/message/send", std::move(body));
}

void authorize_vivo(const VendorAccount&, const std::string& token, HttpRequest& request) {
  request.fields.emplace_back("authtoken", token);
}

}  // namespace

VendorDialect hms_dialect() {
  VendorDialect dialect{core::ChannelKind::hms,
                        json_bytes,
                        huawei_title_bytes_max,
                        huawei_text_bytes_max,
                        hms_codes,
                        hms_token_codes,
                        hms_code,
                        hms_message,
                        bear};
  dialect.token_request = grant_request;
  dialect.token_in = granted;
  return dialect;
}

VendorDialect harmony_dialect() {
  VendorDialect dialect{core::ChannelKind::harmony,
                        json_bytes,
                        huawei_title_bytes_max,
                        huawei_text_bytes_max,
                        hms_codes,
                        hms_token_codes,
                        hms_code,
                        harmony_message,
                        bear};
  dialect.made_token = harmony_token;
  return dialect;
}

VendorDialect honor_dialect() {
  VendorDialect dialect{core::ChannelKind::honor,
                        json_bytes,
                        huawei_title_bytes_max,
                        huawei_text_bytes_max,
                        honor_codes,
                        honor_token_codes,
                        honor_code,
                        honor_message,
                        bear};
  dialect.token_request = grant_request;
  dialect.token_in = granted;
  return dialect;
}

VendorDialect xiaomi_dialect() {
  return {core::ChannelKind::xiaomi,
          characters,
          xiaomi_title_max,
          xiaomi_text_max,
          xiaomi_codes,
          {},
          plain_code,
          xiaomi_message,
          authorize_xiaomi};
}

VendorDialect oppo_dialect() {
  VendorDialect dialect{core::ChannelKind::oppo, characters, oppo_title_max, oppo_text_max, oppo_codes,
                        oppo_token_codes,        plain_code, oppo_message,   authorize_oppo};
  dialect.token_request = oppo_token_request;
  dialect.token_in = oppo_token;
  return dialect;
}

VendorDialect vivo_dialect() {
  VendorDialect dialect{core::ChannelKind::vivo, characters, vivo_title_max, vivo_text_max, vivo_codes,
                        vivo_token_codes,        vivo_code,  vivo_message,   authorize_vivo};
  dialect.token_request = vivo_token_request;
  dialect.token_in = vivo_token;
  return dialect;
}

}  // namespace tuanyuan::push
