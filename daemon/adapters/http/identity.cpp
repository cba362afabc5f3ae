#include "adapters/http/identity.hpp"

#include <openssl/asn1.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <ctime>
#include <string>
#include <vector>

#include "adapters/http/target.hpp"
#include "core/division.hpp"

namespace tuanyuan::http {
namespace {

std::vector<std::string> subject_values(const X509* certificate, int nid) {
  std::vector<std::string> values;
  const X509_NAME* subject = X509_get_subject_name(certificate);
  for (int at = X509_NAME_get_index_by_NID(subject, nid, -1); at >= 0;
       at = X509_NAME_get_index_by_NID(subject, nid, at)) {
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (size >= 0) {
      values.emplace_back(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    }
    OPENSSL_free(text);
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

core::Caller recipient_of(const std::string& name, core::Roles roles) {
  const core::Roles officers{core::Role::submitter, core::Role::releaser, core::Role::supervisor,
                             core::Role::operator_};
  core::Caller caller;
  if (!roles.contains_any(officers) && is_id(name)) {
    caller.roles = roles;
    caller.recipient = core::RecipientId(name);
  }
  return caller;
}

core::Caller officer_of(const X509* certificate, const std::string& name, core::Roles roles) {
  core::Caller caller;
  const std::vector<std::string> units = subject_values(certificate, NID_organizationName);
  const std::size_t at = name.find('@');
  const std::string number = name.substr(0, at);
  const bool well_formed = units.size() == 1 && core::is_unit_code(units.front()) && is_id(number);
  if (well_formed && (at == std::string::npos || name.substr(at + 1) == units.front())) {
    caller.unit = units.front();
    caller.officer = number;
    caller.roles = roles;
  }
  return caller;
}

core::Instant not_after(const X509* certificate) {
  std::tm utc{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &utc) != 1) {
    return {};
  }
  return core::Instant(std::chrono::seconds(timegm(&utc)));
}

}  // namespace

Identity identify(const X509* certificate) {
  Identity identity;
  identity.not_after = not_after(certificate);
  const std::vector<std::string> names = subject_values(certificate, NID_commonName);
  if (names.size() != 1) {
    return identity;
  }
  const core::Roles roles = roles_of(certificate);
  identity.caller = roles.contains(core::Role::recipient) ? recipient_of(names.front(), roles)
                                                          : officer_of(certificate, names.front(), roles);
  return identity;
}

}  // namespace tuanyuan::http
