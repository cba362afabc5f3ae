#include "adapters/crypto/pki.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "adapters/crypto/certificate.hpp"
#include "adapters/crypto/pem.hpp"
#include "adapters/crypto/vault.hpp"

namespace tuanyuan::crypto {
namespace {

using namespace std::chrono_literals;

const core::Instant now = core::from_epoch_ms(1'790'000'000'000);

class Pki : public testing::Test {
 protected:
  static bool has_purpose(const std::string& pem, int purpose) {
    const Certificate certificate = parse_certificate(pem);
    return X509_check_purpose(certificate.get(), purpose, 0) == 1;
  }
  static std::vector<std::string> wrong_paths(const core::Result<Issued>& result) {
    std::vector<std::string> paths;
    if (result.has_error()) {
      for (const core::FieldError& error : result.error().fields) {
        paths.push_back(error.path);
      }
    }
    return paths;
  }
  static bool key_belongs(const Issued& issued) {
    return X509_check_private_key(parse_certificate(issued.certificate).get(),
                                  read_private_key(issued.key).get()) == 1;
  }

  CertificateAuthority authority_ =
      CertificateAuthority::make("deployment CA", valid_from(now, std::chrono::days(3650)));
  TrustAnchors anchors_{authority_.certificate()};
  Validity year_ = valid_from(now, std::chrono::days(365));
};

TEST_F(Pki, AuthorityWrittenThenReadIssuesTheSame) {
  const CertificateAuthority again(authority_.certificate(), authority_.key());
  const auto issued = again.issue_recipient(core::RecipientId("station"), year_);
  ASSERT_TRUE(issued.has_value());
  EXPECT_TRUE(anchors_.vouch_for(parse_certificate(issued->certificate).get(), now));
}

TEST_F(Pki, AuthorityThatIsNoneThenThrows) {
  const auto leaf = authority_.issue_recipient(core::RecipientId("station"), year_);
  EXPECT_THROW(CertificateAuthority(leaf->certificate, leaf->key), std::runtime_error);
  EXPECT_THROW(CertificateAuthority(authority_.certificate(), leaf->key), std::runtime_error);
  EXPECT_THROW(CertificateAuthority("", authority_.key()), std::runtime_error);
  EXPECT_THROW(TrustAnchors(""), std::runtime_error);
}

TEST_F(Pki, ServerThenItsNamesAndNothingButAServer) {
  const auto issued = authority_.issue_server({"localhost", "alert.example", "127.0.0.1", "::1"}, year_);
  ASSERT_TRUE(issued.has_value());
  const Certificate certificate = parse_certificate(issued->certificate);
  EXPECT_EQ(X509_check_host(certificate.get(), "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_host(certificate.get(), "alert.example", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_host(certificate.get(), "other.example", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "::1", 0), 1);
  EXPECT_TRUE(has_purpose(issued->certificate, X509_PURPOSE_SSL_SERVER));
  EXPECT_FALSE(has_purpose(issued->certificate, X509_PURPOSE_SSL_CLIENT));
  EXPECT_TRUE(key_belongs(*issued));
  EXPECT_TRUE(anchors_.vouch_for(certificate.get(), now));
  EXPECT_TRUE(identify(issued->certificate).has_error());
}

TEST_F(Pki, ServerNamesThatAreNoneThenRefusedByPath) {
  EXPECT_THAT(wrong_paths(authority_.issue_server({}, year_)), testing::ElementsAre("names"));
  EXPECT_THAT(wrong_paths(authority_.issue_server({"localhost", "a,IP:10.0.0.1"}, year_)),
              testing::ElementsAre("names[1]"));
}

TEST_F(Pki, RecipientThenIdentified) {
  const auto issued = authority_.issue_recipient(core::RecipientId("shenyang-station_1"), year_);
  ASSERT_TRUE(issued.has_value());
  EXPECT_TRUE(has_purpose(issued->certificate, X509_PURPOSE_SSL_CLIENT));
  EXPECT_FALSE(has_purpose(issued->certificate, X509_PURPOSE_SSL_SERVER));
  EXPECT_TRUE(key_belongs(*issued));
  const auto identity = identify(issued->certificate);
  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(identity->caller.recipient, core::RecipientId("shenyang-station_1"));
  EXPECT_TRUE(identity->caller.roles.contains(core::Role::recipient));
  EXPECT_EQ(identity->caller.unit, "");
  EXPECT_EQ(identity->not_after, now + 365 * 24h);
}

TEST_F(Pki, OfficerThenIdentifiedWithEveryRole) {
  const core::Roles roles{core::Role::submitter, core::Role::releaser, core::Role::operator_};
  const auto issued = authority_.issue_officer({"210102000000", "210345", roles}, year_);
  ASSERT_TRUE(issued.has_value());
  const auto identity = identify(certificate_der(parse_certificate(issued->certificate).get()));
  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(identity->caller.unit, "210102000000");
  EXPECT_EQ(identity->caller.officer, "210345");
  EXPECT_TRUE(identity->caller.roles.contains(core::Role::submitter));
  EXPECT_TRUE(identity->caller.roles.contains(core::Role::releaser));
  EXPECT_TRUE(identity->caller.roles.contains(core::Role::operator_));
  EXPECT_FALSE(identity->caller.roles.contains(core::Role::supervisor));
  EXPECT_FALSE(identity->caller.roles.contains(core::Role::recipient));
  EXPECT_TRUE(identity->caller.recipient.empty());
}

TEST_F(Pki, OfficerOrServiceThenItsCommonNameIsNoRecipientsAtABroker) {
  const auto officer = authority_.issue_officer({"210102000000", "210345", {core::Role::submitter}}, year_);
  const auto service = authority_.issue_service("tuanyuand", year_);
  for (const std::string& pem : {officer->certificate, service->certificate}) {
    char name[128] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(parse_certificate(pem).get()), NID_commonName, name,
                              sizeof name);
    EXPECT_EQ(wrong_paths(authority_.issue_recipient(core::RecipientId(name), year_)),
              std::vector<std::string>{"id"})
        << name;
  }
}

TEST_F(Pki, ServiceThenNobodyToTheApi) {
  const auto issued = authority_.issue_service("tuanyuand", year_);
  ASSERT_TRUE(issued.has_value());
  EXPECT_TRUE(has_purpose(issued->certificate, X509_PURPOSE_SSL_CLIENT));
  EXPECT_EQ(identify(issued->certificate).error().code, core::Errc::unauthenticated);
}

TEST_F(Pki, ArgumentsIllFormedThenRefusedByPath) {
  EXPECT_THAT(wrong_paths(authority_.issue_recipient(core::RecipientId(""), year_)), testing::ElementsAre("id"));
  EXPECT_THAT(wrong_paths(authority_.issue_recipient(core::RecipientId("a/b"), year_)),
              testing::ElementsAre("id"));
  EXPECT_THAT(wrong_paths(authority_.issue_recipient(core::RecipientId(std::string(65, 'a')), year_)),
              testing::ElementsAre("id"));
  EXPECT_THAT(wrong_paths(authority_.issue_officer({"2101", "1", {core::Role::submitter}}, year_)),
              testing::ElementsAre("unit"));
  EXPECT_THAT(wrong_paths(authority_.issue_officer({"210102000000", "a@b", {core::Role::submitter}}, year_)),
              testing::ElementsAre("officer"));
  EXPECT_THAT(wrong_paths(authority_.issue_officer({"210102000000", "1", {}}, year_)),
              testing::ElementsAre("roles"));
  EXPECT_THAT(wrong_paths(authority_.issue_officer(
                  {"210102000000", "1", {core::Role::submitter, core::Role::recipient}}, year_)),
              testing::ElementsAre("roles"));
  EXPECT_THAT(wrong_paths(authority_.issue_service("a.b", year_)), testing::ElementsAre("name"));
}

TEST_F(Pki, CertificateThenItsKeyUsageAuthorityAndSerial) {
  std::set<std::string> serials;
  for (int i = 0; i < 16; ++i) {
    const auto issued = authority_.issue_recipient(core::RecipientId("same"), year_);
    const Certificate certificate = parse_certificate(issued->certificate);
    EXPECT_NE(X509_get0_subject_key_id(certificate.get()), nullptr);
    EXPECT_NE(X509_get0_authority_key_id(certificate.get()), nullptr);
    EXPECT_EQ(X509_get_key_usage(certificate.get()), static_cast<std::uint32_t>(KU_DIGITAL_SIGNATURE));
    EXPECT_EQ(X509_check_ca(certificate.get()), 0);
    const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate.get());
    EXPECT_LE(ASN1_STRING_length(serial), 20);
    EXPECT_GE(ASN1_STRING_length(serial), 8);
    serials.emplace(reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial)),
                    static_cast<std::size_t>(ASN1_STRING_length(serial)));
  }
  EXPECT_EQ(serials.size(), 16U);
}

