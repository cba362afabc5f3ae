#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/crypto/openssl_handles.hpp"
#include "adapters/crypto/signing_key.hpp"
#include "core/caller.hpp"
#include "core/ids.hpp"
#include "core/notice.hpp"
#include "core/refusal.hpp"
#include "core/time.hpp"

namespace tuanyuan::crypto {

inline constexpr std::size_t server_names_max = 32;

/// From when to when a certificate holds.
struct Validity {
  core::Instant not_before;
  core::Instant not_after;
};

/// From now on, and five minutes back for clocks that are slow.
Validity valid_from(core::Instant now, std::chrono::days days);

/// A certificate and its private key, both PEM.
struct Issued {
  std::string certificate;
  std::string key;
};

struct OfficerCertificate {
  std::string unit;     ///< GA 380, 12 digits
  std::string officer;  ///< [A-Za-z0-9_-]
  core::Roles roles;    ///< of officers: not recipient
};

/// The deployment's certificate authority: P-256 keys, ECDSA with SHA-256, random serial numbers. A
/// certificate holds only while its authority does: both its ends are brought inside the authority's. Loaded once
/// it issues thousands of certificates a second. Refusals are `invalid` with the paths of the arguments; throws
/// std::runtime_error where OpenSSL fails. Const members may be called on any thread.
class CertificateAuthority {
 public:
  static CertificateAuthority make(std::string_view common_name, const Validity& validity);
  /// Throws std::runtime_error where the two are not a CA certificate and its key.
  CertificateAuthority(std::string_view certificate_pem, std::string_view key_pem);

  const std::string& certificate() const { return certificate_pem_; }
  std::string key() const;

  /// A server's: `names` are DNS names and IP addresses, the first one is the subject. serverAuth.
  core::Result<Issued> issue_server(const std::vector<std::string>& names, const Validity& validity) const;

  /// An officer's: see identify(). clientAuth. The common name holds an @, which no recipient's may, because a
  /// broker knows its clients by common name alone: no officer's certificate may pass there for a recipient's.
  core::Result<Issued> issue_officer(const OfficerCertificate& wanted, const Validity& validity) const;

  /// A recipient's: OU=recipient, CN=<id>. clientAuth.
  core::Result<Issued> issue_recipient(const core::RecipientId& id, const Validity& validity) const;

  /// A program's of ours at the broker, such as the daemon: OU=service, CN=<name>.service, which for the same
  /// reason no recipient can be called. clientAuth. `name` as a recipient id, at most 56 characters.
  core::Result<Issued> issue_service(std::string_view name, const Validity& validity) const;

  /// The certificate (PEM) of a notice-signing key: see signing_use.hpp. CN is the key's id.
  std::string certify(const SigningKey& key, core::Status use, const Validity& validity) const;

 private:
  CertificateAuthority(Certificate certificate, PrivateKey key);

  struct Subject;
  Certificate issue(EVP_PKEY* key, const Subject& subject, const Validity& validity) const;
  Issued issue_new_key(const Subject& subject, const Validity& validity) const;

  Certificate certificate_;
  PrivateKey key_;
  std::string certificate_pem_;
};

/// A new master key for the vault, as it stands in its file.
std::string new_master_key_text();

}  // namespace tuanyuan::crypto
