#include "adapters/push/apns_channel.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "adapters/push/channel_fixture.hpp"
#include "adapters/push/limits.hpp"
#include "adapters/push/retry_after.hpp"
#include "support/push_keys.hpp"

namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using core::DeliveryOutcome;

const core::Instant now = core::Instant(1'700'000'000'123ms);

HttpResult apple_says(int status, const std::string& reason = "", std::string retry_after = "") {
  return answered(status, reason.empty() ? "" : R"({"reason":")" + reason + R"("})", std::move(retry_after));
}

TEST(ApnsVerdict, EveryReasonThenWhatBecomesOfTheDelivery) {
  struct {
    int status;
    const char* reason;
    DeliveryOutcome outcome;
    bool dead;
    core::Duration wait;
    ApnsNeed need;
  } const rows[] = {
      {200, "", DeliveryOutcome::accepted, false, 0s, ApnsNeed::nothing},
      {400, "BadDeviceToken", DeliveryOutcome::rejected, true, 0s, ApnsNeed::nothing},
      {400, "DeviceTokenNotForTopic", DeliveryOutcome::rejected, true, 0s, ApnsNeed::nothing},
      {400, "BadCollapseId", DeliveryOutcome::rejected, false, 0s, ApnsNeed::nothing},
      {400, "TopicDisallowed", DeliveryOutcome::rejected, false, 0s, ApnsNeed::nothing},
      {400, "", DeliveryOutcome::rejected, false, 0s, ApnsNeed::nothing},
      {403, "ExpiredProviderToken", DeliveryOutcome::retry, false, 0s, ApnsNeed::new_token},
      {403, "InvalidProviderToken", DeliveryOutcome::retry, false, 0s, ApnsNeed::operator_},
      {403, "", DeliveryOutcome::retry, false, 0s, ApnsNeed::operator_},
      {404, "BadPath", DeliveryOutcome::rejected, false, 0s, ApnsNeed::nothing},
      {405, "MethodNotAllowed", DeliveryOutcome::rejected, false, 0s, ApnsNeed::nothing},
      {410, "Unregistered", DeliveryOutcome::rejected, true, 0s, ApnsNeed::nothing},
      {410, "ExpiredToken", DeliveryOutcome::rejected, true, 0s, ApnsNeed::nothing},
      {410, "", DeliveryOutcome::retry, false, 0s,
       ApnsNeed::nothing},  // a proxy may say so, APNs gives the reason
      {410, "BadDeviceToken", DeliveryOutcome::retry, false, 0s, ApnsNeed::nothing},
      {413, "PayloadTooLarge", DeliveryOutcome::rejected, false, 0s, ApnsNeed::nothing},
      {429, "TooManyRequests", DeliveryOutcome::retry, false, 0s, ApnsNeed::nothing},
      {429, "TooManyProviderTokenUpdates", DeliveryOutcome::retry, false, 20min, ApnsNeed::nothing},
      {500, "InternalServerError", DeliveryOutcome::retry, false, 0s, ApnsNeed::nothing},
      {503, "Shutdown", DeliveryOutcome::retry, false, 0s, ApnsNeed::nothing},
      {302, "", DeliveryOutcome::retry, false, 0s, ApnsNeed::nothing},
  };
  for (const auto& row : rows) {
    const ApnsVerdict verdict = apns_verdict(apple_says(row.status, row.reason), now);
    EXPECT_EQ(verdict.sent.outcome, row.outcome) << row.status << row.reason;
    EXPECT_EQ(verdict.sent.address_dead, row.dead) << row.status << row.reason;
    EXPECT_EQ(verdict.sent.retry_after, row.wait) << row.status << row.reason;
    EXPECT_EQ(verdict.need, row.need) << row.status << row.reason;
    EXPECT_EQ(verdict.sent.needs_people, row.need == ApnsNeed::operator_) << row.reason;
    EXPECT_EQ(verdict.sent.of_address, verdict.reason == "TooManyRequests") << row.reason;
    EXPECT_EQ(verdict.reason, row.reason);
  }
  EXPECT_EQ(apns_verdict(apple_says(503, "ServiceUnavailable", "7"), now).sent.retry_after, 7s);
}

