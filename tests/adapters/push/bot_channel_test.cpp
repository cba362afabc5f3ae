#include "adapters/push/bot_channel.hpp"

#include <gtest/gtest.h>

#include "adapters/push/digests.hpp"

namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using core::DeliveryOutcome;

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
  } const rows[] = {
      {wecom_dialect(), 0, DeliveryOutcome::accepted, false, 0s},
      {wecom_dialect(), -1, DeliveryOutcome::retry, false, 0s},
      {wecom_dialect(), 45'009, DeliveryOutcome::retry, false, 60s},
      {wecom_dialect(), 93'000, DeliveryOutcome::rejected, true, 0s},
      {wecom_dialect(), 44'004, DeliveryOutcome::rejected, false, 0s},
      {wecom_dialect(), 12'345, DeliveryOutcome::retry, false, 0s},
      {dingtalk_dialect(), 0, DeliveryOutcome::accepted, false, 0s},
      {dingtalk_dialect(), 310'000, DeliveryOutcome::retry, false, 0s},
      {dingtalk_dialect(), 130'101, DeliveryOutcome::retry, false, 600s},
      {dingtalk_dialect(), 410'100, DeliveryOutcome::retry, false, 600s},
      {dingtalk_dialect(), 300'001, DeliveryOutcome::rejected, true, 0s},
      {feishu_dialect(), 0, DeliveryOutcome::accepted, false, 0s},
      {feishu_dialect(), 19'021, DeliveryOutcome::retry, false, 0s},
      {feishu_dialect(), 11'232, DeliveryOutcome::retry, false, 60s},
      {feishu_dialect(), 19'001, DeliveryOutcome::rejected, true, 0s},
  };
  for (const auto& row : rows) {
    const std::string name = row.dialect.kind == core::ChannelKind::feishu ? "code" : "errcode";
    const Verdict verdict = judged(row.dialect, 200, "{\"" + name + "\":" + std::to_string(row.code) + "}");
    EXPECT_EQ(verdict.sent.outcome, row.outcome) << row.code;
    EXPECT_EQ(verdict.sent.address_dead, row.dead) << row.code;
    EXPECT_EQ(verdict.sent.retry_after, row.wait) << row.code;
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

TEST(Digests, KnownVectorsThenAsPublished) {
  // RFC 4231, test case 2; FIPS 180-2, appendix B.1.
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(percent_encoded("a+b/c=寻~"), "a%2Bb%2Fc%3D%E5%AF%BB~");
}

}  // namespace
}  // namespace tuanyuan::push
