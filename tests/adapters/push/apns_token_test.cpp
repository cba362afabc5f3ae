#include "adapters/push/apns_token.hpp"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "adapters/push/limits.hpp"
#include "adapters/wire/json_base64.hpp"
#include "runtime/loop.hpp"
#include "support/push_keys.hpp"

namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;

ApnsKey key(const char* pem = test::apns_key) {
  return ApnsKey::parse(pem, "ABC123DEFG", "TEAM567890").value();
}

/// By OpenSSL itself, from R and S.
bool verifies(const char* pem, const std::string& text, const std::string& raw) {
  BIO* bio = BIO_new_mem_buf(pem, -1);
  EVP_PKEY* pkey = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  const auto* bytes = reinterpret_cast<const unsigned char*>(raw.data());
  ECDSA_SIG* signature = ECDSA_SIG_new();
  ECDSA_SIG_set0(signature, BN_bin2bn(bytes, 32, nullptr), BN_bin2bn(bytes + 32, 32, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature, &der);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, pkey);
  const int verdict = EVP_DigestVerify(context, der, static_cast<std::size_t>(size),
                                       reinterpret_cast<const unsigned char*>(text.data()), text.size());
  EVP_MD_CTX_free(context);
  OPENSSL_free(der);
  ECDSA_SIG_free(signature);
  EVP_PKEY_free(pkey);
  BIO_free(bio);
  return verdict == 1;
}

TEST(ApnsKey, ATokenThenAJwtThatVerifies) {
  const std::string token = key().sign(core::Instant(1'700'000'000s + 900ms));
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  EXPECT_EQ(wire::decode_base64(token.substr(0, first)), R"({"alg":"ES256","kid":"ABC123DEFG"})");
  EXPECT_EQ(wire::decode_base64(token.substr(first + 1, second - first - 1)),
            R"({"iss":"TEAM567890","iat":1700000000})");
  const std::string raw = wire::decode_base64(token.substr(second + 1)).value();
  ASSERT_EQ(raw.size(), 64U);
  EXPECT_TRUE(verifies(test::apns_key, token.substr(0, second), raw));
  EXPECT_FALSE(verifies(test::other_apns_key, token.substr(0, second), raw));
}

TEST(ApnsKey, WhatIsNoneThenRefusedWithoutRepeatingIt) {
  struct {
    const char* pem;
    const char* key_id;
    const char* team_id;
  } const rows[] = {
      {"", "ABC123DEFG", "TEAM567890"},
      {"secret-that-is-no-key", "ABC123DEFG", "TEAM567890"},
      {test::rsa_key, "ABC123DEFG", "TEAM567890"},
      {test::apns_key, "", "TEAM567890"},
      {test::apns_key, "ABC123DEF", "TEAM567890"},
      {test::apns_key, R"(ABC123DEF")", "TEAM567890"},
      {test::apns_key, "ABC123DEFG", "TEAM56789-"},
  };
  for (const auto& row : rows) {
    const auto parsed = ApnsKey::parse(row.pem, row.key_id, row.team_id);
    ASSERT_FALSE(parsed) << row.key_id;
    EXPECT_EQ(parsed.error().detail.en.find("secret"), std::string::npos);
  }
}

class ApnsTokensTest : public testing::Test {
 protected:
  ApnsTokensTest() { loop_.clock.step_wall(std::chrono::hours(24 * 365 * 50)); }
  test::Loop loop_;
  ApnsTokens tokens_{loop_.clock, key()};
};

TEST_F(ApnsTokensTest, WithinFiftyMinutesThenTheSameAndThenAnother) {
  const std::string first = tokens_.current();
  loop_.clock.stand_still(apns_token_age_max - 1s);
  EXPECT_EQ(tokens_.current(), first);
  loop_.clock.stand_still(1s);
  EXPECT_NE(tokens_.current(), first);
}

TEST_F(ApnsTokensTest, SaidToHaveExpiredThenReplacedButNotWithinTwentyMinutes) {
  const std::string first = tokens_.current();
  loop_.clock.stand_still(apns_token_age_min - 1s);
  EXPECT_EQ(tokens_.replace(first), ApnsTokens::Replaced::too_soon);
  EXPECT_EQ(tokens_.until_replaceable(), 1s);
  EXPECT_EQ(tokens_.current(), first);
  loop_.clock.stand_still(1s);
  EXPECT_EQ(tokens_.replace(first), ApnsTokens::Replaced::now);
  EXPECT_NE(tokens_.current(), first);
  EXPECT_EQ(tokens_.replace(first), ApnsTokens::Replaced::already);
}

TEST_F(ApnsTokensTest, TheWallClockWasSetThenAnotherAsSoonAsThatMayBe) {
  const std::string first = tokens_.current();
  loop_.clock.step_wall(-2h);
  EXPECT_EQ(tokens_.current(), first);
  loop_.clock.stand_still(apns_token_age_min);
  const std::string second = tokens_.current();
  EXPECT_NE(second, first);
  loop_.clock.stand_still(apns_token_age_min);
  EXPECT_EQ(tokens_.current(), second);
}

TEST_F(ApnsTokensTest, FreshOneIsRefusedAndTheClockIsSetThenAnotherAtOnceButOnlyOne) {
  const std::string first = tokens_.current();
  EXPECT_EQ(tokens_.replace(first), ApnsTokens::Replaced::too_soon);
  EXPECT_TRUE(tokens_.is_refused());
  loop_.clock.stand_still(1min);
  loop_.clock.step_wall(1h);
  const std::string second = tokens_.current();
  EXPECT_NE(second, first);
  EXPECT_FALSE(tokens_.is_refused());
  EXPECT_EQ(tokens_.replace(second), ApnsTokens::Replaced::too_soon);
  loop_.clock.step_wall(1h);
  EXPECT_EQ(tokens_.current(), second);
  EXPECT_TRUE(tokens_.is_refused());
  loop_.clock.stand_still(apns_token_age_min);
  EXPECT_NE(tokens_.current(), second);
}

TEST_F(ApnsTokensTest, ClockIsSetBeforeAFreshOneIsRefusedThenItIsReplacedAtOnce) {
  const std::string first = tokens_.current();
  loop_.clock.step_wall(1h);
  EXPECT_EQ(tokens_.current(), first) << "it may do";
  EXPECT_EQ(tokens_.replace(first), ApnsTokens::Replaced::now);
}

TEST_F(ApnsTokensTest, RefusedAndAnotherKeyThenAnotherTokenAtOnce) {
  const std::string first = tokens_.current();
  EXPECT_EQ(tokens_.replace(first), ApnsTokens::Replaced::too_soon);
  tokens_.use(key(test::other_apns_key));
  EXPECT_NE(tokens_.current(), first);
  EXPECT_FALSE(tokens_.is_refused());
}

TEST_F(ApnsTokensTest, AnotherKeyThenAnotherTokenAtOnceAndTheSameKeyThenNot) {
  const std::string first = tokens_.current();
  tokens_.use(key());
  EXPECT_EQ(tokens_.current(), first);
  tokens_.use(key(test::other_apns_key));
  EXPECT_NE(tokens_.current(), first);
}

}  // namespace
}  // namespace tuanyuan::push
