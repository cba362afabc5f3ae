#include "adapters/push/web_push_message.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "adapters/push/limits.hpp"
#include "adapters/push/vapid.hpp"
#include "adapters/wire/json_base64.hpp"
#include "core/notice_text.hpp"
#include "support/push_keys.hpp"

namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string bytes(std::string_view base64) {
  return wire::decode_base64(base64).value();
}
std::string base64url(std::string_view of) {
  std::string text;
  wire::append_base64url(of, text);
  return text;
}

// RFC 8291, section 5 and appendix A.
constexpr const char* rfc_private = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
constexpr const char* rfc_point =
    "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
constexpr const char* rfc_salt = "DGv6ra1nlYgDCS1FRnbzlw";
constexpr const char* rfc_subscription =
    R"({"endpoint":"https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV","expirationTime":null,"keys":{)"
    R"("p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",)"
    R"("auth":"BTBZMqHH6r4Tts7J_aSIgg"}})";

TEST(PushSealTest, TheExampleOfRfc8291ThenItsBody) {
  const auto to = parse_push_subscription(rfc_subscription, "");
  ASSERT_TRUE(to);
  const PushSeal seal = PushSeal::of(bytes(rfc_private), bytes(rfc_point), bytes(rfc_salt));
  const auto body = seal.seal(*to, "When I grow up, I want to be a watermelon");
  ASSERT_TRUE(body);
  EXPECT_EQ(
      base64url(*body),
      "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK"
      "6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");
}

TEST(PushSealTest, TheSameTwiceThenNothingInCommonButTheForm) {
  const auto to = parse_push_subscription(rfc_subscription, "");
  const std::string first = PushSeal::fresh().seal(*to, "x").value();
  const std::string second = PushSeal::fresh().seal(*to, "x").value();
  EXPECT_NE(first.substr(0, 16), second.substr(0, 16));
  EXPECT_NE(first.substr(21, 65), second.substr(21, 65));
  EXPECT_EQ(first.substr(16, 5), second.substr(16, 5));
}

TEST(PushSealTest, AsLongAsMayBeThenExactlyWhatEveryPushServiceTakesAndNoLonger) {
  const auto to = parse_push_subscription(rfc_subscription, "");
  const auto longest = PushSeal::fresh().seal(*to, std::string(push_plaintext_bytes_max, 'x'));
  ASSERT_TRUE(longest);
  EXPECT_EQ(longest->size(), push_body_bytes_max);
  EXPECT_FALSE(PushSeal::fresh().seal(*to, std::string(push_plaintext_bytes_max + 1, 'x')));
}

TEST(PushSealTest, APointThatIsNotOnTheCurveThenRefused) {
  auto to = parse_push_subscription(rfc_subscription, "");
  ASSERT_TRUE(to);
  to->point.back() = static_cast<char>(to->point.back() ^ 1);
  EXPECT_FALSE(PushSeal::fresh().seal(*to, "x"));
  to->point = "\x04" + std::string(64, '\0');
  EXPECT_FALSE(PushSeal::fresh().seal(*to, "x"));
}

TEST(PushSubscriptionTest, KeysInTheSecretThenTheSame) {
  const auto whole = parse_push_subscription(rfc_subscription, "");
  ASSERT_TRUE(whole);
  const auto apart = parse_push_subscription(
      "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
      R"({"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",)"
      R"("auth":"BTBZMqHH6r4Tts7J_aSIgg"})");
  ASSERT_TRUE(apart);
  EXPECT_EQ(apart->endpoint.target, whole->endpoint.target);
  EXPECT_EQ(apart->point, whole->point);
  EXPECT_EQ(apart->auth, whole->auth);
}

TEST(PushSubscriptionTest, WhatIsNoneThenRefused) {
  const std::string good = rfc_subscription;
  const auto with = [&good](const std::string& what, const std::string& instead) {
    std::string changed = good;
    return changed.replace(changed.find(what), what.size(), instead);
  };
  for (const std::string& wrong :
       {std::string(), std::string("{"), std::string("{}"), std::string("https://push.example.net/x"),
        with("https:", "gopher:"), with("BCVx", "CCVx"), with("BCVx", "BCV"), with("BTBZ", ""),
        with("p256dh", "p256"), with(R"("BTBZMqHH6r4Tts7J_aSIgg")", "7")}) {
    EXPECT_FALSE(parse_push_subscription(wrong, "")) << wrong;
  }
}

