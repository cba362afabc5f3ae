#include "adapters/push/channel_fixture.hpp"
#include "adapters/push/digests.hpp"
#include "adapters/push/getui_channel.hpp"
#include "adapters/push/jpush_channel.hpp"
#include "adapters/push/sms_channel.hpp"
#include "adapters/push/sms_message.hpp"
#include "adapters/push/voice_channel.hpp"

// What is peculiar to the channels that ask their gateway for something first, or that fill in a form for a
// telephone.
namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using core::DeliveryOutcome;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class HandsetChannels : public ChannelTest {
 protected:
  HandsetChannels() {
    secrets_.put("master_secret", "secret");
    secrets_.put("password", "word");
    secrets_.put("token", "bearer");
  }

  RestSettings settings_ = at("https://vendor.test");
};

TEST_F(HandsetChannels, JpushHasNoCidToGiveThenTheMessageGoesWithout) {
  JpushChannel channel(tools(), settings_, {"app", false}, words_, secrets_, links_);
  http_.aside = HttpResult::unknown(HttpFailure::timed_out);
  http_.answer = answered(200, R"({"sendno":"0","msg_id":"1"})");
  EXPECT_EQ(send(channel, dispatch("r1")).outcome, DeliveryOutcome::accepted);
  EXPECT_EQ(send(channel, dispatch("alias:duty")).outcome, DeliveryOutcome::accepted);
  EXPECT_THAT(http_.asides, SizeIs(1)) << "it is not asked again at once";
  ASSERT_THAT(http_.requests, SizeIs(2));
  EXPECT_THAT(http_.requests[0].body, Not(HasSubstr("cid\":\"")));
  EXPECT_THAT(http_.requests[0].body, HasSubstr(R"("audience":{"registration_id":["r1"]})"));
  EXPECT_THAT(http_.requests[0].body, HasSubstr(R"("apns_production":false)"));
  EXPECT_THAT(http_.requests[1].body, HasSubstr(R"("audience":{"alias":["duty"]})"));
  EXPECT_EQ(field(http_.requests[0], "authorization"), "Basic " + to_base64("app:secret"));
}

TEST_F(HandsetChannels, JpushIsRepeatedThenByTheSameCidUntilItIsSettled) {
  JpushChannel channel(tools(), settings_, {"app", true}, words_, secrets_, links_);
  http_.aside = answered(200, R"({"cidlist":["c1","c2","c3"]})");
  http_.answer = HttpResult::unknown(HttpFailure::timed_out);
  send(channel, dispatch("r1"));
  http_.answer = answered(200, R"({"msg_id":"1"})");
  send(channel, dispatch("r1"));
  send(channel, dispatch("r1", core::NoticeKind::close));
  ASSERT_THAT(http_.requests, SizeIs(3));
  EXPECT_THAT(http_.requests[0].body, HasSubstr(R"("cid":"c1")"));
  EXPECT_THAT(http_.requests[1].body, HasSubstr(R"("cid":"c1")"));
  EXPECT_THAT(http_.requests[2].body, HasSubstr(R"("cid":"c2")"));
  EXPECT_THAT(http_.asides, SizeIs(1));
}

TEST_F(HandsetChannels, JpushsAnswersThenWhetherTheRepetitionHasTheSameCid) {
  const auto refused = [](int status, const std::string& code) {
    return answered(status, R"({"error":{"code":)" + code + "}}");
  };
  const struct {
    const char* what;
    HttpResult result;
    bool same;
  } rows[] = {
      {"no answer", HttpResult::unknown(HttpFailure::timed_out), true},
      {"an answer that says nothing", answered(200, "what is this"), true},
      {"an answer of what stands before it", answered(504, "<html>"), true},
      {"nothing left", HttpResult::not_sent(HttpFailure::unreachable), true},
      {"1000", refused(500, "1000"), true},
      {"1030", refused(500, "1030"), true},
      {"1004", refused(401, "1004"), false},
      {"2002", refused(429, "2002"), false},
      {"2003", refused(400, "2003"), false},
      {"an unknown code", refused(500, "4711"), false},
      {"429 without a code", answered(429), false},
      {"1003", refused(400, "1003"), false},
  };
  for (const auto& row : rows) {
    JpushChannel channel(tools(), settings_, {"app", true}, words_, secrets_, links_);
    http_.requests.clear();
    http_.aside = answered(200, R"({"cidlist":["c1","c2"]})");
    http_.first = {row.result};
    http_.answer = answered(200, R"({"msg_id":"1"})");
    send(channel, dispatch("r1"));
    send(channel, dispatch("r1"));
    ASSERT_THAT(http_.requests, SizeIs(2)) << row.what;
    EXPECT_THAT(http_.requests[0].body, HasSubstr(R"("cid":"c1")")) << row.what;
    EXPECT_THAT(http_.requests[1].body, HasSubstr(row.same ? R"("cid":"c1")" : R"("cid":"c2")")) << row.what;
  }
}