TEST_F(Pki, WishedForLongerThanTheAuthorityThenEndsWithIt) {
  const auto issued = authority_.issue_recipient(core::RecipientId("r"), valid_from(now, std::chrono::days(9999)));
  EXPECT_EQ(identify(issued->certificate)->not_after, now + std::chrono::days(3650));
}

TEST_F(Pki, OfAnotherAuthorityOrOutsideItsTimeThenNotVouchedFor) {
  const auto other = CertificateAuthority::make("deployment CA", year_);
  const auto foreign = other.issue_recipient(core::RecipientId("r"), year_);
  EXPECT_FALSE(anchors_.vouch_for(parse_certificate(foreign->certificate).get(), now));

  const auto own = authority_.issue_recipient(core::RecipientId("r"), year_);
  const Certificate certificate = parse_certificate(own->certificate);
  EXPECT_TRUE(anchors_.vouch_for(certificate.get(), now));
  EXPECT_TRUE(anchors_.vouch_for(certificate.get(), now - 5min));
  EXPECT_FALSE(anchors_.vouch_for(certificate.get(), now - 6min));
  EXPECT_FALSE(anchors_.vouch_for(certificate.get(), now + 366 * 24h));
}

TEST_F(Pki, SigningCertificateThenItsUseIsRead) {
  for (const core::Status use : {core::Status::actual, core::Status::exercise}) {
    const SigningKey key = SigningKey::generate();
    const std::string pem = authority_.certify(key, use, year_);
    const auto certified = certified_key(pem, anchors_);
    ASSERT_TRUE(certified.has_value());
    EXPECT_EQ(certified->use, use);
    EXPECT_EQ(certified->key.key_id(), key.key_id());
    EXPECT_EQ(certified->not_after, now + 365 * 24h);
    EXPECT_FALSE(has_purpose(pem, X509_PURPOSE_SSL_CLIENT));
    EXPECT_FALSE(has_purpose(pem, X509_PURPOSE_SSL_SERVER));
    EXPECT_TRUE(identify(pem).has_error());
  }
}

TEST_F(Pki, AnyOtherCertificateThenNotForSigning) {
  const auto recipient = authority_.issue_recipient(core::RecipientId("r"), year_);
  EXPECT_FALSE(certified_key(recipient->certificate, anchors_).has_value());
  EXPECT_FALSE(certified_key(authority_.certificate(), anchors_).has_value());
  EXPECT_FALSE(certified_key("", anchors_).has_value());
  const auto other = CertificateAuthority::make("deployment CA", year_);
  const std::string foreign = other.certify(SigningKey::generate(), core::Status::actual, year_);
  EXPECT_TRUE(read_signing_certificate(foreign).has_value());
  EXPECT_FALSE(certified_key(foreign, anchors_).has_value());
}

TEST_F(Pki, NewMasterKeyThenAnother) {
  EXPECT_NE(new_master_key_text(), new_master_key_text());
}

}  // namespace
}  // namespace tuanyuan::crypto