TEST(WebPushPayloadTest, MuchToSayThenItFitsAndLeavesRoomForTheLink) {
  core::Notice notice;
  notice.alert_id = core::AlertId("0190a7c8-0000-7000-8000-000000000001");
  notice.version = {2, 1};
  notice.status = core::Status::exercise;
  notice.child.emplace().name = "小\"石\"头";
  notice.last_seen.emplace().place = std::string(300, 'p');
  notice.contact.emplace().phone = "110";
  notice.circumstances = std::string(5'000, 'c');
  const Words words(core::default_templates());
  const auto payload = web_push_payload(notice, words, {"zh-CN", "en"}, "id-1");
  ASSERT_TRUE(payload);
  EXPECT_LE(payload->size(), push_composed_bytes_max);
  const boost::json::value read = boost::json::parse(*payload);
  EXPECT_EQ(read.at("id").as_string(), "id-1");
  EXPECT_EQ(read.at("kind").as_string(), "ALERT");
  EXPECT_EQ(read.at("status").as_string(), "EXERCISE");
  EXPECT_EQ(read.at("revision").as_int64(), 2);
  EXPECT_EQ(read.at("step").as_int64(), 1);
  EXPECT_EQ(read.at("language").as_string(), "zh-CN");
  EXPECT_THAT(std::string(read.at("title").as_string()), StartsWith("【演练】"));
  EXPECT_THAT(std::string(read.at("body").as_string()), HasSubstr("小\"石\"头"));
  EXPECT_THAT(*payload, Not(HasSubstr("ccc")));
}

TEST(WebPushTopicTest, ThenOneForAnAlertAndARecipientThatSaysNothingOfThem) {
  const core::AlertId alert("0190a7c8-0000-7000-8000-000000000001");
  const std::string topic = web_push_topic(core::RecipientId("hotel-1"), alert);
  EXPECT_EQ(topic.size(), push_topic_chars_max);
  EXPECT_EQ(topic.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
  EXPECT_EQ(topic, web_push_topic(core::RecipientId("hotel-1"), alert));
  EXPECT_NE(topic, web_push_topic(core::RecipientId("hotel-2"), alert));
  EXPECT_NE(topic, web_push_topic(core::RecipientId("hotel-1"), core::AlertId("other")));
}

TEST(VapidTest, AKeyThenATokenForThePushServiceThatIsKeptHalfADay) {
  auto vapid = Vapid::parse(test::apns_key, "mailto:duty@example.org");
  ASSERT_TRUE(vapid);
  const core::Instant now{1'700'000'000s};
  const Url service = parse_url("https://push.example.net/push/secret").value();
  const std::string field = vapid->authorization(service, now);
  ASSERT_THAT(field, StartsWith("vapid t="));
  const std::size_t dot = field.find('.');
  EXPECT_EQ(bytes(field.substr(8, dot - 8)), R"({"typ":"JWT","alg":"ES256"})");
  EXPECT_EQ(bytes(field.substr(dot + 1, field.rfind('.') - dot - 1)),
            R"({"aud":"https://push.example.net","exp":1700064800,"sub":"mailto:duty@example.org"})");
  EXPECT_EQ(bytes(field.substr(field.find(", k=") + 4)).size(), 65U);
  EXPECT_EQ(vapid->authorization(parse_url("https://push.example.net/push/other").value(), now + 11h), field);
  EXPECT_NE(vapid->authorization(service, now + 12h), field);
  EXPECT_NE(vapid->authorization(service, now - 1h), field) << "the clock was set back";
  EXPECT_NE(vapid->authorization(parse_url("https://other.example.net/").value(), now), field);
}

TEST(VapidTest, WhatIsNoneThenRefused) {
  EXPECT_FALSE(Vapid::parse("", "mailto:x@y.test"));
  EXPECT_FALSE(Vapid::parse(test::rsa_key, "mailto:x@y.test"));
  EXPECT_FALSE(Vapid::parse(test::apns_key, "x@y.test"));
}

}  // namespace
}  // namespace tuanyuan::push
