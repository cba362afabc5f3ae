#pragma once

#include <map>
#include <string>
#include <string_view>

#include "adapters/crypto/certificate.hpp"
#include "core/notice.hpp"
#include "core/refusal.hpp"

// What a station does before it shows anything.
namespace tuanyuan::crypto {

inline constexpr std::size_t signed_notice_bytes_max = 1024 * 1024;
inline constexpr std::size_t published_keys_bytes_max = 512 * 1024;
inline constexpr std::size_t signatures_max = 16;  ///< looked at in one notice
inline constexpr int published_keys_max = 64;

/// The signing keys that a station trusts, by key id.
class TrustedKeys {
 public:
  TrustedKeys() = default;

  /// From what the daemon publishes (topic `keys`, GET /keys): a serialised Keys, or its JSON, known by the
  /// first character. What a key may do is read from its certificate alone; a key that the anchors do not vouch
  /// for, or that is published under a name that is not its own, is left out. Refuses (malformed) what is
  /// neither, or is beyond the limits.
  static core::Result<TrustedKeys> from_published(std::string_view payload, const TrustAnchors& anchors);

  void add(CertifiedKey key);
  const CertifiedKey* find(std::string_view key_id) const;
  std::size_t size() const { return keys_.size(); }

 private:
  std::map<std::string, CertifiedKey, std::less<>> keys_;
};

/// A notice that may be shown.
struct VerifiedNotice {
  core::Notice notice;
  std::string bytes;  ///< exactly what was signed: protobuf or JSON
  std::string key_id;
};

/// Verifies a serialised SignedNotice: one good signature by a trusted key is enough, others (of algorithms or
/// keys that are not known) are passed over. Refusals:
///   malformed    not a SignedNotice, or what was signed is not a notice
///   unavailable  no signature is by a key that is known: fetch the keys and try again
///   forbidden    forged, or signed by a key of the other use, or by one that had expired when it was issued
core::Result<VerifiedNotice> verify_signed_notice(std::string_view signed_notice, const TrustedKeys& keys);

/// The same for {"notice":{…},"jws":"…"}: only the JWS is looked at.
core::Result<VerifiedNotice> verify_json_notice(std::string_view json, const TrustedKeys& keys);

/// The same for the JWS itself.
core::Result<VerifiedNotice> verify_jws(std::string_view jws, const TrustedKeys& keys);

}  // namespace tuanyuan::crypto
