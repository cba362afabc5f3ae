#pragma once

#include <string>
#include <vector>

#include "core/notice.hpp"
#include "core/refusal.hpp"
#include "core/time.hpp"

namespace tuanyuan::ports {

/// A public signing key as it is published (contract, section 3: keys).
struct PublicKey {
  std::string key_id;
  core::Status use = core::Status::exercise;  ///< what it signs: ACTUAL or EXERCISE
  std::string public_key;                     ///< DER SubjectPublicKeyInfo
  std::string certificate;                    ///< DER, from the deployment's CA
  core::Instant not_before;
  core::Instant not_after;
};

/// The published keys in the encodings that leave the daemon.
struct PublishedKeys {
  std::vector<PublicKey> keys;
  std::string protobuf;  ///< a serialised Keys
  std::string json;      ///< the same in JSON
  std::string jwk_set;   ///< RFC 7517
};

/// Signs notices with Ed25519, by the keys whose use is the notice's status: a detached signature over the
/// protobuf bytes and a compact JWS over the JSON. Several keys may be valid at once, so that they rotate.
/// Deterministic for the same notice and keys. Synchronous; any thread.
class Notary {
 public:
  virtual ~Notary() = default;

  /// Refuses (unavailable) when no key of the needed use is valid at `now`.
  virtual core::Result<core::SignedCopy> sign(const core::Notice& notice, core::Instant now) = 0;
  virtual PublishedKeys published(core::Instant now) = 0;
};

}  // namespace tuanyuan::ports
