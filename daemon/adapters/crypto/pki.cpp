#include "adapters/crypto/pki.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "adapters/crypto/names.hpp"
#include "adapters/crypto/pem.hpp"
#include "adapters/crypto/signing_use.hpp"
#include "adapters/crypto/vault.hpp"
#include "adapters/crypto/x509_fields.hpp"
#include "core/division.hpp"
#include "core/limits.hpp"

namespace tuanyuan::crypto {
namespace {

constexpr std::size_t dns_name_chars_max = 253;
constexpr std::size_t service_name_chars_max = 56;
constexpr const char* server_usage = "1.3.6.1.5.5.7.3.1";  // id-kp-serverAuth, RFC 5280
constexpr const char* client_usage = "1.3.6.1.5.5.7.3.2";  // id-kp-clientAuth

PrivateKey new_p256_key() {
  PrivateKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  require(key != nullptr, "making a P-256 key");
  return key;
}

bool is_dns_name(std::string_view name) {
  if (name.empty() || name.size() > dns_name_chars_max) {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '*';
  });
}

core::Refusal wrong(std::string path, const char* chinese, const char* english) {
  return core::Refusal(
      std::vector<core::FieldError>{core::FieldError(std::move(path), core::Text(chinese, english))});
}

constexpr core::Role officer_roles[] = {core::Role::submitter, core::Role::releaser, core::Role::supervisor,
                                        core::Role::operator_};

}  // namespace

/// Who a certificate is for and what it may be used for.
struct CertificateAuthority::Subject {
  std::string organisation;
  std::vector<std::string> organisational_units;
  std::string common_name;
  std::string usage;
  bool usage_is_critical = false;
  std::vector<std::string> alternative_names;
};

Validity valid_from(core::Instant now, std::chrono::days days) {
  return Validity{now - std::chrono::minutes(core::clock_skew_minutes_max), now + days};
}

CertificateAuthority::CertificateAuthority(Certificate certificate, PrivateKey key)
    : certificate_(std::move(certificate)),
      key_(std::move(key)),
      certificate_pem_(certificate_pem(certificate_.get())) {}

CertificateAuthority::CertificateAuthority(std::string_view certificate_pem, std::string_view key_pem)
    : CertificateAuthority(std::move(read_certificates(certificate_pem).front()), read_private_key(key_pem)) {
  require(X509_check_ca(certificate_.get()) == 1, "reading a certificate authority");
  require(X509_check_private_key(certificate_.get(), key_.get()) == 1, "matching the authority's key");
}

CertificateAuthority CertificateAuthority::make(std::string_view common_name, const Validity& validity) {
  PrivateKey key = new_p256_key();
  Certificate certificate = new_certificate(key.get(), validity.not_before, validity.not_after);
  add_to_subject(certificate.get(), NID_commonName, common_name);
  require(X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get())) == 1,
          "naming an issuer");
  add_extension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash");
  add_extension(certificate.get(), certificate.get(), NID_authority_key_identifier, "keyid:always");
  require(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0, "signing a certificate");
  return CertificateAuthority(std::move(certificate), std::move(key));
}

std::string CertificateAuthority::key() const {
  return private_key_pem(key_.get());
}

