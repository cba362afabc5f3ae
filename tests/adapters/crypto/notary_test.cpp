#include "adapters/crypto/notary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "adapters/crypto/base64.hpp"
#include "adapters/crypto/jws.hpp"
#include "adapters/crypto/pki.hpp"
#include "adapters/crypto/verifier.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/notice_codec.hpp"
#include "adapters/wire/samples.hpp"
#include "tuanyuan/v1/keys.pb.h"

namespace tuanyuan::crypto {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

const core::Instant now = samples::instant();

class NotaryTest : public testing::Test {
 protected:
  NotaryKey new_key(core::Status use, Validity validity) const {
    const SigningKey key = SigningKey::generate();
    return load_notary_key(key.to_pem(), authority_.certify(key, use, validity));
  }
  NotaryKey new_key(core::Status use) const { return new_key(use, valid_from(now, days(365))); }

  static std::vector<NotaryKey> list(NotaryKey one) {
    std::vector<NotaryKey> keys;
    keys.push_back(std::move(one));
    return keys;
  }
  static std::vector<NotaryKey> list(NotaryKey one, NotaryKey other) {
    std::vector<NotaryKey> keys = list(std::move(one));
    keys.push_back(std::move(other));
    return keys;
  }
  TrustedKeys trusted(OpenSslNotary& notary) const {
    return TrustedKeys::from_published(notary.published(now).protobuf, anchors_).value();
  }
  static core::Notice notice(core::Status status) {
    core::Notice notice = samples::notice();
    notice.status = status;
    return notice;
  }

