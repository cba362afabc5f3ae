#include "adapters/crypto/certificate.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "adapters/crypto/pem.hpp"
#include "adapters/crypto/signing_use.hpp"
#include "adapters/crypto/x509_fields.hpp"

// Subjects and usages that our own authority never writes, but another one might.
namespace tuanyuan::crypto {
namespace {

using Attributes = std::vector<std::pair<int, std::string>>;

constexpr int organisation = NID_organizationName;
constexpr int role = NID_organizationalUnitName;
constexpr int common_name = NID_commonName;

Certificate with_subject(const Attributes& subject) {
  const PrivateKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  Certificate certificate = new_certificate(key.get(), core::from_epoch_ms(0), core::from_epoch_ms(1'000));
  for (const auto& [nid, value] : subject) {
    add_to_subject(certificate.get(), nid, value);
  }
  return certificate;
}

struct Taken {
  const char* name;
  Attributes subject;
  const char* unit;
  const char* officer;
  const char* recipient;
};

class IdentityTaken : public testing::TestWithParam<Taken> {};

TEST_P(IdentityTaken, SubjectThenWhoItIs) {
  const auto identity = identify(with_subject(GetParam().subject).get());
  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(identity->caller.unit, GetParam().unit);
  EXPECT_EQ(identity->caller.officer, GetParam().officer);
  EXPECT_EQ(identity->caller.recipient.value, GetParam().recipient);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, IdentityTaken,
    testing::Values(
        Taken{"officer",
              {{organisation, "210102000000"}, {role, "releaser"}, {common_name, "007@210102000000"}},
              "210102000000",
              "007",
              ""},
        Taken{"officer_by_number_alone",
              {{organisation, "210102000000"}, {role, "releaser"}, {common_name, "007"}},
              "210102000000",
              "007",
              ""},
        Taken{"other_units_passed_over",
              {{organisation, "210102000000"}, {role, "二大队"}, {role, "submitter"}, {common_name, "007"}},
              "210102000000",
              "007",
              ""},
        Taken{"recipient", {{role, "recipient"}, {common_name, "r-1"}}, "", "", "r-1"},
        Taken{"recipient_of_an_organisation",
              {{organisation, "railway"}, {role, "recipient"}, {common_name, "r"}},
              "",
              "",
              "r"}),
    [](const auto& tested) { return std::string(tested.param.name); });

struct Refused {
  const char* name;
  Attributes subject;
};

class IdentityRefused : public testing::TestWithParam<Refused> {};

TEST_P(IdentityRefused, SubjectThenUnauthenticated) {
  const auto identity = identify(with_subject(GetParam().subject).get());
  ASSERT_TRUE(identity.has_error());
  EXPECT_EQ(identity.error().code, core::Errc::unauthenticated);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, IdentityRefused,
    testing::Values(
        Refused{"nothing", {}}, Refused{"no_role", {{organisation, "210102000000"}, {common_name, "007"}}},
        Refused{"no_common_name", {{organisation, "210102000000"}, {role, "releaser"}}},
        Refused{"two_common_names", {{role, "recipient"}, {common_name, "a"}, {common_name, "b"}}},
        Refused{"recipient_and_officer",
                {{organisation, "210102000000"}, {role, "recipient"}, {role, "releaser"}, {common_name, "a"}}},
        Refused{"recipient_id_with_a_level", {{role, "recipient"}, {common_name, "a/b"}}},
        Refused{"recipient_id_with_a_zero", {{role, "recipient"}, {common_name, std::string("a\0b", 3)}}},
        Refused{"no_unit", {{role, "releaser"}, {common_name, "007"}}},
        Refused{"unit_too_short", {{organisation, "2101"}, {role, "releaser"}, {common_name, "007"}}},
        Refused{"two_units",
                {{organisation, "210102000000"},
                 {organisation, "110000000000"},
                 {role, "releaser"},
                 {common_name, "7"}}},
        Refused{"officer_of_another_unit",
                {{organisation, "210102000000"}, {role, "releaser"}, {common_name, "007@110000000000"}}},
        Refused{"officer_without_number",
                {{organisation, "210102000000"}, {role, "releaser"}, {common_name, "@210102000000"}}}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Identity, BytesThatAreNoCertificateThenUnauthenticated) {
  for (const char* bytes : {"", "0", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
    const auto identity = identify(std::string_view(bytes));
    ASSERT_TRUE(identity.has_error());
    EXPECT_EQ(identity.error().code, core::Errc::unauthenticated);
  }
}

TEST(Identity, TimeThatIsNoneThenUnauthenticated) {
  const Certificate certificate = with_subject({{role, "recipient"}, {common_name, "r"}});
  ASSERT_TRUE(identify(certificate.get()).has_value());
  ASN1_STRING_set(X509_getm_notAfter(certificate.get()), "2611221x0000Z", -1);
  const auto identity = identify(certificate.get());
  ASSERT_TRUE(identity.has_error());
  EXPECT_EQ(identity.error().code, core::Errc::unauthenticated);
}

struct Usage {
  const char* name;
  const char* unit;
  std::vector<std::string> usages;
  bool critical;
  const char* algorithm;
  bool taken;
};

class SigningCertificate : public testing::TestWithParam<Usage> {
 protected:
  static Certificate made(const Usage& usage) {
    const PrivateKey key(usage.algorithm == std::string_view("EC")
                             ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                             : EVP_PKEY_Q_keygen(nullptr, nullptr, usage.algorithm));
    Certificate certificate = new_certificate(key.get(), core::from_epoch_ms(0), core::from_epoch_ms(1'000));
    add_to_subject(certificate.get(), role, usage.unit);
    if (usage.usages.size() == 1) {
      add_usage(certificate.get(), usage.usages.front(), usage.critical);
    } else if (!usage.usages.empty()) {
      const ExtendedKeyUsage all(EXTENDED_KEY_USAGE_new());
      for (const std::string& one : usage.usages) {
        sk_ASN1_OBJECT_push(all.get(), OBJ_txt2obj(one.c_str(), 1));
      }
      X509_add1_ext_i2d(certificate.get(), NID_ext_key_usage, all.get(), usage.critical ? 1 : 0,
                        X509V3_ADD_DEFAULT);
    }
    X509_sign(certificate.get(), key.get(), usage.algorithm == std::string_view("EC") ? EVP_sha256() : nullptr);
    return certificate;
  }
};

TEST_P(SigningCertificate, UsageThenTakenOrNot) {
  const std::string der = certificate_der(made(GetParam()).get());
  EXPECT_EQ(read_signing_certificate(der).has_value(), GetParam().taken);
}

const std::string actual = signing_use(core::Status::actual).usage;
const std::string exercise = signing_use(core::Status::exercise).usage;

INSTANTIATE_TEST_SUITE_P(
    Cases, SigningCertificate,
    testing::Values(
        Usage{"actual", "notice-signing-actual", {actual}, true, "ED25519", true},
        Usage{"exercise", "notice-signing-exercise", {exercise}, true, "ED25519", true},
        Usage{"disagreeing", "notice-signing-exercise", {actual}, true, "ED25519", false},
        Usage{"both", "notice-signing-actual", {actual, exercise}, true, "ED25519", false},
        Usage{"and_a_client", "notice-signing-actual", {actual, "1.3.6.1.5.5.7.3.2"}, true, "ED25519", false},
        Usage{"not_critical", "notice-signing-actual", {actual}, false, "ED25519", false},
        Usage{"no_usage", "notice-signing-actual", {}, true, "ED25519", false},
        Usage{"client", "notice-signing-actual", {"1.3.6.1.5.5.7.3.2"}, true, "ED25519", false},
        Usage{"another_kind_of_key", "notice-signing-actual", {actual}, true, "EC", false}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace tuanyuan::crypto