TEST_F(HandsetChannels, JpushHasForgottenTheCidThenAnotherOrNone) {
  JpushChannel channel(tools(), settings_, {"app", true}, words_, secrets_, links_);
  http_.aside = answered(200, R"({"cidlist":["c1","c2"]})");
  http_.answer = HttpResult::unknown(HttpFailure::timed_out);
  send(channel, dispatch("r1"));
  loop_.clock.stand_still(23h - 1s);
  send(channel, dispatch("r1"));
  loop_.clock.stand_still(1s);
  http_.aside = HttpResult::unknown(HttpFailure::timed_out);
  send(channel, dispatch("r1"));
  loop_.clock.stand_still(30s);
  http_.aside = answered(200, R"({"cidlist":["c3"]})");
  send(channel, dispatch("r1"));
  ASSERT_THAT(http_.requests, SizeIs(4));
  EXPECT_THAT(http_.requests[1].body, HasSubstr(R"("cid":"c1")"));
  EXPECT_THAT(http_.requests[2].body, Not(HasSubstr("cid\":\"")));
  EXPECT_THAT(http_.requests[3].body, HasSubstr(R"("cid":"c3")"));
}

TEST_F(HandsetChannels, JpushGivesNoCidAndTheClockIsSetBackThenItIsAskedAgainAllTheSame) {
  JpushChannel channel(tools(), settings_, {"app", true}, words_, secrets_, links_);
  http_.aside = HttpResult::unknown(HttpFailure::timed_out);
  send(channel, dispatch("r1"));
  loop_.clock.step_wall(-1h);
  loop_.clock.stand_still(30s);
  http_.aside = answered(200, R"({"cidlist":["c1"]})");
  send(channel, dispatch("r1"));
  EXPECT_THAT(http_.requests.at(1).body, HasSubstr(R"("cid":"c1")"));
}

TEST_F(HandsetChannels, TagsThenOneRequestForAllWhoHaveThem) {
  JpushChannel jpush(tools(), settings_, {"app", true}, words_, secrets_, links_);
  GetuiChannel getui(tools(), settings_, {"id", "key"}, words_, secrets_, links_);
  http_.aside = answered(200, R"({"code":0,"data":{"token":"t1"},"cidlist":["c1"]})");
  http_.answer = answered(200, R"({"code":0,"msg_id":"1"})");
  EXPECT_EQ(send(jpush, dispatch("tag:沈河区")).outcome, DeliveryOutcome::accepted);
  EXPECT_EQ(send(getui, dispatch("tag:div-210102")).outcome, DeliveryOutcome::accepted);
  ASSERT_THAT(http_.requests, SizeIs(2));
  EXPECT_THAT(http_.requests[0].body, HasSubstr(R"("audience":{"tag":["沈河区"]})"));
  EXPECT_THAT(http_.requests[0].body, HasSubstr(R"("apns_collapse_id":"0190a7c8-0000-7000-8000-000000000001")"));
  EXPECT_EQ(http_.requests[1].url.target, "/id/push/tag");
  EXPECT_THAT(http_.requests[1].body,
              HasSubstr(R"("audience":{"tag":[{"key":"custom_tag","values":["div-210102"],"opt_type":"and"}]})"));
  EXPECT_EQ(send(jpush, dispatch("tag:a b")).outcome, DeliveryOutcome::rejected);
  EXPECT_EQ(send(getui, dispatch("topic:a")).outcome, DeliveryOutcome::rejected);
  EXPECT_THAT(http_.requests, SizeIs(2));
}

