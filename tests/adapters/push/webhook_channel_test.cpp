#include "adapters/push/webhook_channel.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "adapters/push/channel_fixture.hpp"
#include "adapters/push/webhook_message.hpp"
#include "adapters/push/webhook_signature.hpp"

namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using core::DeliveryOutcome;

constexpr const char* secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

class WebhookChannelTest : public ChannelTest {
 protected:
  WebhookChannelTest() {
    http_.answer = answered(204);
    loop_.clock.step_wall(700ms);
    dispatch_.delivery.alert_id = core::AlertId("a-1");
    dispatch_.delivery.version = {2, 3};
    dispatch_.delivery.target = core::RecipientId("hospital-1");
    auto copy = std::make_shared<core::SignedCopy>();
    copy->json = R"({"notice":{},"jws":"x.y.z"})";
    dispatch_.copy = std::move(copy);
    dispatch_.endpoint.channel = core::ChannelKind::webhook;
    dispatch_.endpoint.address = "https://hook.test/t";
    dispatch_.endpoint.secret = secret;
  }

  /// The copy as the notary makes it, of which CloudEvents need the time.
  static std::shared_ptr<const core::SignedCopy> readable_copy() {
    core::Notice notice;
    notice.alert_id = core::AlertId("a-1");
    core::SignedCopy copy = test::PlainNotary().sign(notice, {}).value();
    copy.json = R"({"notice":{},"jws":"x.y.z"})";
    return std::make_shared<const core::SignedCopy>(std::move(copy));
  }
  DeliveryOutcome send(const ports::Dispatch& dispatch) { return ChannelTest::send(channel_, dispatch).outcome; }

  WebhookChannel channel_{http_, loop_.clock, log_};
  ports::Dispatch dispatch_;
};

TEST_F(WebhookChannelTest, ANoticeThenASignedPostWithinTheDeadline) {
  EXPECT_EQ(send(dispatch_), DeliveryOutcome::accepted);
  ASSERT_EQ(http_.requests.size(), 1U);
  const HttpRequest& request = http_.requests.front();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url.host + request.url.target, "hook.test/t");
  EXPECT_EQ(whole_body(request), webhook_body(dispatch_).value());
  EXPECT_EQ(request.deadline, loop_.clock.steady_now() + 15s);
  EXPECT_EQ(field(request, "content-type"), "application/json");
  EXPECT_EQ(field(request, "user-agent"), "tuanyuan");
  EXPECT_EQ(field(request, "webhook-id"),
            webhook_id(core::RecipientId("hospital-1"), core::AlertId("a-1"), {2, 3}));
  EXPECT_EQ(field(request, "webhook-timestamp"), "1576800000");
  const auto keys = WebhookKeys::parse(secret).value();
  EXPECT_EQ(keys.verify(field(request, "webhook-id"), "1576800000", whole_body(request),
                        field(request, "webhook-signature"), loop_.clock.wall_now()),
            WebhookKeys::Verdict::genuine);
}

TEST_F(WebhookChannelTest, LinksThenTheOneThatAnswersForThisRecipientAndRevisionIsInTheBody) {
  WebhookChannel linking(http_, loop_.clock, log_, {}, &links_);
  for (const core::NoticeKind kind : {core::NoticeKind::update, core::NoticeKind::close}) {
    dispatch_.delivery.kind = kind;
    ChannelTest::send(linking, dispatch_);
    const Link link{core::ChannelKind::webhook, core::AlertId("a-1"), 2, core::RecipientId("hospital-1"),
                    core::is_recall(kind)};
    EXPECT_TRUE(
        whole_body(http_.requests.back()).ends_with(R"(,"acknowledgeUrl":")" + links_.url(link) + R"("})"));
  }
}

TEST_F(WebhookChannelTest, CloudEventsThenTheSameIdAgainAndTheSignatureOverTheVeryBody) {
  const std::pair<WebhookFormat, const char*> rows[] = {
      {WebhookFormat::cloudevents, "application/cloudevents+json"},
      {WebhookFormat::cloudevents_binary, "application/json"}};
  const auto keys = WebhookKeys::parse(secret).value();
  dispatch_.copy = readable_copy();
  const std::string id = webhook_id(core::RecipientId("hospital-1"), core::AlertId("a-1"), {2, 3});
  const std::string plain = webhook_body(dispatch_).value();
  for (const auto& [format, content_type] : rows) {
    WebhookSettings settings;
    settings.format = format;
    settings.source = "https://here.test/api/v1";
    WebhookChannel channel(http_, loop_.clock, log_, settings);
    for (int attempt = 0; attempt < 2; ++attempt) {
      ChannelTest::send(channel, dispatch_);
    }
    const HttpRequest& request = http_.requests.back();
    const std::string body = whole_body(request);
    EXPECT_EQ(body, whole_body(http_.requests[http_.requests.size() - 2]));
    EXPECT_EQ(field(request, "content-type"), content_type);
    EXPECT_EQ(field(request, "webhook-id"), id);
    const bool is_structured = format == WebhookFormat::cloudevents;
    EXPECT_EQ(field(request, "ce-id"), is_structured ? "" : id);
    EXPECT_EQ(field(request, "ce-source"), is_structured ? "" : settings.source);
    EXPECT_EQ(body.find("\"id\":\"" + id + "\"") != std::string::npos, is_structured);
    EXPECT_TRUE(body.ends_with(is_structured ? ",\"data\":" + plain + "}" : plain));
    EXPECT_EQ(keys.verify(id, "1576800000", body, field(request, "webhook-signature"), loop_.clock.wall_now()),
              WebhookKeys::Verdict::genuine);
  }
}