  CertificateAuthority authority_ = CertificateAuthority::make("CA", valid_from(now - days(100), days(3650)));
  TrustAnchors anchors_{authority_.certificate()};
};

TEST_F(NotaryTest, SignedThenBothEncodingsVerifyToTheSameNotice) {
  OpenSslNotary notary(list(new_key(core::Status::actual), new_key(core::Status::exercise)));
  const TrustedKeys keys = trusted(notary);
  for (const core::Status status : {core::Status::actual, core::Status::exercise}) {
    const auto copy = notary.sign(notice(status), now);
    ASSERT_TRUE(copy.has_value());
    const auto from_protobuf = verify_signed_notice(copy->protobuf, keys);
    ASSERT_TRUE(from_protobuf.has_value());
    EXPECT_EQ(from_protobuf->notice, notice(status));
    const auto from_json = verify_json_notice(copy->json, keys);
    ASSERT_TRUE(from_json.has_value());
    EXPECT_EQ(from_json->notice, notice(status));
    EXPECT_EQ(keys.find(from_json->key_id)->use, status);
  }
}

TEST_F(NotaryTest, SignedTwiceThenTheSameBytes) {
  OpenSslNotary notary(list(new_key(core::Status::exercise), new_key(core::Status::exercise)));
  const auto first = notary.sign(samples::notice(), now);
  const auto second = notary.sign(samples::notice(), now + 1h);
  EXPECT_EQ(first->protobuf, second->protobuf);
  EXPECT_EQ(first->json, second->json);
}

TEST_F(NotaryTest, SignedThenTheSignedBytesAreTheNotice) {
  OpenSslNotary notary(list(new_key(core::Status::exercise)));
  const auto copy = notary.sign(samples::notice(), now);
  v1::SignedNotice envelope;
  ASSERT_TRUE(envelope.ParseFromString(copy->protobuf));
  EXPECT_EQ(envelope.notice(), wire::serialize(wire::to_proto(samples::notice())));

  const boost::json::value parsed = boost::json::parse(copy->json);
  const std::string json = wire::encode_json(wire::to_proto(samples::notice()));
  EXPECT_EQ(parsed.at("notice"), boost::json::parse(json));
  EXPECT_EQ(jws_parse(parsed.at("jws").as_string().c_str())->payload, json);
}

TEST_F(NotaryTest, NoKeyOfTheUseThenUnavailable) {
  OpenSslNotary notary(list(new_key(core::Status::exercise)));
  const auto copy = notary.sign(notice(core::Status::actual), now);
  ASSERT_TRUE(copy.has_error());
  EXPECT_EQ(copy.error().code, core::Errc::unavailable);
}

TEST_F(NotaryTest, KeyOutsideItsTimeThenUnavailable) {
  OpenSslNotary notary(list(new_key(core::Status::exercise, Validity{now, now + 1h})));
  EXPECT_TRUE(notary.sign(samples::notice(), now - 1min).has_error());
  EXPECT_TRUE(notary.sign(samples::notice(), now).has_value());
  EXPECT_TRUE(notary.sign(samples::notice(), now + 1h).has_error());
}

TEST_F(NotaryTest, KeysRotateThenEveryValidOneSignsAndTheLastingOneTheJws) {
  NotaryKey outgoing = new_key(core::Status::exercise, Validity{now - 90 * 24h, now + 24h});
  NotaryKey incoming = new_key(core::Status::exercise, Validity{now - 1h, now + 90 * 24h});
  const std::string incoming_id = incoming.key.key_id();
  const std::string outgoing_id = outgoing.key.key_id();
  OpenSslNotary notary(list(std::move(outgoing), std::move(incoming)));
  const auto copy = notary.sign(samples::notice(), now);
  v1::SignedNotice envelope;
  ASSERT_TRUE(envelope.ParseFromString(copy->protobuf));
  ASSERT_EQ(envelope.signatures_size(), 2);
  EXPECT_EQ(envelope.signatures(0).key_id(), incoming_id);
  EXPECT_EQ(envelope.signatures(1).key_id(), outgoing_id);
  EXPECT_EQ(verify_json_notice(copy->json, trusted(notary))->key_id, incoming_id);

  // Who knows only one of them verifies all the same.
  for (const std::string& known : {incoming_id, outgoing_id}) {
    const TrustedKeys all = trusted(notary);
    TrustedKeys one;
    for (const v1::Signature& signature : envelope.signatures()) {
      if (signature.key_id() == known) {
        v1::Keys published;
        published.ParseFromString(notary.published(now).protobuf);
        for (const v1::Key& key : published.keys()) {
          if (key.key_id() == known) {
            one.add(certified_key(key.certificate(), anchors_).value());
          }
        }
      }
    }
    EXPECT_EQ(verify_signed_notice(copy->protobuf, one)->key_id, known);
  }
}

TEST_F(NotaryTest, PublishedThenAllEncodingsSayTheSame) {
  NotaryKey key = new_key(core::Status::exercise);
  const std::string key_id = key.key.key_id();
  OpenSslNotary notary(list(std::move(key)));
  const ports::PublishedKeys published = notary.published(now);
  ASSERT_EQ(published.keys.size(), 1U);
  EXPECT_EQ(published.keys[0].key_id, key_id);
  EXPECT_EQ(published.keys[0].use, core::Status::exercise);
  EXPECT_EQ(published.keys[0].not_after, core::Instant{std::chrono::floor<std::chrono::seconds>(now + 365 * 24h)});

  v1::Keys from_json;
  ASSERT_TRUE(wire::decode_json(published.json, from_json).has_value());
  EXPECT_EQ(from_json.SerializeAsString(), published.protobuf);
  EXPECT_EQ(from_json.keys(0).use(), v1::Key::EXERCISE);
  EXPECT_EQ(from_json.keys(0).algorithm(), v1::Signature::ED25519);
  EXPECT_EQ(VerifyingKey(from_json.keys(0).public_key()).key_id(), key_id);
}

TEST_F(NotaryTest, JwkSetThenWhatRfc8037Asks) {
  NotaryKey key = new_key(core::Status::exercise);
  const std::string x = to_base64url(raw_public_key(key.key.handle()));
  const std::string certificate = to_base64(key.certificate);
  const std::string key_id = key.key.key_id();
  OpenSslNotary notary(list(std::move(key)));
  const boost::json::value set = boost::json::parse(notary.published(now).jwk_set);
  const boost::json::value expected = {{"keys",
                                        {{{"kty", "OKP"},
                                          {"crv", "Ed25519"},
                                          {"kid", key_id},
                                          {"x", x},
                                          {"use", "sig"},
                                          {"alg", "EdDSA"},
                                          {"notice_use", "EXERCISE"},
                                          {"x5c", boost::json::array{certificate}}}}}};
  EXPECT_EQ(set, expected) << set;
}

TEST_F(NotaryTest, KeysOfTheFutureAndOfLateThenPublishedAndLongExpiredOnesNot) {
  OpenSslNotary notary(list(new_key(core::Status::actual, Validity{now + 24h, now + 48h}),
                            new_key(core::Status::actual, Validity{now - 48h, now - 24h})));
  EXPECT_EQ(notary.published(now).keys.size(), 2U);
  EXPECT_EQ(notary.published(now + 28 * 24h).keys.size(), 2U);
  EXPECT_EQ(notary.published(now + 29 * 24h).keys.size(), 1U);
  EXPECT_EQ(boost::json::parse(notary.published(now + 99 * 24h).jwk_set).at("keys").as_array().size(), 0U);
}

TEST_F(NotaryTest, KeyConfiguredTwiceThenThrows) {
  const SigningKey key = SigningKey::generate();
  const std::string certificate = authority_.certify(key, core::Status::actual, valid_from(now, days(1)));
  EXPECT_THROW(
      OpenSslNotary(list(load_notary_key(key.to_pem(), certificate), load_notary_key(key.to_pem(), certificate))),
      std::invalid_argument);
}

TEST_F(NotaryTest, KeyAndCertificateThatDoNotBelongThenThrows) {
  const SigningKey key = SigningKey::generate();
  const std::string others =
      authority_.certify(SigningKey::generate(), core::Status::actual, valid_from(now, days(1)));
  const auto recipient = authority_.issue_recipient(core::RecipientId("r"), valid_from(now, days(1)));
  EXPECT_THROW(load_notary_key(key.to_pem(), others), std::runtime_error);
  EXPECT_THROW(load_notary_key(key.to_pem(), recipient->certificate), std::runtime_error);
  EXPECT_THROW(load_notary_key(key.to_pem(), ""), std::runtime_error);
}

class VerifierTest : public NotaryTest {
 protected:
  template <class T>
  static core::Errc code(const core::Result<T>& result) {
    EXPECT_TRUE(result.has_error());
    return result.has_error() ? result.error().code : core::Errc::conflict;
  }
  /// What a thief of the key for one use makes of a notice of the other.
  core::SignedCopy forged_with(const NotaryKey& key, core::Status status) const {
    const v1::Notice message = wire::to_proto(notice(status));
    v1::SignedNotice envelope;
    envelope.set_notice(wire::serialize(message));
    v1::Signature& signature = *envelope.add_signatures();
    signature.set_key_id(key.key.key_id());
    signature.set_algorithm(v1::Signature::ED25519);
    signature.set_value(key.key.sign(envelope.notice()));
    return core::SignedCopy{envelope.SerializeAsString(),
                            R"({"jws":")" + jws_sign(key.key, wire::encode_json(message)) + "\"}"};
  }
  TrustedKeys only(const NotaryKey& key) const {
    TrustedKeys keys;
    keys.add(certified_key(key.certificate, anchors_).value());
    return keys;
  }
};