TEST_F(HandsetChannels, GetuisTagsAreFullThenHandsetsByTheirIdGoOn) {
  const GetuiChannel getui(tools(), settings_, {"id", "key"}, words_, secrets_, links_);
  EXPECT_NE(getui.lane(dispatch("tag:div-210102")), getui.lane(dispatch("c1")));
  EXPECT_EQ(getui.lane(dispatch("c1")), getui.lane(dispatch("c2")));
}

TEST_F(HandsetChannels, PhonesOfAnAppThenItIsGivenTheLinkToAnswerByAndATagIsNot) {
  JpushChannel jpush(tools(), settings_, {"app", true}, words_, secrets_, links_);
  GetuiChannel getui(tools(), settings_, {"id", "key"}, words_, secrets_, links_);
  http_.aside = answered(200, R"({"code":0,"data":{"token":"t1"},"cidlist":["c1"]})");
  http_.answer = answered(200, R"({"code":0,"msg_id":"1"})");
  for (ports::Channel* channel : std::initializer_list<ports::Channel*>{&jpush, &getui}) {
    http_.requests.clear();
    send(*channel, dispatch("r1"));
    send(*channel, dispatch("tag:a"));
    ASSERT_THAT(http_.requests, SizeIs(2));
    const std::string kind(core::to_string(channel->kind()));
    EXPECT_THAT(http_.requests[0].body, HasSubstr("channel=" + kind)) << "signed for this one";
    EXPECT_THAT(http_.requests[0].body, HasSubstr("acknowledgeUrl"));
    EXPECT_THAT(http_.requests[0].body, HasSubstr("0190a7c8-0000-7000-8000-000000000001"));
    EXPECT_THAT(http_.requests[1].body, Not(HasSubstr("acknowledgeUrl")));
  }
}

TEST_F(HandsetChannels, JpushKeepsItAsLongAsTheAlertLastsAndALateRecallForADay) {
  JpushChannel channel(tools(), settings_, {"app", true}, words_, secrets_, links_);
  ports::Dispatch lasting = dispatch("r1");
  lasting.expires_at = loop_.clock.wall_now() + 1h;
  send(channel, lasting);
  lasting.expires_at = loop_.clock.wall_now() + 1'000h;
  send(channel, lasting);
  ports::Dispatch recall = dispatch("r1", core::NoticeKind::close);
  recall.expires_at = loop_.clock.wall_now() - 1h;
  send(channel, recall);
  EXPECT_THAT(http_.requests.at(0).body, HasSubstr(R"("time_to_live":3600,)"));
  EXPECT_THAT(http_.requests.at(1).body, HasSubstr(R"("time_to_live":864000,)"));
  EXPECT_THAT(http_.requests.at(2).body, HasSubstr(R"("time_to_live":86400,)")) << "not only for who is there now";
}

TEST_F(HandsetChannels, GetuiKeepsItAsLongAsTheAlertLasts) {
  GetuiChannel channel(tools(), settings_, {"id", "key"}, words_, secrets_, links_);
  http_.aside = answered(200, R"({"code":0,"data":{"token":"t1"}})");
  ports::Dispatch lasting = dispatch("c1");
  lasting.expires_at = loop_.clock.wall_now() + 1h;
  send(channel, lasting);
  lasting.expires_at = loop_.clock.wall_now() + 1'000h;
  send(channel, lasting);
  EXPECT_THAT(http_.requests.at(0).body, HasSubstr(R"("settings":{"ttl":3600000})"));
  EXPECT_THAT(http_.requests.at(1).body, HasSubstr(R"("settings":{"ttl":259200000})"));
}

TEST_F(HandsetChannels, GetuisRecallThenItTakesTheAlertsPlace) {
  GetuiChannel channel(tools(), settings_, {"id", "key"}, words_, secrets_, links_);
  http_.aside = answered(200, R"({"code":0,"data":{"token":"t1"}})");
  const ports::Dispatch alert = dispatch("c1");
  const std::string place = R"(,"notify_id":)" + std::to_string(place_of(alert.delivery.alert_id)) + "}";
  send(channel, alert);
  send(channel, dispatch("c1", core::NoticeKind::close));
  send(channel, dispatch("tag:a", core::NoticeKind::close));
  ASSERT_THAT(http_.requests, SizeIs(3));
  for (const HttpRequest& request : http_.requests) {
    EXPECT_THAT(request.body, HasSubstr(place));
  }
  EXPECT_NE(place_of(core::AlertId("a")), place_of(core::AlertId("b")));
}

