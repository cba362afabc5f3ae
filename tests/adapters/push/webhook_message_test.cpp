#include "adapters/push/webhook_message.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "adapters/push/limits.hpp"
#include "adapters/push/retry_after.hpp"

namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using core::DeliveryOutcome;

const core::Instant now =
    core::Instant(std::chrono::sys_days(std::chrono::year(1994) / 11 / 6)) + 8h + 49min + 37s;

TEST(RetryAfter, EveryFormThenHowLongFromNow) {
  const std::pair<const char*, core::Duration> rows[] = {
      {"", 0s},
      {"0", 0s},
      {"17", 17s},
      {"900", 15min},
      {"901", retry_after_max},
      {"99999999999999999999", retry_after_max},
      {"-1", 0s},
      {"1.5", 0s},
      {" 1", 0s},
      {"soon", 0s},
      {"Sun, 06 Nov 1994 08:49:37 GMT", 0s},
      {"Sun, 06 Nov 1994 08:50:00 GMT", 23s},
      {"Sun, 06 Nov 1994 08:00:00 GMT", 0s},
      {"Mon, 07 Nov 1994 08:49:37 GMT", retry_after_max},
      {"Sun, 06 Nov 1994 08:50:00 CET", 0s},
      {"Sun, 31 Feb 1995 08:50:00 GMT", 0s},
      {"Sun, 06 Nov 1994 24:00:00 GMT", 0s},
      {"Sun, 06 Noc 1994 08:50:00 GMT", 0s},
      {"Sun, 06 Nov 1994 0x:50:00 GMT", 0s},
      {"Sunday, 06-Nov-94 08:50:00 GMT", 0s},
      {"Sun Nov  6 08:50:00 1994", 0s},
  };
  for (const auto& [field, expected] : rows) {
    EXPECT_EQ(parse_retry_after(field, now), expected) << field;
  }
}

HttpResult status(int code, std::string retry_after = "") {
  HttpResult result;
  result.outcome = HttpResult::Outcome::answered;
  result.status = code;
  result.retry_after = std::move(retry_after);
  return result;
}

TEST(WebhookOutcome, EveryStatusThenWhatBecomesOfTheDelivery) {
  const std::pair<int, DeliveryOutcome> rows[] = {
      {200, DeliveryOutcome::accepted}, {201, DeliveryOutcome::accepted}, {202, DeliveryOutcome::accepted},
      {204, DeliveryOutcome::accepted}, {299, DeliveryOutcome::accepted}, {300, DeliveryOutcome::retry},
      {301, DeliveryOutcome::retry},    {302, DeliveryOutcome::retry},    {307, DeliveryOutcome::retry},
      {308, DeliveryOutcome::retry},    {400, DeliveryOutcome::rejected}, {401, DeliveryOutcome::retry},
      {403, DeliveryOutcome::retry},    {404, DeliveryOutcome::retry},    {405, DeliveryOutcome::retry},
      {408, DeliveryOutcome::retry},    {409, DeliveryOutcome::retry},    {410, DeliveryOutcome::rejected},
      {413, DeliveryOutcome::rejected}, {415, DeliveryOutcome::retry},    {422, DeliveryOutcome::rejected},
      {425, DeliveryOutcome::retry},    {429, DeliveryOutcome::retry},    {500, DeliveryOutcome::retry},
      {501, DeliveryOutcome::retry},    {502, DeliveryOutcome::retry},    {503, DeliveryOutcome::retry},
      {504, DeliveryOutcome::retry},    {599, DeliveryOutcome::retry},    {999, DeliveryOutcome::retry},
  };
  for (const auto& [code, expected] : rows) {
    const ports::SendResult sent = outcome_of(status(code, "30"), now);
    EXPECT_EQ(sent.outcome, expected) << code;
    EXPECT_EQ(sent.address_dead, code == 410) << code;
    EXPECT_EQ(sent.retry_after, expected == DeliveryOutcome::retry ? 30s : 0s) << code;
  }
}

