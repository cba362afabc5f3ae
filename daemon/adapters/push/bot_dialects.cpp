#include <array>

#include "adapters/push/bot_channel.hpp"
#include "adapters/push/digests.hpp"
#include "adapters/wire/json.hpp"

// What the vendors' documents say of group bots. The rows marked "unverified" are from memory of those documents
// and have not been seen in an answer; none of all this has been tried with a vendor's own server.
namespace tuanyuan::push {
namespace {

constexpr std::int32_t minute = 60;

std::string as_given(std::string_view url, std::string_view, core::Instant) {
  return std::string(url);
}

// WeCom (企业微信): text of at most 2,048 bytes; 20 messages a minute for each bot.
constexpr std::array wecom_codes{
    CodeRow{0, CodeMeaning::accepted},
    CodeRow{-1, CodeMeaning::retry},                  // busy
    CodeRow{45'009, CodeMeaning::throttled, minute},  // unverified: over its quota
    CodeRow{93'000, CodeMeaning::dead},               // unverified: no such bot (any more)
    CodeRow{40'008, CodeMeaning::rejected},           // unverified: message type
    CodeRow{44'004, CodeMeaning::rejected},           // unverified: empty text
    CodeRow{45'002, CodeMeaning::rejected},           // unverified: too long
};

std::string wecom_body(std::string_view text, bool rings, std::string_view, core::Instant) {
  std::string body = R"({"msgtype":"text","text":{)";
  append_member("content", text, body);
  body += rings ? R"(,"mentioned_list":["@all"]}})" : "}}";
  return body;
}

// DingTalk (钉钉): 20 messages a minute for each bot, and who sends more is blocked for ten minutes.
constexpr std::array dingtalk_codes{
    CodeRow{0, CodeMeaning::accepted},
    CodeRow{-1, CodeMeaning::retry},        // busy
    CodeRow{310'000, CodeMeaning::people},  // unverified: its settings refuse us: signature, key word or address
    CodeRow{130'101, CodeMeaning::throttled, 10 * minute},  // unverified: too fast
    CodeRow{410'100, CodeMeaning::throttled, 10 * minute},  // unverified: too fast
    CodeRow{300'001, CodeMeaning::dead},                    // unverified: no such token (any more)
};
/// Vendor's limit on the whole request is 20,000 bytes; nobody reads as much.
constexpr std::size_t bot_text_bytes_max = 4'096;

/// base64(HMAC-SHA256(secret, "<milliseconds>\n<secret>")), in the query.
std::string dingtalk_url(std::string_view url, std::string_view secret, core::Instant now) {
  std::string signed_url(url);
  if (!secret.empty()) {
    const std::string timestamp = std::to_string(core::to_epoch_ms(now));
    const std::string sign = to_base64(hmac_sha256(secret, timestamp + "\n" + std::string(secret)));
    signed_url += url.find('?') == std::string_view::npos ? '?' : '&';
    signed_url += "timestamp=" + timestamp + "&sign=" + percent_encoded(sign);
  }
  return signed_url;
}

std::string dingtalk_body(std::string_view text, bool rings, std::string_view, core::Instant) {
  std::string body = R"({"msgtype":"text","text":{)";
  append_member("content", text, body);
  body += rings ? R"(},"at":{"isAtAll":true}})" : "}}";
  return body;
}

// Feishu (飞书): 100 messages a minute and 5 a second for each bot.
constexpr std::array feishu_codes{
    CodeRow{0, CodeMeaning::accepted},    CodeRow{11'232, CodeMeaning::throttled, minute},  // unverified: too fast
    CodeRow{19'021, CodeMeaning::people},  // unverified: signature or clock
    CodeRow{19'022, CodeMeaning::people},  // unverified: our address is not on the bot's list
    CodeRow{19'024, CodeMeaning::people},  // unverified: a key word is missing
    CodeRow{19'001, CodeMeaning::dead},    // unverified: no such bot (any more)
};

/// A text of Feishu's knows one tag, <at>: what a report says must never become one.
std::string without_tags(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    plain += c == '<' ? std::string("＜") : std::string(1, c);
  }
  return plain;
}

/// base64(HMAC-SHA256("<seconds>\n<secret>", "")), in the body.
std::string feishu_body(std::string_view text, bool, std::string_view secret, core::Instant now) {
  std::string body = "{";
  if (!secret.empty()) {
    const std::string timestamp = std::to_string(core::to_epoch_ms(now) / 1'000);
    append_member("timestamp", timestamp, body);
    append_member("sign", to_base64(hmac_sha256(timestamp + "\n" + std::string(secret), "")), body);
  }
  append_member("msg_type", "text", body);
  body += R"(,"content":{)";
  append_member("text", without_tags(text), body);
  body += "}}";
  return body;
}

constexpr std::size_t wecom_text_bytes_max = 2'048;

}  // namespace

BotDialect wecom_dialect() {
  return {core::ChannelKind::wecom,
          wecom_text_bytes_max,
          "/cgi-bin/webhook/send?key=",
          wecom_codes,
          as_given,
          wecom_body};
}

BotDialect dingtalk_dialect() {
  return {core::ChannelKind::dingtalk,
          bot_text_bytes_max,
          "/robot/send?access_token=",
          dingtalk_codes,
          dingtalk_url,
          dingtalk_body};
}

BotDialect feishu_dialect() {
  return {core::ChannelKind::feishu,
          bot_text_bytes_max,
          "/open-apis/bot/v2/hook/",
          feishu_codes,
          as_given,
          feishu_body};
}

}  // namespace tuanyuan::push
