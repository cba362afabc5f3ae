#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "adapters/push/channel_fixture.hpp"
#include "adapters/push/limits.hpp"
#include "adapters/push/ntfy_channel.hpp"
#include "adapters/push/web_push_channel.hpp"
#include "adapters/push/web_push_message.hpp"
#include "support/push_keys.hpp"

// What is peculiar to the channels by open protocols: ntfy, Web Push, UnifiedPush.
namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using core::DeliveryOutcome;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class NtfyTest : public ChannelTest {
 protected:
  boost::json::value said(ports::Dispatch what) {
    EXPECT_EQ(send(channel_, std::move(what)).outcome, DeliveryOutcome::accepted);
    return boost::json::parse(http_.requests.back().body);
  }
  NtfyChannel channel_{tools(), at("https://ntfy.test"), words_, links_};
};

TEST_F(NtfyTest, TopicsThenWhereTheyAre) {
  const struct {
    const char* address;
    const char* server;
    const char* name;
  } rows[] = {
      {"lobby", "https://ntfy.test/", "lobby"},
      {"https://other.test:8443/Ab-1_c", "https://other.test:8443/", "Ab-1_c"},
  };
  for (const auto& row : rows) {
    const auto topic = parse_ntfy_topic(row.address, "https://ntfy.test");
    ASSERT_TRUE(topic) << row.address;
    EXPECT_EQ(topic->server.origin() + topic->server.target, row.server);
    EXPECT_EQ(topic->name, row.name);
  }
  for (const std::string& wrong : {std::string(), std::string("a b"), std::string("https://x.test/"),
                                   std::string("https://x.test/a?b=1"), std::string(65, 'a')}) {
    EXPECT_FALSE(parse_ntfy_topic(wrong, "https://ntfy.test")) << wrong;
  }
}

TEST_F(NtfyTest, ANoticeThenAMessageThatFitsWithTheLinkBehindIt) {
  ports::Dispatch what = dispatch("https://other.test/lobby");
  what.endpoint.secret = "tk_1";
  const boost::json::value body = said(what);
  const HttpRequest& request = http_.requests.at(0);
  EXPECT_EQ(request.url.origin() + request.url.target, "https://other.test/");
  EXPECT_EQ(field(request, "authorization"), "Bearer tk_1");
  EXPECT_EQ(body.at("topic").as_string(), "lobby");
  const std::string text(body.at("message").as_string());
  EXPECT_THAT(text, HasSubstr("小\"石\"头"));
  EXPECT_THAT(text, Not(HasSubstr("ccc"))) << "left out whole";
  EXPECT_LE(text.size(), ntfy_text_bytes_max);
  EXPECT_EQ(std::string(body.at("click").as_string()),
            links_.url({core::ChannelKind::ntfy, what.delivery.alert_id, 2, core::RecipientId("hotel-1"), false}));
  EXPECT_EQ(channel_.lane(what), request.url.origin());
  EXPECT_EQ(field(request, "x-message-id").size(), 32U);
}

TEST_F(NtfyTest, HowMuchItIsMeantThenHowLoud) {
  const struct {
    core::NoticeKind kind;
    core::Status status;
    int priority;
    const char* tag;
  } rows[] = {
      {core::NoticeKind::alert, core::Status::actual, 5, "rotating_light"},
      {core::NoticeKind::update, core::Status::actual, 5, "rotating_light"},
      {core::NoticeKind::alert, core::Status::exercise, 4, "construction"},
      {core::NoticeKind::close, core::Status::actual, 3, "white_check_mark"},
  };
  for (const auto& row : rows) {
    const boost::json::value body = said(dispatch("lobby", {row.kind, row.status}));
    EXPECT_EQ(body.at("priority").as_int64(), row.priority) << row.tag;
    EXPECT_EQ(body.at("tags").at(0).as_string(), row.tag);
    EXPECT_EQ(body.at("sequence_id").as_string(), "0190a7c8-0000-7000-8000-000000000001");
  }
  EXPECT_THAT(field(http_.requests[0], "authorization"), IsEmpty());
}

