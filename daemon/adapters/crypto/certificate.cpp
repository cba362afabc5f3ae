#include "adapters/crypto/certificate.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <stdexcept>

#include "adapters/crypto/names.hpp"
#include "adapters/crypto/pem.hpp"
#include "adapters/crypto/signing_use.hpp"

namespace tuanyuan::crypto {
namespace {

core::Refusal not_an_identity(const char* chinese, const char* english) {
  return core::Refusal(core::Errc::unauthenticated, core::Text(chinese, english));
}

/// All values of one kind in a subject, in their order.
std::vector<std::string> subject_values(const X509* certificate, int nid) {
  std::vector<std::string> values;
  const X509_NAME* subject = X509_get_subject_name(certificate);
  for (int at = X509_NAME_get_index_by_NID(subject, nid, -1); at >= 0;
       at = X509_NAME_get_index_by_NID(subject, nid, at)) {
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    const OpenSslBytes owned(text);
    values.push_back(size < 0 ? std::string()
                              : std::string(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)));
  }
  return values;
}

core::Roles roles_of(const X509* certificate) {
  core::Roles roles;
  for (const std::string& name : subject_values(certificate, NID_organizationalUnitName)) {
    if (const auto role = core::parse_role(name)) {
      roles.insert(*role);
    }
  }
  return roles;
}

constexpr core::Role officer_roles[] = {core::Role::submitter, core::Role::releaser, core::Role::supervisor,
                                        core::Role::operator_};

bool has_officer_role(core::Roles roles) {
  return std::any_of(std::begin(officer_roles), std::end(officer_roles),
                     [roles](core::Role role) { return roles.contains(role); });
}

core::Result<core::Caller> recipient_caller(const std::string& common_name, core::Roles roles) {
  if (has_officer_role(roles)) {
    return not_an_identity("证书同时用于接收方和民警",
                           "the certificate is for a recipient and an officer at once");
  }
  if (!is_common_name(common_name)) {
    return not_an_identity("证书中的接收方编号不合规", "the recipient id in the certificate is ill-formed");
  }
  core::Caller caller;
  caller.roles = roles;
  caller.recipient = core::RecipientId(common_name);
  return caller;
}

core::Result<core::Caller> officer_caller(const X509* certificate, const std::string& common_name,
                                          core::Roles roles) {
  const std::vector<std::string> organisations = subject_values(certificate, NID_organizationName);
  if (organisations.size() != 1 || !core::is_unit_code(organisations.front())) {
    return not_an_identity("证书中的单位代码不合规", "the unit in the certificate is not a code of GA 380");
  }
  const std::size_t at = common_name.find('@');
  const std::string officer = common_name.substr(0, at);
  const bool of_this_unit = at == std::string::npos || common_name.substr(at + 1) == organisations.front();
  if (!is_common_name(officer) || !of_this_unit) {
    return not_an_identity("证书中的警号不合规", "the officer's number in the certificate is ill-formed");
  }
  core::Caller caller;
  caller.unit = organisations.front();
  caller.officer = officer;
  caller.roles = roles;
  return caller;
}

/// The status whose usage is the certificate's only extended one.
std::optional<core::Status> use_in_extension(const X509* certificate) {
  int critical = 0;
  const ExtendedKeyUsage usages(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, &critical, nullptr)));
  if (usages == nullptr || critical != 1 || sk_ASN1_OBJECT_num(usages.get()) != 1) {
    return std::nullopt;
  }
  char text[128] = {};
  OBJ_obj2txt(text, sizeof text, sk_ASN1_OBJECT_value(usages.get(), 0), 1);
  for (const SigningUse& use : signing_uses) {
    if (use.usage == std::string_view(text)) {
      return use.status;
    }
  }
  return std::nullopt;
}

std::optional<CertifiedKey> signing_key_in(X509* certificate) {
  const auto use = use_in_extension(certificate);
  EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (!use || key == nullptr || EVP_PKEY_is_a(key, "ED25519") != 1 ||
      subject_values(certificate, NID_organizationalUnitName) !=
          std::vector<std::string>{std::string(signing_use(*use).organisational_unit)}) {
    return std::nullopt;
  }
  return CertifiedKey{VerifyingKey(public_key_der(key)), *use, not_before(certificate), not_after(certificate)};
}

}  // namespace

core::Result<Identity> identify(std::string_view certificate) {
  const Certificate parsed = parse_certificate(certificate);
  if (parsed == nullptr) {
    return not_an_identity("不是有效的证书", "this is not a certificate");
  }
  return identify(parsed.get());
}

core::Result<Identity> identify(const X509* certificate) {
  if (!has_readable_times(certificate)) {
    return not_an_identity("证书的有效期无法读取", "the validity of the certificate cannot be read");
  }
  const std::vector<std::string> common_names = subject_values(certificate, NID_commonName);
  if (common_names.size() != 1) {
    return not_an_identity("证书须恰有一个通用名称", "the certificate needs exactly one common name");
  }
  const core::Roles roles = roles_of(certificate);
  if (roles.empty()) {
    return not_an_identity("证书未载明任何角色", "the certificate names no role");
  }
  auto caller = roles.contains(core::Role::recipient) ? recipient_caller(common_names.front(), roles)
                                                      : officer_caller(certificate, common_names.front(), roles);
  if (caller.has_error()) {
    return caller.error();
  }
  return Identity{std::move(*caller), not_after(certificate)};
}

TrustAnchors::TrustAnchors(std::string_view pem) : store_(X509_STORE_new()) {
  require(store_ != nullptr, "making a certificate store");
  for (const Certificate& anchor : read_certificates(pem)) {
    require(X509_STORE_add_cert(store_.get(), anchor.get()) == 1, "adding a certificate authority");
  }
  // An anchor may be an intermediate authority: the deployment's, under a root that is none of its business.
  X509_STORE_set_flags(store_.get(), X509_V_FLAG_PARTIAL_CHAIN);
}

bool TrustAnchors::vouch_for(X509* certificate, core::Instant at) const {
  const CertificateStoreContext context(X509_STORE_CTX_new());
  require(context != nullptr && X509_STORE_CTX_init(context.get(), store_.get(), certificate, nullptr) == 1,
          "verifying a certificate");
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  X509_STORE_CTX_set_time(context.get(), 0, static_cast<std::time_t>(seconds));
  const bool good = X509_verify_cert(context.get()) == 1;
  ERR_clear_error();
  return good;
}

std::optional<CertifiedKey> read_signing_certificate(std::string_view certificate) {
  const Certificate parsed = parse_certificate(certificate);
  return parsed == nullptr ? std::nullopt : signing_key_in(parsed.get());
}

std::optional<CertifiedKey> certified_key(std::string_view certificate, const TrustAnchors& anchors) {
  const Certificate parsed = parse_certificate(certificate);
  if (parsed == nullptr || !anchors.vouch_for(parsed.get(), not_before(parsed.get()))) {
    return std::nullopt;
  }
  return signing_key_in(parsed.get());
}

}  // namespace tuanyuan::crypto
