// Certificates, DER or PEM. A name that is taken is one that the contract allows, a caller is an officer or a
// recipient and never both, and who is refused a role has none. (That a certificate is of our CA is TLS's to see.)
#include <algorithm>

#include "adapters/crypto/certificate.hpp"
#include "adapters/crypto/pem.hpp"
#include "adapters/http/identity.hpp"
#include "core/division.hpp"
#include "core/identifiers.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

constexpr core::Role roles[] = {core::Role::submitter, core::Role::releaser, core::Role::supervisor,
                                core::Role::operator_, core::Role::recipient};

bool same(const core::Caller& a, const core::Caller& b) {
  const bool same_roles = std::all_of(std::begin(roles), std::end(roles), [&](core::Role role) {
    return a.roles.contains(role) == b.roles.contains(role);
  });
  return same_roles && a.unit == b.unit && a.officer == b.officer && a.recipient == b.recipient;
}

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

/// The API and whoever else reads a certificate see the same in it.
void peer(const X509* certificate) {
  const http::Identity by_api = http::identify(certificate);
  well_formed(by_api.caller);
  const auto by_crypto = crypto::identify(certificate);
  if (!by_crypto) {
    require(by_crypto.error().code == core::Errc::unauthenticated);
    return;
  }
  well_formed(by_crypto->caller);
  require(same(by_crypto->caller, by_api.caller));
  require(by_crypto->not_after == by_api.not_after);
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
