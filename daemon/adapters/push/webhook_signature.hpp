#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/refusal.hpp"
#include "core/time.hpp"

namespace tuanyuan::push {

/// What Standard Webhooks signs: `id.timestamp.body`. Neither id nor timestamp may hold a dot, or one signature
/// would fit several messages.
struct WebhookMessage {
  std::string_view id;
  std::int64_t timestamp = 0;            ///< seconds since 1970
  std::array<std::string_view, 2> body;  ///< its parts, one after the other: what many share, and its own
};

/// The keys of one endpoint, separated by spaces in its secret: several while they are rotated, each of which
/// gives a signature, so that the receiver may hold either. `whsec_` + base64 is a shared key of 24 to 64 bytes
/// (HMAC-SHA256, "v1"); `whsk_` + base64 is a private Ed25519 key ("v1a"), as its seed of 32 bytes or with the
/// public key behind it, as libsodium keeps it; `whpk_` + base64 is a public one, which can only verify.
/// Copies share the keys. Any thread.
class WebhookKeys {
 public:
  /// Refuses (invalid) what is malformed, without repeating any of it.
  static core::Result<WebhookKeys> parse(std::string_view secret);

  /// The `webhook-signature` header. Throws std::logic_error where there are only public keys.
  std::string sign(const WebhookMessage& message) const;
  bool can_sign() const;

  enum class Verdict {
    genuine,
    too_old,  ///< replayed, or the clocks differ by more than webhook_tolerance
    too_early,
    forged,  ///< no signature of any of these keys, or no timestamp
  };
  /// Judges what came in: `timestamp` and `signatures` are the headers as they stand.
  Verdict verify(std::string_view id, std::string_view timestamp, std::string_view body,
                 std::string_view signatures, core::Instant now) const;

 private:
  class Key;
  class SharedKey;
  class Ed25519Key;

  static std::shared_ptr<const Key> parse_key(std::string_view text);

  std::vector<std::shared_ptr<const Key>> keys_;
};

}  // namespace tuanyuan::push
