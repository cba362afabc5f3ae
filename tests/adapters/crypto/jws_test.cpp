#include "adapters/crypto/jws.hpp"

#include <gtest/gtest.h>

#include "adapters/crypto/base64.hpp"

namespace tuanyuan::crypto {
namespace {

// The key of RFC 8032, section 7.1, test 1, and of RFC 8037, appendix A.
constexpr const char* rfc_private_key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";

TEST(SigningKey, OfRfc8037ThenItsThumbprintIsTheOneOfTheAppendix) {
  const SigningKey key = SigningKey::from_pem(rfc_private_key);
  EXPECT_EQ(to_base64url(raw_public_key(key.handle())), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  EXPECT_EQ(key.key_id(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

TEST(SigningKey, OfRfc8037ThenTheSignatureIsTheOneOfTheAppendix) {
  const SigningKey key = SigningKey::from_pem(rfc_private_key);
  const std::string signature = key.sign("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
  EXPECT_EQ(to_base64url(signature),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

TEST(SigningKey, WrittenThenReadIsTheSame) {
  const SigningKey key = SigningKey::generate();
  EXPECT_EQ(SigningKey::from_pem(key.to_pem()).key_id(), key.key_id());
  EXPECT_EQ(VerifyingKey(key.public_key()).key_id(), key.key_id());
  EXPECT_NE(SigningKey::generate().key_id(), key.key_id());
}

TEST(SigningKey, NotAnEd25519KeyThenThrows) {
  EXPECT_THROW(SigningKey::from_pem(""), std::runtime_error);
  EXPECT_THROW(SigningKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
               std::runtime_error);
  EXPECT_THROW(VerifyingKey(""), std::runtime_error);
  EXPECT_THROW(VerifyingKey(SigningKey::generate().public_key() + '\0'), std::runtime_error);
}

TEST(VerifyingKey, SignatureOfOtherBytesKeyOrLengthThenNoGood) {
  const SigningKey key = SigningKey::generate();
  const VerifyingKey verifier(key.public_key());
  std::string signature = key.sign("bytes");
  EXPECT_TRUE(verifier.verify("bytes", signature));
  EXPECT_TRUE(verifier.verify("", key.sign("")));
  EXPECT_FALSE(verifier.verify("byte", signature));
  EXPECT_FALSE(verifier.verify("bytes", SigningKey::generate().sign("bytes")));
  EXPECT_FALSE(verifier.verify("bytes", signature.substr(0, 63)));
  EXPECT_FALSE(verifier.verify("bytes", ""));
  signature[63] = static_cast<char>(signature[63] ^ 1);
  EXPECT_FALSE(verifier.verify("bytes", signature));
}

class Jws : public testing::Test {
 protected:
  std::string with_header(const std::string& header) const {
    const std::string input = to_base64url(header) + '.' + to_base64url("{}");
    return input + '.' + to_base64url(key_.sign(input));
  }
  std::string with_kid(const std::string& rest) const {
    return with_header("{\"kid\":\"" + key_.key_id() + "\"" + rest + "}");
  }
  SigningKey key_ = SigningKey::generate();
  VerifyingKey verifier_{key_.public_key()};
};

TEST_F(Jws, SignedThenParsesAndVerifies) {
  const auto parts = jws_parse(jws_sign(key_, R"({"alertId":"走失"})"));
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(parts->payload, R"({"alertId":"走失"})");
  EXPECT_EQ(parts->key_id, key_.key_id());
  EXPECT_TRUE(jws_verify(*parts, verifier_));
  EXPECT_FALSE(jws_verify(*parts, VerifyingKey(SigningKey::generate().public_key())));
}

TEST_F(Jws, SameKeyAndPayloadThenSameBytes) {
  EXPECT_EQ(jws_sign(key_, "{}"), jws_sign(key_, "{}"));
}

TEST_F(Jws, PayloadExchangedThenNoLongerVerifies) {
  const std::string jws = jws_sign(key_, "{}");
  const std::string other = jws_sign(key_, "[]");
  const std::string exchanged = other.substr(0, other.rfind('.')) + jws.substr(jws.rfind('.'));
  const auto parts = jws_parse(exchanged);
  ASSERT_TRUE(parts.has_value());
  EXPECT_FALSE(jws_verify(*parts, verifier_));
}

TEST_F(Jws, HeaderThatMayBeGoneByThenParsed) {
  EXPECT_TRUE(jws_parse(with_kid(R"(,"alg":"EdDSA","typ":"JOSE")")).has_value());
}

TEST_F(Jws, HeaderThatMayNotThenNothing) {
  for (const char* rest :
       {R"(,"alg":"none")", R"(,"alg":"HS256")", "", R"(,"alg":7)", R"(,"alg":"EdDSA","crit":["exp"],"exp":1)"}) {
    EXPECT_FALSE(jws_parse(with_kid(rest)).has_value()) << rest;
  }
  for (const char* header : {R"({"alg":"EdDSA"})", R"({"alg":"EdDSA","kid":1})", "[]", "", "{", "\xFF",
                             R"({"alg":"EdDSA","kid":{"a":{"a":{"a":{"a":1}}}}})"}) {
    EXPECT_FALSE(jws_parse(with_header(header)).has_value()) << header;
  }
  const std::string long_header = R"({"alg":"EdDSA","kid":")" + std::string(2'000, 'k') + "\"}";
  EXPECT_FALSE(jws_parse(with_header(long_header)).has_value());
}

TEST_F(Jws, IllFormedThenNothing) {
  const std::string jws = jws_sign(key_, "{}");
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".."), std::string("a.b.c"), jws + ".", "." + jws,
        jws.substr(0, jws.rfind('.')), jws.substr(0, jws.size() - 2), jws + "AA", jws + "=",
        std::string(jws_bytes_max + 1, 'A')}) {
    EXPECT_FALSE(jws_parse(text).has_value());
  }
}

}  // namespace
}  // namespace tuanyuan::crypto
