#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/crypto/openssl_handles.hpp"
#include "adapters/crypto/signing_key.hpp"
#include "core/caller.hpp"
#include "core/notice.hpp"
#include "core/refusal.hpp"
#include "core/time.hpp"

namespace tuanyuan::crypto {

/// Who a peer certificate is for. That it chains to the CA is TLS's to check; this only reads it.
struct Identity {
  core::Caller caller;
  core::Instant not_after;
};

/// Reads the subject of a client certificate, DER or PEM. An officer's is
///
///     O=<unit, 12 digits>, OU=<role>, OU=<role>…, CN=<officer's number>@<unit>
///
/// (a CN without the part after @ is taken too), a recipient's is OU=recipient, CN=<recipient id>. Units that
/// are no roles are passed over. Refused (unauthenticated): no role, a recipient with other roles beside,
/// several common names, a unit or a recipient id that is ill-formed, and whatever is no certificate.
core::Result<Identity> identify(std::string_view certificate);
core::Result<Identity> identify(const X509* certificate);

/// The certificate authorities that are trusted. Const members may be called on any thread.
class TrustAnchors {
 public:
  /// PEM, one or several. Throws std::runtime_error where there is none.
  explicit TrustAnchors(std::string_view pem);

  /// Whether the certificate was issued by one of them and is valid at `at`.
  bool vouch_for(X509* certificate, core::Instant at) const;

 private:
  CertificateStore store_;
};

/// A notice-signing key that the deployment's CA vouches for.
struct CertifiedKey {
  VerifyingKey key;
  core::Status use = core::Status::exercise;
  core::Instant not_before;
  core::Instant not_after;
};

/// Reads a notice-signing certificate, DER or PEM: its key, its use (signing_use.hpp) and its validity.
/// Nothing where it is none, says two uses, or its subject and its usage disagree. Does not verify it.
std::optional<CertifiedKey> read_signing_certificate(std::string_view certificate);

/// The same, for a certificate that one of the anchors issued, valid at some time of its own span: a key that
/// has just expired is still known for one of the deployment, and what it signed earlier stays verifiable.
std::optional<CertifiedKey> certified_key(std::string_view certificate, const TrustAnchors& anchors);

}  // namespace tuanyuan::crypto
