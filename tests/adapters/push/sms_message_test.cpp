#include "adapters/push/sms_message.hpp"

#include <gtest/gtest.h>

namespace tuanyuan::push {
namespace {

using core::DeliveryOutcome;

const core::AlertId alert("0190a7c8-0000-7000-8000-000000000001");
const core::RecipientId hotel("hotel-1");

std::string characters(std::size_t count) {
  std::string text;
  while (count-- > 0) {
    text += "寻";
  }
  return text;
}

TEST(SmsParts, SeventyInOneAndSixtySevenInEachOfSeveral) {
  const std::pair<std::size_t, std::size_t> rows[] = {
      {0, 1}, {1, 1}, {70, 1}, {71, 2}, {134, 2}, {135, 3}, {201, 3}, {202, 4}, {268, 4}, {269, 5},
  };
  for (const auto& [units, parts] : rows) {
    EXPECT_EQ(sms_parts(characters(units)), parts) << units;
  }
  EXPECT_EQ(sms_parts(characters(69) + "𠮷"), 2U) << "a rare character takes two";
}

ports::Told told(std::uint32_t revision, bool is_recall = false, const core::AlertId& of = alert) {
  ports::Told one;
  one.alert_id = of;
  one.recipient = hotel;
  one.revision = revision;
  one.is_recall = is_recall;
  return one;
}

TEST(SmsReply, CodeIsOfOneAlertRevisionAndRecipientThenItConfirmsThat) {
  const std::string code = reply_code(alert, 2, hotel);
  EXPECT_EQ(code.size(), 4U);
  EXPECT_NE(code, reply_code(alert, 3, hotel));
  EXPECT_NE(code, reply_code(alert, 2, core::RecipientId("hotel-2")));
  for (const std::string& reply : {code, code + "收到", " 回复" + code, "ok " + code + "."}) {
    const auto confirmed = confirmed_by(reply, {told(1, false, core::AlertId("other")), told(2)});
    ASSERT_TRUE(confirmed) << reply;
    EXPECT_EQ(confirmed->alert_id, alert);
    EXPECT_EQ(confirmed->revision, 2U);
  }
  EXPECT_FALSE(confirmed_by(code + "5", {told(2)})) << "five digits are another number";
  EXPECT_FALSE(confirmed_by(code, {}));
}

TEST(SmsReply, LateReplyThenItIsOfTheRevisionThatItNames) {
  const auto late = confirmed_by(reply_code(alert, 1, hotel), {told(3, true)});
  ASSERT_TRUE(late);
  EXPECT_EQ(late->revision, 1U);
  EXPECT_FALSE(late->is_recall) << "what it answers was no recall";
  const auto of_recall = confirmed_by(reply_code(alert, 3, hotel), {told(3, true)});
  ASSERT_TRUE(of_recall);
  EXPECT_TRUE(of_recall->is_recall);
}

TEST(SmsReply, PlainYesThenOnlyWhereItCanBeOfOneAlone) {
  for (const char* yes : {"1", " 收到\r\n", "确认", "Y", "ok"}) {
    EXPECT_TRUE(confirmed_by(yes, {told(1)})) << yes;
    EXPECT_FALSE(confirmed_by(yes, {told(1), told(1, false, core::AlertId("other"))})) << yes;
    EXPECT_TRUE(confirmed_by(yes, {told(1), told(2, true, core::AlertId("other"))})) << yes;
    EXPECT_FALSE(confirmed_by(yes, {told(2, true)})) << yes << ": what is taken down has to be named";
  }
  for (const char* other : {"", "2", "没收到", "收到了吗", "不", "TD"}) {
    EXPECT_FALSE(confirmed_by(other, {told(1)})) << other;
  }
}

TEST(SmsAnswer, WhatKannelSaysThenWhatBecomesOfTheDelivery) {
  const struct {
    int status;
    const char* body;
    DeliveryOutcome outcome;
  } rows[] = {
      {202, "0: Accepted for delivery", DeliveryOutcome::accepted},
      {202, "3: Queued for later delivery", DeliveryOutcome::accepted},
      {403, "Authorization failed for sendsms", DeliveryOutcome::retry},
      {403, "Not routable. Do not try again.", DeliveryOutcome::rejected},
      {400, "Empty text not allowed, rejected", DeliveryOutcome::rejected},
      {410, "", DeliveryOutcome::rejected},
      {503, "Temporal failure, try again later.", DeliveryOutcome::retry},
  };
  for (const auto& row : rows) {
    HttpResult result;
    result.outcome = HttpResult::Outcome::answered;
    result.status = row.status;
    result.body = row.body;
    const Verdict verdict = judge_sendsms(result, core::Instant());
    EXPECT_EQ(verdict.sent.outcome, row.outcome) << row.body;
    EXPECT_FALSE(verdict.sent.address_dead) << row.body;
  }
  EXPECT_EQ(judge_sendsms(HttpResult::unknown(HttpFailure::timed_out), core::Instant()).sent.outcome,
            DeliveryOutcome::unknown);
}

TEST(SmsReports, EveryStatusThenWhatItMeans) {
  const std::pair<const char*, SmsReport> rows[] = {
      {"1", SmsReport::delivered}, {"2", SmsReport::failed}, {"16", SmsReport::failed},
      {"4", SmsReport::other},     {"8", SmsReport::other},  {"", SmsReport::other},
      {"1x", SmsReport::other},    {"%d", SmsReport::other}, {"9", SmsReport::delivered},
  };
  for (const auto& [status, report] : rows) {
    EXPECT_EQ(sms_report(status), report) << status;
  }
}

}  // namespace
}  // namespace tuanyuan::push