TEST_F(VerifierTest, KeyOfTheOtherUseThenForbidden) {
  for (const auto& [use, status] : {std::pair{core::Status::exercise, core::Status::actual},
                                    std::pair{core::Status::actual, core::Status::exercise}}) {
    const NotaryKey key = new_key(use);
    const core::SignedCopy forged = forged_with(key, status);
    EXPECT_EQ(code(verify_signed_notice(forged.protobuf, only(key))), core::Errc::forbidden);
    EXPECT_EQ(code(verify_json_notice(forged.json, only(key))), core::Errc::forbidden);
  }
}

TEST_F(VerifierTest, KeyNotKnownThenUnavailable) {
  OpenSslNotary notary(list(new_key(core::Status::exercise)));
  const auto copy = notary.sign(samples::notice(), now);
  const TrustedKeys others = only(new_key(core::Status::exercise));
  EXPECT_EQ(code(verify_signed_notice(copy->protobuf, others)), core::Errc::unavailable);
  EXPECT_EQ(code(verify_json_notice(copy->json, others)), core::Errc::unavailable);
}

TEST_F(VerifierTest, NoticeChangedThenForbidden) {
  OpenSslNotary notary(list(new_key(core::Status::exercise)));
  const auto copy = notary.sign(samples::notice(), now);
  v1::SignedNotice envelope;
  envelope.ParseFromString(copy->protobuf);
  std::string notice = envelope.notice();
  for (std::size_t i = 0; i < notice.size(); i += 7) {
    std::string changed = notice;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    envelope.set_notice(changed);
    EXPECT_EQ(code(verify_signed_notice(envelope.SerializeAsString(), trusted(notary))), core::Errc::forbidden);
  }
}

