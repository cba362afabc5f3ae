// What gateways answer in their bodies, and what they, or anybody else, call back with.
#include <string>

#include "adapters/crypto/vault.hpp"
#include "adapters/push/answer_links.hpp"
#include "adapters/push/bot_channel.hpp"
#include "adapters/push/sms_message.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

const core::Instant now{std::chrono::hours(24 * 365 * 50)};

void judge(const std::string& text) {
  push::HttpResult result;
  result.outcome = push::HttpResult::Outcome::answered;
  result.body = text;
  for (const int status : {200, 403, 500}) {
    result.status = status;
    for (const push::BotDialect& dialect :
         {push::wecom_dialect(), push::dingtalk_dialect(), push::feishu_dialect()}) {
      const auto code = push::number_in(text, {"errcode", "code", "StatusCode"});
      const push::Verdict verdict = push::judge_by_code(result, code, dialect.codes, now);
      require(verdict.sent.outcome != core::DeliveryOutcome::accepted || (code == 0 && status == 200));
      require(!verdict.sent.address_dead || code.has_value());
    }
    static_cast<void>(push::number_below(text, "error", "code"));
    require(push::texts_in(text, {"data", "token"}).size() <= text.size());
    require(push::texts_in(text, {"cidlist"}).size() <= text.size());
    require(!push::judge_sendsms(result, now).sent.address_dead);
  }
}

void reply(const std::string& text) {
  ports::Told told;
  told.alert_id = core::AlertId("0190a7c8-0000-7000-8000-000000000001");
  told.recipient = core::RecipientId("hotel-1");
  told.revision = 3;
  const auto confirmed = push::confirmed_by(text, {told});
  require(!confirmed || (confirmed->revision <= 3 && confirmed->recipient == told.recipient));
  require(!push::confirmed_by(text, {}));
  static_cast<void>(push::sms_report(text));
}

/// Nothing that was not made here is ever opened.
void call_back(const std::string& text) {
  static crypto::OpenSslVault vault({std::string(32, 'k')});
  static const push::AnswerLinks links(vault, "https://here.test/api/v1");
  push::AnswerLinks::Parameters given{{"channel", "sms"}};
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    given.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
  }
  require(!links.open(text.substr(0, 22), given));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  judge(text);
  reply(text);
  call_back(text);
  return 0;
}
