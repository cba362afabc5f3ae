#include "adapters/push/bot_channel.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "adapters/crypto/vault.hpp"
#include "adapters/push/digests.hpp"
#include "runtime/loop.hpp"
#include "support/fakes.hpp"

namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using core::DeliveryOutcome;
using ::testing::HasSubstr;
using ::testing::Not;

const core::Instant now = core::Instant(1'700'000'000'123ms);

HttpResult answered(int status, std::string body) {
  HttpResult result;
  result.outcome = HttpResult::Outcome::answered;
  result.status = status;
  result.body = std::move(body);
  return result;
}

Verdict judged(const BotDialect& dialect, int status, const std::string& body) {
  const HttpResult result = answered(status, body);
  return judge_by_code(result, number_in(body, {"errcode", "code", "StatusCode"}), dialect.codes, now);
}

TEST(BotAnswer, EveryCodeThenWhatBecomesOfTheDelivery) {
  struct {
    BotDialect dialect;
    int code;
    DeliveryOutcome outcome;
    bool dead;
    std::chrono::seconds wait;
    bool people;
  } const rows[] = {
      {wecom_dialect(), 0, DeliveryOutcome::accepted, false, 0s, false},
      {wecom_dialect(), -1, DeliveryOutcome::retry, false, 0s, false},
      {wecom_dialect(), 45'009, DeliveryOutcome::retry, false, 60s, false},
      {wecom_dialect(), 93'000, DeliveryOutcome::rejected, true, 0s, false},
      {wecom_dialect(), 44'004, DeliveryOutcome::rejected, false, 0s, false},
      {wecom_dialect(), 12'345, DeliveryOutcome::retry, false, 0s, false},
      {dingtalk_dialect(), 0, DeliveryOutcome::accepted, false, 0s, false},
      {dingtalk_dialect(), 310'000, DeliveryOutcome::retry, false, 0s, true},
      {dingtalk_dialect(), 130'101, DeliveryOutcome::retry, false, 600s, false},
      {dingtalk_dialect(), 410'100, DeliveryOutcome::retry, false, 600s, false},
      {dingtalk_dialect(), 300'001, DeliveryOutcome::rejected, true, 0s, false},
      {feishu_dialect(), 0, DeliveryOutcome::accepted, false, 0s, false},
      {feishu_dialect(), 19'021, DeliveryOutcome::retry, false, 0s, true},
      {feishu_dialect(), 19'022, DeliveryOutcome::retry, false, 0s, true},
      {feishu_dialect(), 19'024, DeliveryOutcome::retry, false, 0s, true},
      {feishu_dialect(), 11'232, DeliveryOutcome::retry, false, 60s, false},
      {feishu_dialect(), 19'001, DeliveryOutcome::rejected, true, 0s, false},
  };
  for (const auto& row : rows) {
    const std::string name = row.dialect.kind == core::ChannelKind::feishu ? "code" : "errcode";
    const Verdict verdict = judged(row.dialect, 200, "{\"" + name + "\":" + std::to_string(row.code) + "}");
    EXPECT_EQ(verdict.sent.outcome, row.outcome) << row.code;
    EXPECT_EQ(verdict.sent.address_dead, row.dead) << row.code;
    EXPECT_EQ(verdict.sent.retry_after, row.wait) << row.code;
    EXPECT_EQ(verdict.sent.needs_people, row.people) << row.code;
    EXPECT_EQ(verdict.reason, "200/" + std::to_string(row.code));
  }
}

TEST(BotAnswer, WhatIsNoAnswerOfTheVendorsThenUnknownOrByItsStatus) {
  for (const char* body :
       {"", "{}", "[0]", "ok", R"({"errcode":null})", R"({"errcode":"none"})", R"({"errcode":0)"}) {
    EXPECT_EQ(judged(wecom_dialect(), 200, body).sent.outcome, DeliveryOutcome::unknown) << body;
  }
  EXPECT_EQ(judged(wecom_dialect(), 502, "<html>").sent.outcome, DeliveryOutcome::retry);
  EXPECT_EQ(judged(wecom_dialect(), 502, R"({"errcode":0})").sent.outcome, DeliveryOutcome::retry);
  EXPECT_FALSE(judged(wecom_dialect(), 410, "").sent.address_dead) << "a proxy in between may say so";
  EXPECT_EQ(judged(feishu_dialect(), 400, R"({"code":11232,"msg":"x"})").sent.outcome, DeliveryOutcome::retry);
  EXPECT_EQ(judged(feishu_dialect(), 200, R"({"StatusCode":0,"StatusMessage":"success"})").sent.outcome,
            DeliveryOutcome::accepted);
  EXPECT_EQ(judged(wecom_dialect(), 200, R"({"errcode":"0"})").sent.outcome, DeliveryOutcome::accepted);
}

// Reckoned with Node's crypto.
TEST(BotSignature, DingTalksStandsInTheAddressAndFeishusInTheBody) {
  const BotDialect dingtalk = dingtalk_dialect();
  EXPECT_EQ(dingtalk.url("https://oapi.test/robot/send?access_token=t", "", now),
            "https://oapi.test/robot/send?access_token=t");
  EXPECT_EQ(dingtalk.url("https://oapi.test/robot/send?access_token=t", "SECabc", now),
            "https://oapi.test/robot/send?access_token=t&timestamp=1700000000123&sign="
            "IqXBU%2FaLfwMA3S%2FtDcfRmHx5vWHw9Y1aOgFLBr1Ti9w%3D");
  const BotDialect feishu = feishu_dialect();
  EXPECT_EQ(
      feishu.body("a<at>", true, "sss", now),
      R"({"timestamp":"1700000000","sign":"TpEMM+BKipWkyoeaN15vekjVkCi0b9i6O3mxtzCFxOc=","msg_type":"text","content":{"text":"a＜at>"}})");
  EXPECT_EQ(feishu.body("a", true, "", now), R"({"msg_type":"text","content":{"text":"a"}})");
}

TEST(BotBody, AnAlertRingsForAllAndARecallDoesNot) {
  EXPECT_EQ(wecom_dialect().body("\"a\"\n", true, "", now),
            R"({"msgtype":"text","text":{"content":"\"a\"\n","mentioned_list":["@all"]}})");
  EXPECT_EQ(wecom_dialect().body("a", false, "", now), R"({"msgtype":"text","text":{"content":"a"}})");
  EXPECT_EQ(dingtalk_dialect().body("a", true, "", now),
            R"({"msgtype":"text","text":{"content":"a"},"at":{"isAtAll":true}})");
  EXPECT_EQ(dingtalk_dialect().body("a", false, "", now), R"({"msgtype":"text","text":{"content":"a"}})");
}

/// What one bot says in its group.
class BotText : public testing::Test {
 protected:
  struct Kept final : Http {
    boost::asio::awaitable<HttpResult> request(HttpRequest request) override {
      last = std::move(request);
      co_return answered(200, R"({"errcode":0,"code":0})");
    }
    HttpRequest last;
  };

  static core::Notice notice(core::NoticeKind kind = core::NoticeKind::alert) {
    core::Notice made;
    made.alert_id = core::AlertId("a-1");
    made.version = {2, 1};
    made.kind = kind;
    if (!core::is_recall(kind)) {
      made.child.emplace().name = "小石头";
      made.last_seen.emplace();
      made.contact.emplace().phone = "110";
    }
    return made;
  }
  static boost::asio::awaitable<void> keep(boost::asio::awaitable<ports::SendResult> sending,
                                           ports::SendResult& result) {
    result = co_await std::move(sending);
  }
  /// Empty: it was not sent.
  std::string said(const BotDialect& dialect, const core::Notice& notice,
                   const std::vector<std::string>& languages,
                   const std::string& base = "https://here.test/api/v1") {
    const AnswerLinks links(vault_, base);
    BotChannel channel(dialect, {http_, loop_.clock, log_}, {}, words_, links);
    ports::Dispatch dispatch;
    dispatch.delivery.alert_id = notice.alert_id;
    dispatch.delivery.version = notice.version;
    dispatch.delivery.kind = notice.kind;
    dispatch.delivery.target = core::RecipientId("hotel-1");
    dispatch.copy = std::make_shared<const core::SignedCopy>(test::PlainNotary().sign(notice, {}).value());
    dispatch.endpoint.address = "https://bots.test/hook";
    dispatch.languages = languages;
    http_.last = HttpRequest();
    ports::SendResult result;
    loop_.start(keep(channel.send(dispatch), result));
    loop_.clock.settle();
    if (result.outcome != DeliveryOutcome::accepted) {
      return "";
    }
    const boost::json::value body = boost::json::parse(http_.last.body);
    const bool is_feishu = dialect.kind == core::ChannelKind::feishu;
    const auto& text = is_feishu ? body.at("content").at("text") : body.at("text").at("content");
    return std::string(text.as_string().c_str());
  }
  std::string link(core::ChannelKind kind, bool is_recall) {
    return AnswerLinks(vault_, "https://here.test/api/v1")
        .url({kind, core::AlertId("a-1"), 2, core::RecipientId("hotel-1"), is_recall});
  }

  test::Loop loop_;
  Kept http_;
  test::NoLog log_;
  Words words_{core::default_templates()};
  crypto::OpenSslVault vault_{{std::string(32, 'k')}};
};

TEST_F(BotText, ANoticeThenTheLinkToAnswerByOnALineOfItsOwnAndTheNumberLast) {
  for (const BotDialect& dialect : {wecom_dialect(), dingtalk_dialect(), feishu_dialect()}) {
    const std::string alert = said(dialect, notice(), {});
    EXPECT_THAT(alert, HasSubstr("\n值班人员阅后请点击确认：\n" + link(dialect.kind, false) + "\n消息编号："));
    EXPECT_THAT(alert, HasSubstr("小石头"));
    const std::string end = said(dialect, notice(core::NoticeKind::close), {"en"});
    EXPECT_THAT(end, HasSubstr("\nOnce it is taken down, confirm here:\n" + link(dialect.kind, true) +
                               "\nMessage number: "));
    EXPECT_THAT(said(dialect, notice(), {"en"}),
                HasSubstr("\nOnce somebody on duty has read it, confirm here:\n"));
  }
}

TEST_F(BotText, ALongNoticeThenComposedBesideTheLinkAndWithinTheVendorsLimit) {
  core::Notice wordy = notice();
  wordy.circumstances = std::string(5'000, 'c');
  for (const BotDialect& dialect : {wecom_dialect(), dingtalk_dialect(), feishu_dialect()}) {
    const std::string text = said(dialect, wordy, {"zh-CN", "en"});
    EXPECT_LE(text.size(), dialect.text_bytes_max);
    EXPECT_THAT(text, HasSubstr("小石头"));
    EXPECT_THAT(text, HasSubstr(link(dialect.kind, false) + "\n"));
    EXPECT_THAT(text, Not(HasSubstr("ccc"))) << "what does not fit is left out whole";
  }
}

TEST_F(BotText, ALinkThatLeavesNoRoomForTheNewsThenTheNewsAlone) {
  const std::string text = said(wecom_dialect(), notice(), {}, "https://here.test/" + std::string(2'000, 'p'));
  EXPECT_THAT(text, HasSubstr("小石头"));
  EXPECT_THAT(text, Not(HasSubstr("https://")));
  EXPECT_THAT(text, HasSubstr("\n消息编号："));
}

TEST_F(BotText, TheTestOfAChannelThenNobodyIsAskedToConfirm) {
  core::Notice trial = notice();
  trial.child.reset();
  core::NoticeText own;
  own.language = "zh-CN";
  own.headline = own.body = "渠道测试";
  trial.texts.push_back(own);
  const std::string text = said(dingtalk_dialect(), trial, {});
  EXPECT_THAT(text, HasSubstr("渠道测试\n消息编号："));
  EXPECT_THAT(text, Not(HasSubstr("https://")));
}

TEST(Digests, KnownVectorsThenAsPublished) {
  // RFC 4231, test case 2; FIPS 180-2, appendix B.1.
  constexpr std::string_view parts[] = {"what do ya ", "", "want for nothing?"};
  EXPECT_EQ(hmac_sha256("Jefe", parts), hmac_sha256("Jefe", "what do ya want for nothing?"));
  EXPECT_EQ(to_hex(hmac_sha256(std::string_view(), "")),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(percent_encoded("a+b/c=寻~"), "a%2Bb%2Fc%3D%E5%AF%BB~");
}

}  // namespace
}  // namespace tuanyuan::push