TEST_F(HandsetChannels, NobodyHasTheTagThenItStays) {
  JpushChannel jpush(tools(), settings_, {"app", true}, words_, secrets_, links_);
  http_.answer = answered(400, R"({"error":{"code":1011}})");
  EXPECT_TRUE(send(jpush, dispatch("r1")).address_dead);
  EXPECT_TRUE(send(jpush, dispatch("alias:duty")).address_dead);
  const ports::SendResult sent = send(jpush, dispatch("tag:a"));
  EXPECT_EQ(sent.outcome, DeliveryOutcome::rejected);
  EXPECT_FALSE(sent.address_dead);
}

TEST_F(HandsetChannels, JpushCodesThenWhatBecomesOfTheDelivery) {
  const struct {
    int status;
    int code;
    DeliveryOutcome outcome;
    bool dead;
  } rows[] = {
      {500, 1'000, DeliveryOutcome::retry, false},    {400, 1'002, DeliveryOutcome::rejected, false},
      {400, 1'003, DeliveryOutcome::rejected, false}, {401, 1'004, DeliveryOutcome::retry, false},
      {400, 1'005, DeliveryOutcome::rejected, false}, {400, 1'008, DeliveryOutcome::retry, false},
      {400, 1'011, DeliveryOutcome::rejected, true},  {500, 1'030, DeliveryOutcome::retry, false},
      {429, 2'002, DeliveryOutcome::retry, false},    {400, 2'003, DeliveryOutcome::retry, false},
  };
  JpushChannel channel(tools(), settings_, {"app", true}, words_, secrets_, links_);
  for (const auto& row : rows) {
    http_.answer = answered(row.status, R"({"error":{"code":)" + std::to_string(row.code) + "}}");
    const ports::SendResult sent = send(channel, dispatch("r1"));
    EXPECT_EQ(sent.outcome, row.outcome) << row.code;
    EXPECT_EQ(sent.address_dead, row.dead) << row.code;
    EXPECT_EQ(sent.needs_people, row.code == 1'004 || row.code == 1'008 || row.code == 2'003) << row.code;
  }
  http_.answer = answered(200, "what is this");
  EXPECT_EQ(send(channel, dispatch("r1")).outcome, DeliveryOutcome::unknown);
}

TEST_F(HandsetChannels, GetuiGivesNoTokenThenNothingIsSentAndNobodyAsksAgainAtOnce) {
  GetuiChannel channel(tools(), settings_, {"id", "key"}, words_, secrets_, links_);
  http_.aside = answered(200, R"({"code":10003,"msg":"x"})");
  const ports::SendResult first = send(channel, dispatch("c1"));
  EXPECT_EQ(first.outcome, DeliveryOutcome::retry);
  EXPECT_EQ(send(channel, dispatch("c1")).outcome, DeliveryOutcome::retry);
  EXPECT_THAT(http_.asides, SizeIs(1));
  EXPECT_THAT(http_.requests, SizeIs(0));
}

TEST_F(HandsetChannels, GetuiForgetsTheTokenThenItIsFetchedAnewAndOtherwiseKept) {
  GetuiChannel channel(tools(), settings_, {"id", "key"}, words_, secrets_, links_);
  http_.aside = answered(200, R"({"code":0,"data":{"token":"t1"}})");
  http_.answer = answered(200, R"({"code":0})");
  EXPECT_EQ(send(channel, dispatch("c1")).outcome, DeliveryOutcome::accepted);
  EXPECT_EQ(send(channel, dispatch("c1")).outcome, DeliveryOutcome::accepted);
  EXPECT_THAT(http_.asides, SizeIs(1));
  loop_.clock.run_for(AccessTokens::ask_interval);
  http_.first = {answered(200, R"({"code":10001})")};
  http_.aside = answered(200, R"({"code":0,"data":{"token":"t2"}})");
  http_.answer = answered(200, R"({"code":20001})");
  const ports::SendResult gone = send(channel, dispatch("c1"));
  EXPECT_EQ(gone.outcome, DeliveryOutcome::rejected);
  EXPECT_TRUE(gone.address_dead);
  ASSERT_THAT(http_.requests, SizeIs(4)) << "once more in the same attempt";
  EXPECT_EQ(field(http_.requests[2], "token"), "t1");
  EXPECT_EQ(field(http_.requests[3], "token"), "t2");
  EXPECT_EQ(http_.requests[0].url.target, "/id/push/single/cid");
}

TEST_F(HandsetChannels, GetuisLoginFailsAndTheClockIsSetBackThenItIsAskedAgainAllTheSame) {
  GetuiChannel channel(tools(), settings_, {"id", "key"}, words_, secrets_, links_);
  http_.aside = answered(500, "");
  EXPECT_EQ(send(channel, dispatch("c1")).outcome, DeliveryOutcome::retry);
  loop_.clock.step_wall(-1h);
  loop_.clock.stand_still(5s);
  http_.aside = answered(200, R"({"code":0,"data":{"token":"t1"}})");
  http_.answer = answered(200, R"({"code":0})");
  EXPECT_EQ(send(channel, dispatch("c1")).outcome, DeliveryOutcome::accepted);
}

TEST_F(HandsetChannels, ReloadBringsGetuiAnotherSecretThenTheTokenOfTheOldOneIsForgotten) {
  GetuiChannel channel(tools(), settings_, {"id", "key"}, words_, secrets_, links_);
  http_.aside = answered(200, R"({"code":0,"data":{"token":"t1"}})");
  http_.answer = answered(200, R"({"code":0})");
  send(channel, dispatch("c1"));
  secrets_.put("master_secret", "new");
  http_.aside = answered(200, R"({"code":0,"data":{"token":"t2"}})");
  send(channel, dispatch("c1"));
  ASSERT_THAT(http_.requests, SizeIs(2));
  EXPECT_EQ(field(http_.requests[1], "token"), "t2");
}

TEST_F(HandsetChannels, TextMessageThenAFormThatHoldsNeitherPasswordNorTextInItsAddress) {
  SmsChannel channel(tools(), settings_, {"user", "10690", 2}, words_, secrets_, links_);
  http_.answer = answered(202, "0: Accepted for delivery");
  EXPECT_EQ(send(channel, dispatch("+86 138-0000-0001")).outcome, DeliveryOutcome::accepted);
  ASSERT_THAT(http_.requests, SizeIs(1));
  const HttpRequest& request = http_.requests[0];
  EXPECT_EQ(request.url.target, "/cgi-bin/sendsms");
  EXPECT_EQ(field(request, "x-kannel-to"), "+8613800000001");
  EXPECT_EQ(field(request, "x-kannel-coding"), "2");
  EXPECT_EQ(field(request, "x-kannel-password"), "word");
  EXPECT_EQ(field(request, "x-kannel-from"), "10690");
  EXPECT_EQ(field(request, "x-kannel-dlr-mask"), "19");
  EXPECT_THAT(field(request, "x-kannel-dlr-url"), HasSubstr("&recipient=hotel-1&status=%d"));
  EXPECT_LE(sms_parts(request.body), 2U) << request.body;
  EXPECT_THAT(request.body, HasSubstr("小\"石\"头"));
  EXPECT_THAT(request.body, Not(HasSubstr("ccc"))) << "left out whole";
  for (const char* number : {"", "110x", "https://a.test"}) {
    EXPECT_EQ(send(channel, dispatch(number)).outcome, DeliveryOutcome::rejected) << number;
  }
}

TEST_F(HandsetChannels, CallThenTheSpeechAndWhereToReport) {
  VoiceChannel channel(tools(), settings_, words_, secrets_, links_);
  http_.answer = answered(202, "");
  ports::Dispatch english = dispatch("024-5550-0101", core::NoticeKind::close);
  english.languages = {"en"};
  EXPECT_EQ(send(channel, english).outcome, DeliveryOutcome::accepted);
  const HttpRequest& request = http_.requests.at(0);
  EXPECT_EQ(field(request, "authorization"), "Bearer bearer");
  EXPECT_THAT(request.body, HasSubstr(R"("language":"en")"));
  EXPECT_THAT(request.body, HasSubstr("Press one once it has been taken down."));
  EXPECT_THAT(request.body, HasSubstr("&recall=1"));
}

}  // namespace
}  // namespace tuanyuan::push
