#include "tools/station/verifier.hpp"

#include <gtest/gtest.h>

#include <string>

#include "adapters/wire/notice_codec.hpp"
#include "tools/station/deployment.hpp"
#include "tuanyuan/v1/keys.pb.h"
#include "tuanyuan/v1/notice.pb.h"

namespace tuanyuan::station {
namespace {

class VerifierTest : public testing::Test {
 protected:
  /// Signed by a key of that use, whatever the notice says of itself.
  static std::string signed_by(const crypto::SigningKey& key, const core::Notice& notice) {
    v1::SignedNotice message;
    message.set_notice(wire::serialize(wire::to_proto(notice)));
    v1::Signature& signature = *message.add_signatures();
    signature.set_key_id(key.key_id());
    signature.set_algorithm(v1::Signature::ED25519);
    signature.set_value(key.sign(message.notice()));
    return message.SerializeAsString();
  }

  static std::string published(const crypto::SigningKey& key, const std::string& certificate_pem) {
    v1::Keys message;
    v1::Key& one = *message.add_keys();
    one.set_key_id(key.key_id());
    one.set_algorithm(v1::Signature::ED25519);
    one.set_public_key(key.public_key());
    one.set_certificate(certificate_pem);
    return message.SerializeAsString();
  }

  Deployment deployment;
  Verifier verifier{deployment.ca()};
};

TEST_F(VerifierTest, SignedByAPublishedKeyThenGenuineInBothEncodings) {
  ASSERT_TRUE(verifier.learn_keys(deployment.keys_protobuf()));
  EXPECT_EQ(verifier.keys(), 2U);
  for (const core::Status status : {core::Status::actual, core::Status::exercise}) {
    core::Notice notice = notice_at({1, 0});
    notice.status = status;
    const core::SignedCopy copy = deployment.sign(notice);
    for (const std::string& payload : {copy.protobuf, copy.json}) {
      const Verified verified = verifier.verify(payload);
      EXPECT_EQ(verified.verdict, Verdict::genuine) << describe(verified.verdict);
      ASSERT_NE(verified.notice, nullptr);
      EXPECT_EQ(*verified.notice, notice);
    }
  }
}

TEST_F(VerifierTest, KeysInJsonThenLearnedToo) {
  ASSERT_TRUE(verifier.learn_keys(deployment.keys_json()));
  EXPECT_EQ(verifier.verify(deployment.sign(notice_at({1, 0})).protobuf).verdict, Verdict::genuine);
}

TEST_F(VerifierTest, KeysUnreadableThenNothingChanges) {
  ASSERT_TRUE(verifier.learn_keys(deployment.keys_protobuf()));
  for (const char* payload : {"", "{", "\xff\xff", "{\"keys\":7}"}) {
    EXPECT_FALSE(verifier.learn_keys(payload)) << payload;
  }
  EXPECT_EQ(verifier.keys(), 2U);
}

TEST_F(VerifierTest, NoKeyPublishedThenUnknownUntilItIs) {
  const std::string payload = deployment.sign(notice_at({1, 0})).protobuf;
  EXPECT_EQ(verifier.verify(payload).verdict, Verdict::unknown_key);
  verifier.learn_keys(deployment.keys_protobuf());
  EXPECT_EQ(verifier.verify(payload).verdict, Verdict::genuine);
  verifier.learn_keys(Deployment().keys_protobuf());
  EXPECT_EQ(verifier.keys(), 0U);
  EXPECT_EQ(verifier.verify(payload).verdict, Verdict::unknown_key);
}

TEST_F(VerifierTest, AnyOctetOfTheNoticeChangedThenNotGenuine) {
  verifier.learn_keys(deployment.keys_protobuf());
  const std::string payload = deployment.sign(notice_at({1, 0})).protobuf;
  for (std::size_t at = 0; at < payload.size(); ++at) {
    std::string changed = payload;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_NE(verifier.verify(changed).verdict, Verdict::genuine) << at;
  }
}

TEST_F(VerifierTest, JsonCopyBesideTheSignatureChangedThenTheSignedPayloadIsShown) {
  verifier.learn_keys(deployment.keys_protobuf());
  std::string payload = deployment.sign(notice_at({1, 0})).json;
  const std::size_t at = payload.find("\"radiusKm\":100");
  ASSERT_NE(at, std::string::npos);
  payload.replace(at, 14, "\"radiusKm\":999");
  const Verified verified = verifier.verify(payload);
  ASSERT_EQ(verified.verdict, Verdict::genuine);
  EXPECT_EQ(verified.notice->circle->radius_km, 100);
}

TEST_F(VerifierTest, KeyOfTheOtherUseThenRefused) {
  for (const core::Status use : {core::Status::actual, core::Status::exercise}) {
    const crypto::SigningKey key = crypto::SigningKey::generate();
    const std::string certificate =
        deployment.authority().certify(key, use, Deployment::validity(std::chrono::days(1)));
    verifier.learn_keys(published(key, certificate));
    core::Notice notice = notice_at({1, 0});
    notice.status = use;
    EXPECT_EQ(verifier.verify(signed_by(key, notice)).verdict, Verdict::genuine);
    notice.status = use == core::Status::actual ? core::Status::exercise : core::Status::actual;
    EXPECT_EQ(verifier.verify(signed_by(key, notice)).verdict, Verdict::not_genuine);
  }
}

TEST_F(VerifierTest, KeyCertifiedByAnotherAuthorityThenUnknown) {
  const auto stranger =
      crypto::CertificateAuthority::make("stranger", Deployment::validity(std::chrono::days(30)));
  const crypto::SigningKey key = crypto::SigningKey::generate();
  verifier.learn_keys(
      published(key, stranger.certify(key, core::Status::exercise, Deployment::validity(std::chrono::days(1)))));
  EXPECT_EQ(verifier.keys(), 0U);
  EXPECT_EQ(verifier.verify(signed_by(key, notice_at({1, 0}))).verdict, Verdict::unknown_key);
}

TEST_F(VerifierTest, IssuedAfterItsKeyExpiredThenRefused) {
  const crypto::SigningKey key = crypto::SigningKey::generate();
  const crypto::Validity past{today - std::chrono::days(9), today - std::chrono::days(2)};
  verifier.learn_keys(published(key, deployment.authority().certify(key, core::Status::exercise, past)));
  EXPECT_EQ(verifier.verify(signed_by(key, notice_at({1, 0}))).verdict, Verdict::not_genuine);
}

TEST_F(VerifierTest, NoNoticeAtAllThenUnreadable) {
  verifier.learn_keys(deployment.keys_protobuf());
  for (const char* payload : {"{}", "{\"jws\":\"a.b.c\"}", "nonsense"}) {
    EXPECT_EQ(verifier.verify(payload).verdict, Verdict::unreadable) << payload;
  }
}

TEST_F(VerifierTest, NobodyShowsItAnyMoreThenItIsNotKept) {
  verifier.learn_keys(deployment.keys_protobuf());
  const std::string payload = deployment.sign(notice_at({1, 0})).protobuf;
  std::weak_ptr<const core::Notice> kept;
  {
    const Verified first = verifier.verify(payload);
    const Verified second = verifier.verify(payload);
    EXPECT_EQ(first.notice, second.notice);
    kept = first.notice;
  }
  EXPECT_TRUE(kept.expired());
  EXPECT_EQ(verifier.verify(payload).verdict, Verdict::genuine);
}

}  // namespace
}  // namespace tuanyuan::station
