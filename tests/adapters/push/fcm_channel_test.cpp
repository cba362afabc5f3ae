#include "adapters/push/fcm_channel.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <initializer_list>
#include <optional>
#include <string>

#include "adapters/push/channel_fixture.hpp"
#include "adapters/push/fcm_message.hpp"
#include "adapters/push/google_account.hpp"
#include "adapters/push/limits.hpp"
#include "adapters/wire/json_base64.hpp"
#include "support/push_keys.hpp"

namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using core::DeliveryOutcome;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr const char* token_uri = "https://oauth.test/token";

HttpResult fcm_says(int status, const std::string& code, std::string retry_after = "") {
  return answered(status,
                  R"({"error":{"code":)" + std::to_string(status) +
                      R"(,"status":"X","details":[{"@type":"a"},{"@type":"b","errorCode":")" + code + R"("}]}})",
                  std::move(retry_after));
}
/// In Google's own form, with a detail of each of these types.
HttpResult unfit(std::initializer_list<std::string> types) {
  std::string details;
  for (const std::string& type : types) {
    details += details.empty() ? "" : ",";
    details += R"({"@type":"type.googleapis.com/google.)" + type + R"(","errorCode":"INVALID_ARGUMENT"})";
  }
  return answered(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","details":[)" + details + "]}}");
}
std::string token_answer(const std::string& token) {
  return R"({"access_token":")" + token + R"(","expires_in":3599,"token_type":"Bearer"})";
}