TEST_F(NtfyTest, AnswersThenWhatBecomesOfTheDelivery) {
  const struct {
    int status;
    DeliveryOutcome outcome;
  } rows[] = {
      {200, DeliveryOutcome::accepted}, {400, DeliveryOutcome::rejected}, {401, DeliveryOutcome::retry},
      {403, DeliveryOutcome::retry},    {404, DeliveryOutcome::retry},    {410, DeliveryOutcome::rejected},
      {413, DeliveryOutcome::rejected}, {429, DeliveryOutcome::retry},    {507, DeliveryOutcome::retry},
  };
  for (const auto& row : rows) {
    http_.answer = answered(row.status);
    const ports::SendResult sent = send(channel_, dispatch("lobby"));
    EXPECT_EQ(sent.outcome, row.outcome) << row.status;
    EXPECT_FALSE(sent.address_dead) << row.status;
  }
  const std::size_t asked = http_.requests.size();
  EXPECT_EQ(send(channel_, dispatch("no/topic?")).outcome, DeliveryOutcome::rejected);
  EXPECT_THAT(http_.requests, SizeIs(asked));
}

class WebPushTest : public ChannelTest {
 protected:
  WebPushTest() { secrets_.put("key", test::apns_key); }
  WebPushChannel made(core::ChannelKind kind = core::ChannelKind::web_push) {
    return WebPushChannel(kind, tools(), {}, "mailto:duty@example.org", words_, secrets_, links_);
  }
  static ports::Dispatch subscribed(core::NoticeKind kind = core::NoticeKind::alert,
                                    const std::string& path = "p") {
    return dispatch(
        R"({"endpoint":"https://push.test/)" + path +
            R"(","keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",)"
            R"("auth":"BTBZMqHH6r4Tts7J_aSIgg"}})",
        kind);
  }
};

TEST_F(WebPushTest, ANoticeThenARequestThatSaysNothingOfIt) {
  WebPushChannel channel = made();
  ports::Dispatch what = subscribed();
  what.expires_at = loop_.clock.wall_now() + 90min;
  EXPECT_EQ(send(channel, what).outcome, DeliveryOutcome::accepted);
  const HttpRequest& request = http_.requests.at(0);
  EXPECT_EQ(request.url.origin() + request.url.target, "https://push.test/p");
  EXPECT_EQ(field(request, "content-encoding"), "aes128gcm");
  EXPECT_EQ(field(request, "ttl"), "5400");
  EXPECT_EQ(field(request, "urgency"), "high");
  EXPECT_EQ(field(request, "topic"), web_push_topic(core::RecipientId("hotel-1"), what.delivery.alert_id));
  EXPECT_THAT(field(request, "authorization"), testing::StartsWith("vapid t=ey"));
  EXPECT_LE(request.body.size(), push_body_bytes_max);
  EXPECT_THAT(request.body, Not(HasSubstr("ALERT")));
  EXPECT_EQ(channel.lane(what), request.url.origin());
}

TEST_F(WebPushTest, TheEndThenUnderTheSameTopicAndKeptAllTheSame) {
  WebPushChannel channel = made();
  send(channel, subscribed());
  ports::Dispatch end = subscribed(core::NoticeKind::close);
  end.delivery.version = {3, 0};
  end.expires_at = loop_.clock.wall_now() - 1h;
  EXPECT_EQ(send(channel, end).outcome, DeliveryOutcome::accepted);
  EXPECT_EQ(field(http_.requests.at(1), "topic"), field(http_.requests.at(0), "topic"));
  EXPECT_EQ(field(http_.requests.at(1), "ttl"), "86400");
  EXPECT_NE(field(http_.requests.at(1), "x-message-id"), field(http_.requests.at(0), "x-message-id"));
}

TEST_F(WebPushTest, HowLongItIsWantedThenNoLongerThanPushServicesTake) {
  const std::pair<std::chrono::seconds, const char*> rows[] = {
      {1s, "1"}, {1h, "3600"}, {28 * 24h, "2419200"}, {28 * 24h + 1s, "2419200"}, {30 * 24h, "2419200"},
  };
  WebPushChannel channel = made();
  for (const auto& [left, expected] : rows) {
    ports::Dispatch end = subscribed(core::NoticeKind::close);
    end.expires_at = loop_.clock.wall_now() + left;
    send(channel, end);
    EXPECT_EQ(field(http_.requests.back(), "ttl"), expected);
  }
}

