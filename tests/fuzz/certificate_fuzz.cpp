// Certificates, DER or PEM. A name that is taken is one that the contract allows, a caller is an officer or a
// recipient and never both, and who is refused a role has none. (That a certificate is of our CA is TLS's to see.)
#include "adapters/crypto/certificate.hpp"
#include "adapters/crypto/pem.hpp"
#include "adapters/http/tls.hpp"
#include "core/division.hpp"
#include "core/identifiers.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

void well_formed(const core::Caller& caller) {
  if (caller.roles.contains(core::Role::recipient)) {
    require(core::is_recipient_id(caller.recipient.value) && caller.unit.empty() && caller.officer.empty());
    require(!caller.roles.contains_any(
        {core::Role::submitter, core::Role::releaser, core::Role::supervisor, core::Role::operator_}));
  } else if (!caller.roles.empty()) {
    require(core::is_unit_code(caller.unit) && core::is_recipient_id(caller.officer));
    require(caller.recipient.empty());
  }
}

void peer(const X509* certificate) {
  const auto identity = crypto::identify(certificate);
  if (!identity) {
    require(identity.error().code == core::Errc::unauthenticated);
    return;
  }
  require(!identity->caller.roles.empty());
  well_formed(identity->caller);
  require(identity->not_after == http::end_of(certificate));
}

void signing_key(std::string_view bytes) {
  if (const auto key = crypto::read_signing_certificate(bytes)) {
    require(!key->key.key_id().empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  signing_key(bytes);
  const crypto::Certificate certificate = crypto::parse_certificate(bytes);
  if (certificate == nullptr) {
    require(!crypto::identify(bytes));
    return 0;
  }
  peer(certificate.get());
  const std::string der = crypto::certificate_der(certificate.get());
  const crypto::Certificate again = crypto::parse_certificate(der);
  require(again != nullptr && crypto::certificate_der(again.get()) == der);
  return 0;
}