TEST_F(VerifierTest, NoticeBesideTheJwsChangedThenItIsNotLookedAt) {
  OpenSslNotary notary(list(new_key(core::Status::exercise)));
  const auto copy = notary.sign(samples::notice(), now);
  const std::string jws(boost::json::parse(copy->json).at("jws").as_string().c_str());
  const auto verified =
      verify_json_notice(R"({"notice":{"alertId":"another"},"jws":")" + jws + "\"}", trusted(notary));
  ASSERT_TRUE(verified.has_value());
  EXPECT_EQ(verified->notice, samples::notice());
}

TEST_F(VerifierTest, SignaturesThatAreNotKnownBesideAGoodOneThenPassedOver) {
  OpenSslNotary notary(list(new_key(core::Status::exercise)));
  const auto copy = notary.sign(samples::notice(), now);
  v1::SignedNotice envelope;
  envelope.ParseFromString(copy->protobuf);
  v1::SignedNotice crowded;
  crowded.set_notice(envelope.notice());
  v1::Signature& national = *crowded.add_signatures();
  national.set_key_id(envelope.signatures(0).key_id());
  national.set_algorithm(v1::Signature::SM2_SM3);
  crowded.add_signatures()->set_key_id("nobody");
  *crowded.add_signatures() = envelope.signatures(0);
  EXPECT_TRUE(verify_signed_notice(crowded.SerializeAsString(), trusted(notary)).has_value());
}

TEST_F(VerifierTest, IssuedAfterTheKeyExpiredThenForbidden) {
  const NotaryKey key = new_key(core::Status::exercise, Validity{now - 48h, now - 1h});
  EXPECT_EQ(code(verify_signed_notice(forged_with(key, core::Status::exercise).protobuf, only(key))),
            core::Errc::forbidden);
}

TEST_F(VerifierTest, NotANoticeAtAllThenMalformedOrUnknown) {
  const NotaryKey key = new_key(core::Status::exercise);
  EXPECT_EQ(code(verify_signed_notice("\xFF\xFF", only(key))), core::Errc::malformed);
  EXPECT_EQ(code(verify_signed_notice("", only(key))), core::Errc::unavailable);
  EXPECT_EQ(code(verify_signed_notice(std::string(signed_notice_bytes_max + 1, 'x'), only(key))),
            core::Errc::malformed);
  for (const char* json : {"", "{", "[]", "{}", R"({"jws":1})", R"({"jws":"a.b.c"})"}) {
    EXPECT_EQ(code(verify_json_notice(json, only(key))), core::Errc::malformed) << json;
  }
  EXPECT_EQ(code(verify_jws(jws_sign(key.key, R"({"hello":1})"), only(key))), core::Errc::malformed);
}

TEST_F(VerifierTest, KeysOfAnotherAuthorityThenLeftOut) {
  const auto other = CertificateAuthority::make("CA", valid_from(now, days(365)));
  const SigningKey key = SigningKey::generate();
  OpenSslNotary foreign(
      list(load_notary_key(key.to_pem(), other.certify(key, core::Status::actual, valid_from(now, days(1))))));
  EXPECT_EQ(TrustedKeys::from_published(foreign.published(now).protobuf, anchors_)->size(), 0U);
  EXPECT_EQ(TrustedKeys::from_published(foreign.published(now).json, anchors_)->size(), 0U);
}

TEST_F(VerifierTest, KeyPublishedUnderAnotherNameOrUseThenItsCertificateDecides) {
  OpenSslNotary notary(list(new_key(core::Status::exercise)));
  v1::Keys message;
  message.ParseFromString(notary.published(now).protobuf);
  message.mutable_keys(0)->set_use(v1::Key::ACTUAL);
  const auto keys = TrustedKeys::from_published(message.SerializeAsString(), anchors_);
  ASSERT_EQ(keys->size(), 1U);
  EXPECT_EQ(keys->find(message.keys(0).key_id())->use, core::Status::exercise);

  message.mutable_keys(0)->set_key_id("another");
  EXPECT_EQ(TrustedKeys::from_published(message.SerializeAsString(), anchors_)->size(), 0U);
}

TEST_F(VerifierTest, PublishedIllFormedThenMalformed) {
  EXPECT_EQ(code(TrustedKeys::from_published("{\"keys\":7}", anchors_)), core::Errc::malformed);
  EXPECT_EQ(code(TrustedKeys::from_published("\xFF", anchors_)), core::Errc::malformed);
  EXPECT_EQ(TrustedKeys::from_published("", anchors_)->size(), 0U);
}

}  // namespace
}  // namespace tuanyuan::crypto