Certificate CertificateAuthority::issue(EVP_PKEY* key, const Subject& subject, const Validity& validity) const {
  const core::Instant end = std::min(validity.not_after, not_after(certificate_.get()));
  const core::Instant start = std::max(validity.not_before, not_before(certificate_.get()));
  Certificate certificate = new_certificate(key, start, end);
  X509* made = certificate.get();
  if (!subject.organisation.empty()) {
    add_to_subject(made, NID_organizationName, subject.organisation);
  }
  for (const std::string& unit : subject.organisational_units) {
    add_to_subject(made, NID_organizationalUnitName, unit);
  }
  if (!subject.common_name.empty()) {
    add_to_subject(made, NID_commonName, subject.common_name);
  }
  require(X509_set_issuer_name(made, X509_get_subject_name(certificate_.get())) == 1, "naming an issuer");
  add_extension(made, certificate_.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(made, certificate_.get(), NID_key_usage, "critical,digitalSignature");
  add_usage(made, subject.usage, subject.usage_is_critical);
  add_extension(made, certificate_.get(), NID_subject_key_identifier, "hash");
  add_extension(made, certificate_.get(), NID_authority_key_identifier, "keyid:always");
  if (!subject.alternative_names.empty()) {
    // Where the subject is empty the names have to be critical (RFC 5280, 4.2.1.6).
    add_alternative_names(made, subject.alternative_names, subject.common_name.empty());
  }
  require(X509_sign(made, key_.get(), EVP_sha256()) > 0, "signing a certificate");
  return certificate;
}

Issued CertificateAuthority::issue_new_key(const Subject& subject, const Validity& validity) const {
  const PrivateKey key = new_p256_key();
  const Certificate certificate = issue(key.get(), subject, validity);
  return Issued{certificate_pem(certificate.get()), private_key_pem(key.get())};
}

core::Result<Issued> CertificateAuthority::issue_server(const std::vector<std::string>& names,
                                                        const Validity& validity) const {
  if (names.empty() || names.size() > server_names_max) {
    return wrong("names", "须有一至三十二个", "has to hold one to 32 of them");
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!is_ip_address(names[i]) && !is_dns_name(names[i])) {
      return wrong("names[" + std::to_string(i) + "]", "须为域名或 IP 地址",
                   "has to be a DNS name or an IP address");
    }
  }
  Subject subject;
  if (names.front().size() <= common_name_chars_max) {
    subject.common_name = names.front();
  }
  subject.usage = server_usage;
  subject.alternative_names = names;
  return issue_new_key(subject, validity);
}

core::Result<Issued> CertificateAuthority::issue_officer(const OfficerCertificate& wanted,
                                                         const Validity& validity) const {
  if (!core::is_unit_code(wanted.unit)) {
    return wrong("unit", "须为十二位公安机关机构代码（GA 380）", "has to be 12 digits of GA 380");
  }
  const std::string common_name = wanted.officer + '@' + wanted.unit;
  if (!is_common_name(wanted.officer) || common_name.size() > common_name_chars_max) {
    return wrong("officer", "须为字母、数字、下划线或连字符，至多 51 个",
                 "has to be letters, digits, _ or -, at most 51 of them");
  }
  Subject subject;
  subject.organisation = wanted.unit;
  for (const core::Role role : officer_roles) {
    if (wanted.roles.contains(role)) {
      subject.organisational_units.emplace_back(core::to_string(role));
    }
  }
  if (subject.organisational_units.empty() || wanted.roles.contains(core::Role::recipient)) {
    return wrong("roles", "须为 submitter、releaser、supervisor、operator 中的至少一个",
                 "has to be at least one of submitter, releaser, supervisor, operator");
  }
  subject.common_name = common_name;
  subject.usage = client_usage;
  return issue_new_key(subject, validity);
}

core::Result<Issued> CertificateAuthority::issue_recipient(const core::RecipientId& id,
                                                           const Validity& validity) const {
  if (!is_common_name(id.value)) {
    return wrong("id", "须为字母、数字、下划线或连字符，至多 64 个",
                 "has to be letters, digits, _ or -, at most 64 of them");
  }
  Subject subject;
  subject.organisational_units.emplace_back(core::to_string(core::Role::recipient));
  subject.common_name = id.value;
  subject.usage = client_usage;
  return issue_new_key(subject, validity);
}

core::Result<Issued> CertificateAuthority::issue_service(std::string_view name, const Validity& validity) const {
  if (!is_common_name(name) || name.size() > service_name_chars_max) {
    return wrong("name", "须为字母、数字、下划线或连字符，至多 56 个",
                 "has to be letters, digits, _ or -, at most 56 of them");
  }
  Subject subject;
  subject.organisational_units.emplace_back("service");
  subject.common_name = std::string(name) + ".service";
  subject.usage = client_usage;
  return issue_new_key(subject, validity);
}

std::string CertificateAuthority::certify(const SigningKey& key, core::Status use,
                                          const Validity& validity) const {
  Subject subject;
  subject.organisational_units.emplace_back(signing_use(use).organisational_unit);
  subject.common_name = key.key_id();
  subject.usage = signing_use(use).usage;
  subject.usage_is_critical = true;
  return certificate_pem(issue(key.handle(), subject, validity).get());
}

std::string new_master_key_text() {
  return master_key_text({random_bytes(32)});
}

}  // namespace tuanyuan::crypto