TEST_F(WebhookChannelTest, ThoseWhoGetTheSameThenItIsInMemoryOnceAndOthersGetTheirOwn) {
  ports::Dispatch next = dispatch_;
  next.delivery.version = {2, 4};
  ports::Dispatch over = dispatch_;
  over.delivery.kind = core::NoticeKind::close;
  for (const ports::Dispatch& each : {dispatch_, next, over, dispatch_}) {
    send(each);
    EXPECT_EQ(whole_body(http_.requests.back()), webhook_body(each).value());
  }
  EXPECT_EQ(http_.requests[3].shared, http_.requests[0].shared);
}

TEST_F(WebhookChannelTest, NoSecretThenNotSigned) {
  dispatch_.endpoint.secret.clear();
  EXPECT_EQ(send(dispatch_), DeliveryOutcome::accepted);
  EXPECT_EQ(field(http_.requests.front(), "webhook-signature"), "");
}

TEST_F(WebhookChannelTest, WhatCanNeverBeSentThenRejectedAndNotAsked) {
  std::vector<ports::Dispatch> wrong(8, dispatch_);
  wrong[0].endpoint.address = "ftp://hook.test/";
  wrong[1].endpoint.secret = "password";
  wrong[2].endpoint.secret = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  wrong[3].delivery.target = core::Division{210102};
  wrong[4].delivery.parcel = core::Parcel::photo;
  wrong[5].delivery.parcel = core::Parcel::photo_clear;
  wrong[6].copy.reset();
  wrong[7].expires_at = loop_.clock.wall_now();
  for (std::size_t row = 0; row < wrong.size(); ++row) {
    EXPECT_EQ(send(wrong[row]), DeliveryOutcome::rejected) << row;
  }
  EXPECT_TRUE(http_.requests.empty());
}

TEST_F(WebhookChannelTest, WhatTakesDownThenACloseOfItsOwnIdentityWithoutANotice) {
  send(dispatch_);
  dispatch_.delivery.parcel = core::Parcel::notice_clear;
  dispatch_.copy.reset();
  EXPECT_EQ(send(dispatch_), DeliveryOutcome::accepted);
  ASSERT_EQ(http_.requests.size(), 2U);
  EXPECT_TRUE(whole_body(http_.requests[1]).starts_with(R"({"kind":"CLOSE")"));
  EXPECT_NE(http_.requests[0].fields, http_.requests[1].fields);
}

TEST_F(WebhookChannelTest, ARecallIsNeverTooLate) {
  dispatch_.delivery.kind = core::NoticeKind::close;
  dispatch_.expires_at = loop_.clock.wall_now();
  EXPECT_EQ(send(dispatch_), DeliveryOutcome::accepted);
}

TEST_F(WebhookChannelTest, WhatTheAnswerMeansThenPassedOn) {
  http_.answer.status = 410;
  EXPECT_EQ(send(dispatch_), DeliveryOutcome::rejected);
  http_.answer = HttpResult::unknown(HttpFailure::timed_out);
  EXPECT_EQ(send(dispatch_), DeliveryOutcome::unknown);
  http_.answer = HttpResult::not_sent(HttpFailure::unreachable);
  EXPECT_EQ(send(dispatch_), DeliveryOutcome::retry);
}

TEST(WebhookChannel, ItsSettingsThenItsKindAndLimits) {
  test::Loop loop;
  FakeGateway http;
  test::NoLog log;
  WebhookSettings settings;
  EXPECT_EQ(WebhookChannel(http, loop.clock, log).in_flight_max(), 64U);
  settings.in_flight_max = 7;
  const WebhookChannel channel(http, loop.clock, log, settings);
  EXPECT_EQ(channel.in_flight_max(), 7U);
  EXPECT_EQ(channel.kind(), core::ChannelKind::webhook);
  EXPECT_TRUE(channel.is_up());
}

}  // namespace
}  // namespace tuanyuan::push
