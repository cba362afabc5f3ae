#include "adapters/push/webhook_signature.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "adapters/wire/json_base64.hpp"

namespace tuanyuan::push {
namespace {

using Verdict = WebhookKeys::Verdict;

// The vector that Standard Webhooks publishes.
constexpr const char* secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::int64_t timestamp = 1614265330;
constexpr const char* body = R"({"test": 2432232314})";
constexpr const char* signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

WebhookMessage message() {
  return {id, timestamp, {body}};
}
core::Instant at(std::int64_t seconds) {
  return core::Instant(std::chrono::seconds(seconds));
}
std::string with_prefix(std::string prefix, std::string_view bytes) {
  wire::append_base64(bytes, prefix);
  return prefix;
}
WebhookKeys keys(std::string_view text) {
  return WebhookKeys::parse(text).value();
}
Verdict judge(std::string_view text, std::string_view signatures, std::int64_t now = timestamp) {
  return keys(text).verify(id, std::to_string(timestamp), body, signatures, at(now));
}

// RFC 8032, section 7.1, test 1.
const std::string seed =
    "\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4"
    "\x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60";
const std::string public_key =
    "\xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\xfe\xd3\xc9\x64\x07\x3a"
    "\x0e\xe1\x72\xf3\xda\xa6\x23\x25\xaf\x02\x1a\x68\xf7\x07\x51\x1a";

TEST(WebhookSignature, ThePublishedVectorThenItsSignature) {
  EXPECT_EQ(keys(secret).sign(message()), signature);
}

TEST(WebhookSignature, SeveralSecretsThenASignatureOfEach) {
  const std::string old = with_prefix("whsec_", std::string(32, 'k'));
  const std::string both = keys(std::string(secret) + " " + old).sign(message());
  EXPECT_EQ(both, signature + (" " + keys(old).sign(message())));
  EXPECT_EQ(judge(secret, both), Verdict::genuine);
  EXPECT_EQ(judge(old, both), Verdict::genuine);
  EXPECT_EQ(judge(with_prefix("whsec_", std::string(32, 'x')), both), Verdict::forged);
}

TEST(WebhookSignature, APrivateKeyThenASignatureThatThePublicOneVerifies) {
  const std::string made = keys(with_prefix("whsk_", seed)).sign(message());
  EXPECT_TRUE(made.starts_with("v1a,")) << made;
  EXPECT_EQ(keys(with_prefix("whsk_", seed + public_key)).sign(message()), made);
  const std::string pair = with_prefix("whpk_", public_key);
  EXPECT_EQ(judge(pair, made), Verdict::genuine);
  EXPECT_EQ(judge(pair, "v1" + made.substr(3)), Verdict::forged);
  EXPECT_FALSE(keys(pair).can_sign());
  EXPECT_THROW(keys(pair).sign(message()), std::logic_error);
  std::string other = public_key;
  other[0] = static_cast<char>(other[0] ^ 1);
  EXPECT_FALSE(WebhookKeys::parse(with_prefix("whsk_", seed + other)));
}

TEST(WebhookSignature, AMalformedSecretThenRefusedWithoutRepeatingIt) {
  const std::string wrong[] = {"",
                               " ",
                               "_",
                               "whsec_",
                               "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                               "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!",
                               "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,",
                               with_prefix("whsec_", std::string(23, 'k')),
                               with_prefix("whsec_", std::string(65, 'k')),
                               with_prefix("whsk_", std::string(31, 'k')),
                               with_prefix("whsk_", std::string(63, 'k')),
                               with_prefix("whpk_", std::string(33, 'k')),
                               with_prefix("WHSEC_", std::string(32, 'k')),
                               std::string(secret) + " whsec_x",
                               std::string(secret) + " " + secret + " " + secret + " " + secret + " " + secret};
  for (const std::string& text : wrong) {
    const auto parsed = WebhookKeys::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, core::Errc::invalid);
    EXPECT_EQ(parsed.error().detail.en, "the secret has to be whsec_ or whsk_ and base64");
  }
  EXPECT_TRUE(WebhookKeys::parse(with_prefix("whsec_", std::string(24, 'k'))));
  EXPECT_TRUE(WebhookKeys::parse(with_prefix("  whsec_", std::string(64, 'k')) + " "));
}

TEST(WebhookSignature, TheReplayWindowThenFiveMinutesToEitherSide) {
  EXPECT_EQ(judge(secret, signature, timestamp + 300), Verdict::genuine);
  EXPECT_EQ(judge(secret, signature, timestamp + 301), Verdict::too_old);
  EXPECT_EQ(judge(secret, signature, timestamp - 300), Verdict::genuine);
  EXPECT_EQ(judge(secret, signature, timestamp - 301), Verdict::too_early);
}

TEST(WebhookSignature, AnythingChangedThenForged) {
  const WebhookKeys own = keys(secret);
  const std::string when = std::to_string(timestamp);
  EXPECT_EQ(own.verify(id, when, body, signature, at(timestamp)), Verdict::genuine);
  EXPECT_EQ(own.verify(id, when, body, std::string("v2,AAAA ,, v1 ") + signature, at(timestamp)),
            Verdict::genuine);
  EXPECT_EQ(own.verify("msg_x", when, body, signature, at(timestamp)), Verdict::forged);
  EXPECT_EQ(own.verify(id, "1614265331", body, signature, at(timestamp)), Verdict::forged);
  EXPECT_EQ(own.verify(id, when, "{}", signature, at(timestamp)), Verdict::forged);
  for (const char* text : {"", "01614265330", "1614265330.", " 1614265330", "99999999999999999999", "x"}) {
    EXPECT_EQ(own.verify(id, text, body, signature, at(timestamp)), Verdict::forged) << text;
  }
  for (const char* text :
       {"", "v1", "v1,", "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1O", "v1,AAAA",
        "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}) {
    EXPECT_EQ(judge(secret, text), Verdict::forged) << text;
  }
}

TEST(WebhookSignature, ADotMovedFromBodyToIdThenForged) {
  const std::string made = keys(secret).sign({"a", 5, {"b.6", ".c"}});
  EXPECT_EQ(keys(secret).verify("a", "5", "b.6.c", made, at(5)), Verdict::genuine);
  EXPECT_EQ(keys(secret).verify("a.5.b", "6", "c", made, at(6)), Verdict::forged);
}

}  // namespace
}  // namespace tuanyuan::push