TEST(ApnsVerdict, TheDeviceIsGoneThenSinceWhen) {
  const auto since = [](int status, const char* body) {
    return apns_verdict(answered(status, body), now).sent.dead_since;
  };
  EXPECT_EQ(since(410, R"({"reason":"Unregistered","timestamp":1699999999123})"),
            core::Instant(1'699'999'999'123ms));
  EXPECT_EQ(since(410, R"({"reason":"ExpiredToken","timestamp":1699999999123})"),
            core::Instant(1'699'999'999'123ms));
  EXPECT_EQ(since(403, R"({"reason":"Forbidden","timestamp":1699999999123})"), core::Instant());
  for (const char* none : {"", R"(,"timestamp":-1)", R"(,"timestamp":"1699999999123")", R"(,"timestamp":1.5)",
                           R"(,"timestamp":18446744073709551615)", R"(,"timestamp":null)"}) {
    const ApnsVerdict verdict =
        apns_verdict(answered(410, std::string(R"({"reason":"Unregistered")") + none + "}"), now);
    EXPECT_TRUE(verdict.sent.address_dead) << none;
    EXPECT_EQ(verdict.sent.dead_since, core::Instant()) << none;
  }
}

TEST(ApnsVerdict, NoAnswerThenByWhatIsKnownOfTheRequest) {
  EXPECT_EQ(apns_verdict(HttpResult::unknown(HttpFailure::timed_out), now).sent.outcome, DeliveryOutcome::unknown);
  EXPECT_EQ(apns_verdict(HttpResult::not_sent(HttpFailure::not_due), now).sent.outcome, DeliveryOutcome::held);
  EXPECT_EQ(apns_verdict(HttpResult::not_sent(HttpFailure::address_refused), now).sent.outcome,
            DeliveryOutcome::retry);
  EXPECT_EQ(apns_verdict(HttpResult::not_sent(HttpFailure::unreachable), now).sent.outcome,
            DeliveryOutcome::retry);
  EXPECT_EQ(apns_verdict(HttpResult::not_sent(HttpFailure::malformed), now).sent.outcome,
            DeliveryOutcome::rejected);
}