TEST_F(WebPushTest, OneKeyInAnyFormThenTheSamePoint) {
  const char* forms[] = {
      test::apns_key,
      // the same, its point compressed
      "-----BEGIN PRIVATE KEY-----\n"
      "MGcCAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcETTBLAgEBBCAX984GIOvv44Q/R/yx\n"
      "D8HcJyfjU100df7KaFWMA+f/AqEkAyIAAyb2sL8x+HdRKQuKLZUX6E/m133oei1s\n"
      "uHOFF2UHzXKk\n"
      "-----END PRIVATE KEY-----\n",
      // and without it
      "-----BEGIN EC PRIVATE KEY-----\n"
      "MDECAQEEIBf3zgYg6+/jhD9H/LEPwdwnJ+NTXTR1/spoVYwD5/8CoAoGCCqGSM49\n"
      "AwEH\n"
      "-----END EC PRIVATE KEY-----\n",
  };
  for (const char* form : forms) {
    secrets_.put("key", form);
    WebPushChannel channel = made();
    EXPECT_EQ(send(channel, subscribed()).outcome, DeliveryOutcome::accepted);
    EXPECT_THAT(
        field(http_.requests.back(), "authorization"),
        testing::EndsWith(", k=BCb2sL8x-HdRKQuKLZUX6E_m133oei1suHOFF2UHzXKkxU3UAB2sZELTLDDjECmh1bMYv3QkF2z6"
                          "I8juSG33zN0"));
  }
}

TEST_F(WebPushTest, AnswersThenWhatBecomesOfTheDelivery) {
  const struct {
    int status;
    DeliveryOutcome outcome;
    bool dead;
  } rows[] = {
      {200, DeliveryOutcome::accepted, false}, {201, DeliveryOutcome::accepted, false},
      {202, DeliveryOutcome::accepted, false}, {400, DeliveryOutcome::rejected, false},
      {401, DeliveryOutcome::retry, false},    {403, DeliveryOutcome::retry, false},
      {404, DeliveryOutcome::rejected, true},  {410, DeliveryOutcome::rejected, true},
      {413, DeliveryOutcome::rejected, false}, {429, DeliveryOutcome::retry, false},
      {500, DeliveryOutcome::retry, false},    {503, DeliveryOutcome::retry, false},
  };
  WebPushChannel channel = made();
  for (const auto& row : rows) {
    http_.answer = answered(row.status, "", "3");
    const ports::SendResult sent = send(channel, subscribed());
    EXPECT_EQ(sent.outcome, row.outcome) << row.status;
    EXPECT_EQ(sent.address_dead, row.dead) << row.status;
    EXPECT_EQ(sent.retry_after, row.outcome == DeliveryOutcome::retry ? 3s : 0s) << row.status;
  }
}

TEST_F(WebPushTest, AnotherKeyInTheFileThenByThatAndAFileThatIsNoneThenNot) {
  WebPushChannel channel = made();
  send(channel, subscribed());
  secrets_.put("key", "nothing");
  send(channel, subscribed());
  EXPECT_EQ(field(http_.requests.at(1), "authorization"), field(http_.requests.at(0), "authorization"));
  secrets_.put("key", test::other_apns_key);
  send(channel, subscribed());
  EXPECT_NE(field(http_.requests.at(2), "authorization"), field(http_.requests.at(0), "authorization"));
}

TEST_F(WebPushTest, NoKeyThenUnifiedPushAloneDoesWithout) {
  secrets_.put("key", "");
  EXPECT_THROW(made(), std::runtime_error);
  WebPushChannel channel = made(core::ChannelKind::unified_push);
  EXPECT_EQ(send(channel, subscribed()).outcome, DeliveryOutcome::accepted);
  EXPECT_THAT(field(http_.requests.at(0), "authorization"), IsEmpty());
  EXPECT_EQ(send(channel, subscribed(core::NoticeKind::alert, std::string(1'000, 'p'))).outcome,
            DeliveryOutcome::rejected)
      << "longer than UnifiedPush has them";
}

}  // namespace
}  // namespace tuanyuan::push