TEST(GoogleAccountTest, AFileThenAFormWithAnAssertion) {
  const auto account = GoogleAccount::parse(test::service_account(token_uri));
  ASSERT_TRUE(account);
  EXPECT_EQ(account->project(), "tuanyuan-test");
  EXPECT_EQ(account->token_url().target, "/token");
  const std::string form = account->token_form(core::Instant{1'700'000'000s});
  ASSERT_THAT(form, StartsWith("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=ey"));
  const std::string token = form.substr(form.rfind('=') + 1);
  const std::size_t dot = token.find('.');
  EXPECT_EQ(wire::decode_base64(token.substr(0, dot)), R"({"alg":"RS256","typ":"JWT","kid":"k1"})");
  EXPECT_EQ(
      wire::decode_base64(token.substr(dot + 1, token.rfind('.') - dot - 1)),
      R"({"iss":"duty@tuanyuan-test.example.org","scope":"https://www.googleapis.com/auth/firebase.messaging",)"
      R"("aud":"https://oauth.test/token","iat":1700000000,"exp":1700003600})");
  EXPECT_EQ(wire::decode_base64(token.substr(token.rfind('.') + 1)).value().size(), 256U);
}

TEST(GoogleAccountTest, WhatIsNoneThenRefused) {
  EXPECT_FALSE(GoogleAccount::parse(""));
  EXPECT_FALSE(GoogleAccount::parse("{}"));
  EXPECT_FALSE(GoogleAccount::parse(test::service_account("oauth.test")));
  EXPECT_FALSE(GoogleAccount::parse(test::service_account(token_uri, "a/../b")));
}

TEST(FcmVerdictTest, AnswersThenWhatBecomesOfTheDelivery) {
  const struct {
    HttpResult result;
    DeliveryOutcome outcome;
    bool dead;
    std::chrono::seconds wait;
  } rows[] = {
      {answered(200, "{}"), DeliveryOutcome::accepted, false, 0s},
      {fcm_says(404, "UNREGISTERED"), DeliveryOutcome::rejected, true, 0s},
      {fcm_says(403, "SENDER_ID_MISMATCH"), DeliveryOutcome::rejected, true, 0s},
      {fcm_says(400, "INVALID_ARGUMENT"), DeliveryOutcome::rejected, false, 0s},
      {unfit({"firebase.fcm.v1.FcmError"}), DeliveryOutcome::rejected, true, 0s},  // of the token
      {unfit({"firebase.fcm.v1.FcmError", "rpc.BadRequest"}), DeliveryOutcome::rejected, false, 0s},  // of ours
      {unfit({"rpc.BadRequest", "firebase.fcm.v1.FcmError"}), DeliveryOutcome::rejected, false, 0s},
      {unfit({"rpc.BadRequest"}), DeliveryOutcome::rejected, false, 0s},
      {unfit({}), DeliveryOutcome::rejected, false, 0s},
      {answered(404, "<html>"), DeliveryOutcome::retry, false, 0s},
      {answered(410), DeliveryOutcome::rejected, false, 0s},
      {fcm_says(401, "THIRD_PARTY_AUTH_ERROR"), DeliveryOutcome::retry, false, 0s},
      {answered(403, R"({"error":{"status":"PERMISSION_DENIED"}})"), DeliveryOutcome::retry, false, 0s},
      {fcm_says(429, "QUOTA_EXCEEDED"), DeliveryOutcome::retry, false, 60s},
      {fcm_says(429, "QUOTA_EXCEEDED", "9"), DeliveryOutcome::retry, false, 9s},
      {fcm_says(503, "UNAVAILABLE", "3"), DeliveryOutcome::retry, false, 3s},
      {fcm_says(500, "INTERNAL"), DeliveryOutcome::retry, false, 0s},
      {HttpResult::unknown(HttpFailure::timed_out), DeliveryOutcome::unknown, false, 0s},
      {HttpResult::not_sent(HttpFailure::unreachable), DeliveryOutcome::retry, false, 0s},
  };
  for (std::size_t row = 0; row < std::size(rows); ++row) {
    const Verdict verdict = fcm_verdict(rows[row].result, core::Instant{});
    EXPECT_EQ(verdict.sent.outcome, rows[row].outcome) << row;
    EXPECT_EQ(verdict.sent.address_dead, rows[row].dead) << row;
    EXPECT_EQ(verdict.sent.retry_after, rows[row].wait) << row;
  }
  for (const HttpResult& refused :
       {fcm_says(401, "THIRD_PARTY_AUTH_ERROR"), answered(403, R"({"error":{"status":"PERMISSION_DENIED"}})")}) {
    EXPECT_TRUE(fcm_verdict(refused, {}).sent.needs_people) << refused.status;
  }
  EXPECT_FALSE(fcm_verdict(fcm_says(403, "SENDER_ID_MISMATCH"), {}).sent.needs_people);
  EXPECT_EQ(fcm_verdict(rows[1].result, {}).reason, "404/UNREGISTERED");
  EXPECT_EQ(fcm_error(R"({"error":{"status":"whatever it says"}})"), "other");
  EXPECT_EQ(fcm_error("[]"), "");
}

class FcmChannelTest : public ChannelTest {
 protected:
  FcmChannelTest() {
    secrets_.put("service_account", test::service_account(token_uri));
    http_.aside = answered(200, token_answer("t1"));
    http_.answer = answered(200, R"({"name":"projects/tuanyuan-test/messages/1"})");
    channel_.emplace(tools(), at("https://fcm.test"), "amber", words_, secrets_, links_);
  }
  static ports::Dispatch alert() { return dispatch("cZ:APA91b-x_y"); }
  ports::SendResult send(ports::Dispatch what) { return ChannelTest::send(*channel_, std::move(what)); }
  std::string bearer(std::size_t which) const { return field(http_.requests.at(which), "authorization"); }

  std::optional<FcmChannel> channel_;
};

TEST_F(FcmChannelTest, NoTokenToBeHadThenPeopleAreNeededWhereItWasRefused) {
  const struct {
    HttpResult said;
    bool needs_people;
  } rows[] = {
      {answered(400, R"({"error":"invalid_grant"})"), true},
      {answered(401), true},
      {answered(200, "{}"), true},
      {answered(429), false},
      {answered(403, "", "30"), false},  // it says when
      {answered(503), false},
      {HttpResult::not_sent(HttpFailure::unreachable), false},
      {HttpResult::unknown(HttpFailure::timed_out), false},
  };
  for (const auto& row : rows) {
    http_.aside = row.said;
    loop_.clock.run_for(1min);
    const ports::SendResult sent = send(alert());
    EXPECT_EQ(sent.outcome, DeliveryOutcome::retry) << row.said.status;
    EXPECT_EQ(sent.needs_people, row.needs_people) << row.said.status << row.said.body;
  }
  http_.aside = answered(200, token_answer("t1"));
  loop_.clock.run_for(1min);
  EXPECT_EQ(send(alert()).outcome, DeliveryOutcome::accepted);
}

TEST_F(FcmChannelTest, ANoticeThenARequestAsFcmWantsIt) {
  ports::Dispatch what = alert();
  what.expires_at = loop_.clock.wall_now() + 1h;
  EXPECT_EQ(send(what).outcome, DeliveryOutcome::accepted);
  const HttpRequest& request = http_.requests.at(0);
  EXPECT_EQ(request.url.target, "/v1/projects/tuanyuan-test/messages:send");
  EXPECT_EQ(bearer(0), "Bearer t1");
  EXPECT_LE(request.body.size(), 4'096U);
  const boost::json::value said = boost::json::parse(request.body).at("message");
  EXPECT_EQ(said.at("token").as_string(), "cZ:APA91b-x_y");
  EXPECT_THAT(std::string(said.at("notification").at("body").as_string()), HasSubstr("小\"石\"头"));
  EXPECT_THAT(request.body, Not(HasSubstr("ccc"))) << "left out whole";
  EXPECT_EQ(said.at("android").at("ttl").as_string(), "3600s");
  EXPECT_EQ(said.at("android").at("notification").at("channel_id").as_string(), "amber");
  EXPECT_EQ(said.at("android").at("notification").at("tag").as_string(), what.delivery.alert_id.value);
  for (const auto& [name, value] : said.at("data").as_object()) {
    EXPECT_TRUE(value.is_string()) << std::string(name);
  }
  EXPECT_EQ(std::string(said.at("data").at("acknowledgeUrl").as_string()),
            links_.url({core::ChannelKind::fcm, what.delivery.alert_id, 2, core::RecipientId("hotel-1"), false}));
}

TEST_F(FcmChannelTest, ManyThenOneTokenUntilShortlyBeforeItsEnd) {
  send(alert());
  send(dispatch("cZ:APA91b-x_y", core::NoticeKind::close));
  EXPECT_THAT(http_.asides, SizeIs(1));
  loop_.clock.stand_still(54min);
  send(alert());
  EXPECT_THAT(http_.asides, SizeIs(1));
  loop_.clock.stand_still(1min);
  http_.aside = answered(200, token_answer("t2"));
  send(alert());
  EXPECT_THAT(http_.asides, SizeIs(2));
  EXPECT_EQ(bearer(3), "Bearer t2");
}

TEST_F(FcmChannelTest, TheTokenIsRefusedThenOnceMoreWithAnother) {
  const HttpResult refused = answered(401, R"({"error":{"status":"UNAUTHENTICATED"}})");
  send(alert());
  loop_.clock.stand_still(10s);
  http_.first = {refused};
  http_.aside = answered(200, token_answer("t2"));
  EXPECT_EQ(send(alert()).outcome, DeliveryOutcome::accepted);
  EXPECT_THAT(http_.asides, SizeIs(2));
  ASSERT_THAT(http_.requests, SizeIs(3));
  EXPECT_EQ(bearer(1), "Bearer t1");
  EXPECT_EQ(bearer(2), "Bearer t2");
  http_.answer = refused;
  EXPECT_EQ(send(alert()).outcome, DeliveryOutcome::retry);
  EXPECT_THAT(http_.asides, SizeIs(2)) << "not oftener than once in the interval";
  EXPECT_THAT(http_.requests, SizeIs(4));
}

TEST_F(FcmChannelTest, NoTokenToHaveThenNothingIsSentAndNobodyAsksAgainAtOnce) {
  http_.aside = answered(400, R"({"error":"invalid_grant"})");
  EXPECT_EQ(send(alert()).outcome, DeliveryOutcome::retry);
  EXPECT_EQ(send(alert()).outcome, DeliveryOutcome::retry);
  EXPECT_THAT(http_.asides, SizeIs(1));
  EXPECT_THAT(http_.requests, SizeIs(0));
  loop_.clock.stand_still(5s);
  http_.aside = answered(200, token_answer("t2"));
  EXPECT_EQ(send(alert()).outcome, DeliveryOutcome::accepted);
}

TEST_F(FcmChannelTest, AnotherFileThenByThatAccountAndOneThatIsNoneThenNot) {
  send(alert());
  secrets_.put("service_account", "{}");
  EXPECT_EQ(send(alert()).outcome, DeliveryOutcome::accepted);
  secrets_.put("service_account", test::service_account(token_uri, "other-project"));
  send(alert());
  EXPECT_THAT(http_.asides, SizeIs(2));
  EXPECT_EQ(http_.requests.back().url.target, "/v1/projects/other-project/messages:send");
  secrets_.put("service_account", "");
  EXPECT_THROW(channel_.emplace(tools(), at("https://fcm.test"), "", words_, secrets_, links_),
               std::runtime_error);
}

TEST_F(FcmChannelTest, TheClockIsSetThenTheTokenEndsWhenItEnds) {
  send(alert());
  loop_.clock.step_wall(-24h);
  loop_.clock.stand_still(1h);
  http_.aside = answered(200, token_answer("t2"));
  send(alert());
  EXPECT_THAT(http_.asides, SizeIs(2));
  EXPECT_EQ(bearer(1), "Bearer t2");
}

TEST_F(FcmChannelTest, ATokenThatIsNoneThenNothingIsSentByIt) {
  http_.aside = answered(200, R"({"access_token":"t1\r\nx-other: y","expires_in":3599})");
  EXPECT_EQ(send(alert()).outcome, DeliveryOutcome::retry);
  EXPECT_THAT(http_.requests, SizeIs(0));
}

TEST_F(FcmChannelTest, NobodySaysHowLongTheTokenLastsThenAsLongAsIsUsual) {
  http_.aside = answered(200, R"({"access_token":"t1"})");
  send(alert());
  loop_.clock.stand_still(10min);
  EXPECT_EQ(send(alert()).outcome, DeliveryOutcome::accepted);
  EXPECT_THAT(http_.asides, SizeIs(1));
}

TEST_F(FcmChannelTest, AllWhoHaveJoinedThenOneRequestThatFitsAndNobodyAnswersForThem) {
  const struct {
    const char* address;
    const char* member;
    const char* name;
  } rows[] = {
      {"topic:div-210102", "topic", "div-210102"},
      {"condition:'a' in topics && 'b' in topics", "condition", "'a' in topics && 'b' in topics"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(send(dispatch(row.address)).outcome, DeliveryOutcome::accepted);
    const std::string& body = http_.requests.back().body;
    const boost::json::value said = boost::json::parse(body).at("message");
    EXPECT_EQ(said.at(row.member).as_string(), row.name);
    EXPECT_FALSE(said.as_object().contains("token"));
    EXPECT_FALSE(said.at("data").as_object().contains("acknowledgeUrl"));
    EXPECT_THAT(std::string(said.at("notification").at("body").as_string()), HasSubstr("110"));
    EXPECT_LE(body.size(), fcm_group_composed_bytes_max + std::string_view(row.name).size());
  }
  for (const char* wrong : {"topic:", "topic:a b", "condition:a"}) {
    EXPECT_EQ(send(dispatch(wrong)).outcome, DeliveryOutcome::rejected) << wrong;
  }
  EXPECT_THAT(http_.requests, SizeIs(2));
}

TEST_F(FcmChannelTest, APictureTooMuchForATopicThenTheWordsAlone) {
  core::Notice notice = notice_about({});
  notice.photo.emplace().sha256 = std::string(32, 's');
  notice.photo->url = "https://photo.test/" + std::string(1'500, 'p');
  for (const bool is_topic : {false, true}) {
    ports::Dispatch what = dispatch(is_topic ? "topic:a" : "token");
    what.copy = copy_of(notice);
    ASSERT_EQ(send(what).outcome, DeliveryOutcome::accepted);
    const boost::json::value said = boost::json::parse(http_.requests.back().body).at("message");
    EXPECT_EQ(said.at("notification").as_object().contains("image"), !is_topic);
    EXPECT_THAT(std::string(said.at("notification").at("body").as_string()), HasSubstr("110"));
  }
}

TEST_F(FcmChannelTest, NobodyIsThereThenATopicStays) {
  http_.answer = fcm_says(404, "UNREGISTERED");
  EXPECT_TRUE(send(alert()).address_dead);
  const ports::SendResult sent = send(dispatch("topic:div-210102"));
  EXPECT_EQ(sent.outcome, DeliveryOutcome::rejected);
  EXPECT_FALSE(sent.address_dead);
}

TEST_F(FcmChannelTest, WhatCanNeverBeSentThenRejectedAndNotAsked) {
  for (const std::string& wrong :
       {std::string(), std::string("a b"), std::string("a\n"), std::string(fcm_device_token_chars_max + 1, 'a')}) {
    ports::Dispatch what = alert();
    what.endpoint.address = wrong;
    EXPECT_EQ(send(what).outcome, DeliveryOutcome::rejected);
  }
  EXPECT_THAT(http_.requests, SizeIs(0));
}

}  // namespace
}  // namespace tuanyuan::push
