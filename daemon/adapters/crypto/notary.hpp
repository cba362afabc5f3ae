#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/crypto/signing_key.hpp"
#include "ports/notary.hpp"

namespace tuanyuan::crypto {

/// How long an expired key stays published: longer than any notice is shown, so that a station which connects
/// late can still verify what was signed before the key expired.
inline constexpr std::chrono::days published_after_expiry{30};

/// A signing key with the certificate that says what it is for and from when to when.
struct NotaryKey {
  SigningKey key;
  std::string certificate;  ///< DER
  core::Status use;
  core::Instant not_before;
  core::Instant not_after;
};

/// Throws std::runtime_error where the two do not belong together or the certificate is not for signing notices.
NotaryKey load_notary_key(std::string_view key_pem, std::string_view certificate_pem);

/// Signs with Ed25519. A SignedNotice carries a signature by every key of the notice's use that is valid now; a
/// JWS has room for one, which is by the key that will be valid longest. Rotation: install the new key beside
/// the old one, publish both, and remove the old one when nothing that it signed is shown any more. A key that
/// was stolen is removed at once: what is not published is not trusted.
class OpenSslNotary final : public ports::Notary {
 public:
  /// Throws std::invalid_argument where two are the same key.
  explicit OpenSslNotary(std::vector<NotaryKey> keys);

  core::Result<core::SignedCopy> sign(const core::Notice& notice, core::Instant now) override;
  ports::PublishedKeys published(core::Instant now) override;

 private:
  std::vector<const NotaryKey*> valid_keys(core::Status use, core::Instant now) const;

  std::vector<NotaryKey> keys_;  ///< the one valid longest first, then by id
};

}  // namespace tuanyuan::crypto