TEST(WebhookOutcome, NoAnswerThenByWhatIsKnownOfTheRequest) {
  const std::pair<HttpFailure, DeliveryOutcome> rows[] = {
      {HttpFailure::malformed, DeliveryOutcome::rejected},
      {HttpFailure::address_refused, DeliveryOutcome::rejected},
      {HttpFailure::name_refused, DeliveryOutcome::retry},  // what a name means may pass
      {HttpFailure::overloaded, DeliveryOutcome::retry},
      {HttpFailure::no_connection, DeliveryOutcome::retry},
      {HttpFailure::unresolvable, DeliveryOutcome::retry},
      {HttpFailure::unreachable, DeliveryOutcome::retry},
      {HttpFailure::not_trusted, DeliveryOutcome::retry},
      {HttpFailure::timed_out, DeliveryOutcome::retry},
      {HttpFailure::broken_off, DeliveryOutcome::retry},
  };
  for (const auto& [failure, expected] : rows) {
    const ports::SendResult sent = outcome_of(HttpResult::not_sent(failure), now);
    EXPECT_EQ(sent.outcome, expected) << to_string(failure);
    EXPECT_EQ(sent.unsent, expected == DeliveryOutcome::rejected) << to_string(failure);
  }
  for (const auto failure : {HttpFailure::broken_off, HttpFailure::timed_out, HttpFailure::bad_answer}) {
    EXPECT_EQ(outcome_of(HttpResult::unknown(failure), now).outcome, DeliveryOutcome::unknown)
        << to_string(failure);
  }
}

TEST(WebhookOutcome, OvertakenBeforeItLeftThenHeldAndNobodysFault) {
  const ports::SendResult sent = outcome_of(HttpResult::not_sent(HttpFailure::not_due), now);
  EXPECT_EQ(sent.outcome, DeliveryOutcome::held);
  EXPECT_TRUE(sent.unsent);
}

TEST(WebhookId, TheSameDeliveryThenTheSameAndAnyOtherThenAnother) {
  const core::RecipientId recipient("hospital-1");
  const core::AlertId alert("0190a7c8-0000-7000-8000-000000000001");
  const std::string id = webhook_id(recipient, alert, {2, 3});
  EXPECT_EQ(id, webhook_id(recipient, alert, {2, 3}));
  EXPECT_EQ(id.size(), 32U);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(id, webhook_id(core::RecipientId("hospital-2"), alert, {2, 3}));
  EXPECT_NE(id, webhook_id(recipient, core::AlertId("0190a7c8-0000-7000-8000-000000000002"), {2, 3}));
  EXPECT_NE(id, webhook_id(recipient, alert, {3, 3}));
  EXPECT_NE(id, webhook_id(recipient, alert, {2, 4}));
  EXPECT_NE(webhook_id(recipient, alert, {1, 11}), webhook_id(recipient, alert, {11, 1}));
  EXPECT_NE(id, webhook_id(recipient, alert, {2, 3}, core::Parcel::notice_clear));
}

ports::Dispatch dispatch(std::string json) {
  ports::Dispatch made;
  made.delivery.alert_id = core::AlertId("a-1");
  made.delivery.version = {2, 3};
  made.delivery.kind = core::NoticeKind::update;
  auto copy = std::make_shared<core::SignedCopy>();
  copy->json = std::move(json);
  made.copy = std::move(copy);
  return made;
}

TEST(WebhookBody, ANoticeThenTheContractsBodyAroundTheSignedBytes) {
  const ports::Dispatch made = dispatch(R"({"notice":{"a":[1,{}]},"jws":"x.y.z"})");
  EXPECT_EQ(webhook_body(made).value(),
            R"({"kind":"UPDATE","alertId":"a-1","revision":2,"step":3,"notice":{"a":[1,{}]},"jws":"x.y.z"})");
  EXPECT_EQ(
      webhook_body(made, "https://h/a?\"").value(),
      R"({"kind":"UPDATE","alertId":"a-1","revision":2,"step":3,"notice":{"a":[1,{}]},"jws":"x.y.z","acknowledgeUrl":"https://h/a?\""})");
}

TEST(WebhookBody, NoCopyInJsonThenRefused) {
  ports::Dispatch down = dispatch("");
  down.delivery.parcel = core::Parcel::notice_clear;
  EXPECT_EQ(webhook_body(down).value().find("notice"), std::string::npos);
  EXPECT_TRUE(webhook_body(down).value().starts_with(R"({"kind":"CLOSE",)"));
  EXPECT_FALSE(webhook_body(dispatch("")));
  EXPECT_FALSE(webhook_body(dispatch("{}")));
  EXPECT_FALSE(webhook_body(dispatch(R"({"notice":{},"jws":"x")")));
  EXPECT_FALSE(webhook_body(ports::Dispatch()));
}

}  // namespace
}  // namespace tuanyuan::push