TEST(ApnsReason, OnlyWhatAppleHasThenPassedOn) {
  EXPECT_EQ(apns_reason(R"({"reason":"Unregistered","timestamp":1700000000000})"), "Unregistered");
  EXPECT_EQ(apns_reason(R"({"reason":"the child's name"})"), "other");
  for (const char* none : {"", "{}", "[]", "null", R"({"reason":5})", R"({"reason":"Unregistered")", "<html>"}) {
    EXPECT_EQ(apns_reason(none), "") << none;
  }
  EXPECT_EQ(apns_reason(std::string(apns_answer_bytes_max + 1, ' ')), "");
}

TEST(DeviceToken, HexadecimalOfAnyLengthThenOne) {
  for (const std::string& token : {std::string("a"), std::string(64, 'F'), std::string(200, '0')}) {
    EXPECT_TRUE(is_device_token(token));
  }
  for (const std::string& other : {std::string(), std::string("xyz"), std::string("ab/../cd"),
                                   std::string("ab cd"), std::string(apns_device_token_chars_max + 1, 'a')}) {
    EXPECT_FALSE(is_device_token(other)) << other;
  }
}

core::Notice notice(core::NoticeKind kind = core::NoticeKind::alert) {
  core::Notice made;
  made.alert_id = core::AlertId("0190a7c8-0000-7000-8000-000000000001");
  made.version = {2, 3};
  made.kind = kind;
  made.status = core::Status::actual;
  made.audience = core::Audience::public_;
  if (!core::is_recall(kind)) {
    made.child.emplace().name = "小明";
    made.last_seen.emplace().place = "沈阳站";
    made.contact.emplace().phone = "024-55500110";
  }
  return made;
}

boost::json::value parsed(const std::string& text) {
  return boost::json::parse(text);
}

class ApnsPayload : public testing::Test {
 protected:
  std::string payload(const core::Notice& what, bool critical = false, std::vector<std::string> languages = {}) {
    return apns_payload(what, words_, languages, critical).value();
  }
  Words words_{core::default_templates()};
};

TEST_F(ApnsPayload, AnAlertThenItInterruptsAsFarAsItMay) {
  const auto usual = parsed(payload(notice()));
  const auto& aps = usual.at("aps");
  EXPECT_EQ(aps.at("interruption-level"), "time-sensitive");
  EXPECT_EQ(aps.at("sound"), "default");
  EXPECT_EQ(aps.at("mutable-content"), 1);
  EXPECT_NE(aps.at("alert").at("title").as_string().find("小明"), boost::json::string::npos);
  EXPECT_NE(aps.at("alert").at("body").as_string().find("024-55500110"), boost::json::string::npos);
  EXPECT_EQ(usual.at("kind"), "ALERT");
  EXPECT_EQ(usual.at("alertId"), "0190a7c8-0000-7000-8000-000000000001");
  EXPECT_EQ(usual.at("revision"), 2);
  EXPECT_EQ(usual.at("step"), 3);
  EXPECT_FALSE(usual.as_object().contains("image"));
  const auto critical = parsed(payload(notice(core::NoticeKind::update), true));
  EXPECT_EQ(critical.at("aps").at("interruption-level"), "critical");
  EXPECT_EQ(critical.at("aps").at("sound").at("critical"), 1);
  core::Notice drill = notice();
  drill.status = core::Status::exercise;
  EXPECT_EQ(parsed(payload(drill, true)).at("aps").at("interruption-level"), "time-sensitive");
}

TEST_F(ApnsPayload, ARecallThenWithoutASoundAndWithNothingOfTheChild) {
  const std::string text = payload(notice(core::NoticeKind::close), true);
  const auto recall = parsed(text);
  EXPECT_EQ(recall.at("kind"), "CLOSE");
  EXPECT_EQ(recall.at("aps").at("interruption-level"), "active");
  EXPECT_FALSE(recall.at("aps").as_object().contains("sound"));
  EXPECT_EQ(text.find("小明"), std::string::npos);
}

TEST_F(ApnsPayload, APhotoThenItsAddress) {
  core::Notice with_photo = notice();
  with_photo.photo.emplace().url = "https://photo.example/1";
  EXPECT_EQ(parsed(payload(with_photo)).at("image"), "https://photo.example/1");
}

TEST_F(ApnsPayload, MoreThanFitsThenWholeFactsAreLeftOutAndWhomToCallIsNot) {
  core::Notice much = notice();
  std::string long_text;
  for (int count = 0; count < 2'000; ++count) {
    long_text += "\"";  // two bytes each in JSON
  }
  much.child->appearance = long_text;
  much.child->clothing = "红色上衣";
  much.circumstances = long_text;
  const std::string text = payload(much, false, {"zh-CN", "en"});
  EXPECT_LE(text.size(), apns_composed_bytes_max);
  const std::string body(parsed(text).at("aps").at("alert").at("body").as_string());
  EXPECT_NE(body.find("024-55500110"), std::string::npos);
  EXPECT_NE(body.find("红色上衣"), std::string::npos);
  EXPECT_EQ(body.find("\"\""), std::string::npos);
  EXPECT_NE(body.find("Missing child"), std::string::npos);
}

TEST_F(ApnsPayload, ALinkThenAppendedWhereThereIsRoom) {
  EXPECT_EQ(with_link("{}", "https://here.test/", apns_payload_bytes_max),
            R"({,"acknowledgeUrl":"https://here.test/"})");
  EXPECT_EQ(with_link("{}", "", apns_payload_bytes_max), "{}");
  EXPECT_EQ(with_link("{}", std::string(apns_payload_bytes_max, 'a'), apns_payload_bytes_max), "{}");
}

class ApnsChannelTest : public ChannelTest {
 protected:
  ApnsChannelTest() {
    loop_.clock.step_wall(now - loop_.clock.wall_now());
    secrets_.put("key", test::apns_key);
    channel_.emplace(tools(), secrets_, words_, links_, settings());
    dispatch_.delivery.alert_id = notice().alert_id;
    dispatch_.delivery.version = {2, 3};
    dispatch_.delivery.status = core::Status::actual;
    dispatch_.delivery.target = core::RecipientId("hospital-1");
    dispatch_.copy = copy_of(notice());
    dispatch_.endpoint.channel = core::ChannelKind::apns;
    dispatch_.endpoint.address = "00ffaa";
    dispatch_.expires_at = now + 1h;
  }
  static ApnsSettings settings() {
    ApnsSettings settings;
    settings.base = "https://apns.test:2197";
    settings.key_id = "ABC123DEFG";
    settings.team_id = "TEAM567890";
    settings.topic = "org.example.tuanyuan";
    return settings;
  }
  ports::SendResult send(ports::Dispatch what) { return ChannelTest::send(*channel_, std::move(what)); }
  std::string sent_field(std::size_t which, std::string_view name) const {
    return field(http_.requests.at(which), name);
  }

  std::optional<ApnsChannel> channel_;
  ports::Dispatch dispatch_;
};

TEST_F(ApnsChannelTest, ANoticeThenARequestAsAppleWantsIt) {
  EXPECT_EQ(send(dispatch_).outcome, DeliveryOutcome::accepted);
  ASSERT_EQ(http_.requests.size(), 1U);
  const HttpRequest& request = http_.requests[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url.origin() + request.url.target, "https://apns.test:2197/3/device/00ffaa");
  EXPECT_EQ(request.deadline, loop_.clock.steady_now() + 15s);
  const std::string url =
      links_.url({core::ChannelKind::apns, notice().alert_id, 2, core::RecipientId("hospital-1"), false});
  EXPECT_EQ(whole_body(request),
            with_link(apns_payload(notice(), words_, {}, false).value(), url, apns_payload_bytes_max));
  EXPECT_EQ(parsed(whole_body(request)).at("acknowledgeUrl"), boost::json::string(url));
  EXPECT_EQ(sent_field(0, "apns-topic"), "org.example.tuanyuan");
  EXPECT_EQ(sent_field(0, "apns-push-type"), "alert");
  EXPECT_EQ(sent_field(0, "apns-priority"), "10");
  EXPECT_EQ(sent_field(0, "apns-expiration"), "1700003600");
  EXPECT_EQ(sent_field(0, "apns-collapse-id"), "0190a7c8-0000-7000-8000-000000000001");
  EXPECT_EQ(sent_field(0, "authorization").substr(0, 9), "bearer ey");
  const std::string id = sent_field(0, "apns-id");
  EXPECT_EQ(id.size(), 36U);
  EXPECT_EQ(id.substr(8, 1) + id.substr(13, 2) + id.substr(18, 2) + id.substr(23, 1), "--8-8-");
}

TEST_F(ApnsChannelTest, AnUpdateAndARecallThenTheSameCollapseIdAndAnIdOfTheirOwn) {
  send(dispatch_);
  dispatch_.delivery.version = {3, 0};
  dispatch_.delivery.kind = core::NoticeKind::close;
  dispatch_.copy = copy_of(notice(core::NoticeKind::close));
  send(dispatch_);
  dispatch_.delivery.parcel = core::Parcel::notice_clear;
  dispatch_.copy.reset();
  EXPECT_EQ(send(dispatch_).outcome, DeliveryOutcome::accepted);
  for (const std::size_t later : {1U, 2U}) {
    EXPECT_EQ(sent_field(later, "apns-collapse-id"), sent_field(0, "apns-collapse-id"));
    EXPECT_NE(sent_field(later, "apns-id"), sent_field(later - 1, "apns-id"));
    EXPECT_EQ(parsed(whole_body(http_.requests[later])).at("kind"), "CLOSE");
  }
}

TEST_F(ApnsChannelTest, WhatCanNeverBeSentThenRejectedAndNotAsked) {
  std::vector<ports::Dispatch> wrong(6, dispatch_);
  wrong[0].endpoint.address = "ab/../../x";
  wrong[1].delivery.target = core::Division{210102};
  wrong[2].delivery.parcel = core::Parcel::photo;
  wrong[3].copy.reset();
  wrong[4].expires_at = now;
  wrong[5].copy = std::make_shared<core::SignedCopy>();
  for (std::size_t row = 0; row < wrong.size(); ++row) {
    EXPECT_EQ(send(wrong[row]).outcome, DeliveryOutcome::rejected) << row;
    EXPECT_FALSE(send(wrong[row]).address_dead) << row;
  }
  EXPECT_TRUE(http_.requests.empty());
}

TEST_F(ApnsChannelTest, ThoseWhoGetTheSameThenItIsInMemoryOnceAndOthersGetTheirOwn) {
  ports::Dispatch later = dispatch_;
  later.expires_at += 1h;
  ports::Dispatch foreign = dispatch_;
  foreign.languages = {"en"};
  for (const auto& dispatch : {dispatch_, dispatch_, later, foreign, dispatch_}) {
    send(dispatch);
  }
  ASSERT_EQ(http_.requests.size(), 5U);
  EXPECT_EQ(http_.requests[1].shared, http_.requests[0].shared);
  EXPECT_EQ(http_.requests[4].shared, http_.requests[0].shared);
  EXPECT_EQ(sent_field(2, "apns-expiration"), "1700007200");
  EXPECT_NE(http_.requests[3].shared->body, http_.requests[0].shared->body);
}

TEST_F(ApnsChannelTest, ManyOnesThenOneTokenForAll) {
  for (int count = 0; count < 3; ++count) {
    send(dispatch_);
  }
  EXPECT_EQ(sent_field(1, "authorization"), sent_field(0, "authorization"));
  EXPECT_EQ(sent_field(2, "authorization"), sent_field(0, "authorization"));
}

TEST_F(ApnsChannelTest, TheTokenHasExpiredThenOnceMoreWithAnotherByANewConnection) {
  send(dispatch_);
  loop_.clock.stand_still(apns_token_age_min);
  http_.first = {apple_says(403, "ExpiredProviderToken"), apple_says(200)};
  EXPECT_EQ(send(dispatch_).outcome, DeliveryOutcome::accepted);
  ASSERT_EQ(http_.requests.size(), 3U);
  EXPECT_EQ(sent_field(1, "authorization"), sent_field(0, "authorization"));
  EXPECT_NE(sent_field(2, "authorization"), sent_field(1, "authorization"));
  EXPECT_EQ(sent_field(2, "apns-id"), sent_field(1, "apns-id"));
  EXPECT_EQ(http_.requests[2].deadline, http_.requests[1].deadline);
  EXPECT_EQ(http_.afresh, 1);
}

TEST_F(ApnsChannelTest, TheTokenHasExpiredWithinTwentyMinutesThenPeopleAreToldAndItIsNotShownAgain) {
  send(dispatch_);
  loop_.clock.stand_still(apns_token_age_min - 90s);
  http_.first = {apple_says(403, "ExpiredProviderToken")};
  for (const core::Duration wait : {60s, 30s}) {
    const ports::SendResult sent = send(dispatch_);
    EXPECT_EQ(sent.outcome, DeliveryOutcome::retry);
    EXPECT_TRUE(sent.needs_people);
    EXPECT_EQ(sent.retry_after, wait);
    EXPECT_EQ(http_.requests.size(), 2U);
    loop_.clock.stand_still(wait);
  }
  EXPECT_EQ(http_.afresh, 1);
  EXPECT_EQ(send(dispatch_).outcome, DeliveryOutcome::accepted);
  EXPECT_NE(sent_field(2, "authorization"), sent_field(1, "authorization"));
}

TEST_F(ApnsChannelTest, TheClockIsSetAfterAFreshTokenWasRefusedThenAnotherAtTheNextLook) {
  http_.first = {apple_says(403, "ExpiredProviderToken")};
  EXPECT_TRUE(send(dispatch_).needs_people);
  loop_.clock.step_wall(2h);
  dispatch_.expires_at += 2h;
  EXPECT_EQ(send(dispatch_).outcome, DeliveryOutcome::accepted);
  EXPECT_NE(sent_field(1, "authorization"), sent_field(0, "authorization"));
}

TEST_F(ApnsChannelTest, AnotherKeyInTheFileThenAnotherTokenAndAFileThatIsNoneThenNot) {
  send(dispatch_);
  secrets_.put("key", "nothing");
  send(dispatch_);
  EXPECT_EQ(sent_field(1, "authorization"), sent_field(0, "authorization"));
  secrets_.put("key", test::other_apns_key);
  send(dispatch_);
  EXPECT_NE(sent_field(2, "authorization"), sent_field(0, "authorization"));
}

TEST_F(ApnsChannelTest, ASettingThatIsNoneThenSaidAtTheStart) {
  ApnsSettings wrong = settings();
  wrong.key_id = "short";
  EXPECT_THROW(ApnsChannel(tools(), secrets_, words_, links_, wrong), std::runtime_error);
  wrong = settings();
  wrong.base = "apns.test";
  EXPECT_THROW(ApnsChannel(tools(), secrets_, words_, links_, wrong), std::runtime_error);
}

}  // namespace
}  // namespace tuanyuan::push
