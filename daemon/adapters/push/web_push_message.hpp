#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/push/url.hpp"
#include "adapters/push/words.hpp"
#include "core/refusal.hpp"

namespace tuanyuan::push {

/// Where a browser, or an app by UnifiedPush, wants its messages, and the keys it reads them by.
struct PushSubscription {
  Url endpoint;
  std::string point;  ///< its P-256 public key, uncompressed: 65 bytes
  std::string auth;   ///< 16 bytes

  PushSubscription() = default;
};
/// Reads `{"endpoint":"https://…","keys":{"p256dh":"…","auth":"…"}}`, as a browser's PushSubscription.toJSON()
/// makes it; or a URL, with `{"p256dh":"…","auth":"…"}` as the endpoint's secret. The refusal (invalid) repeats
/// nothing of it.
core::Result<PushSubscription> parse_push_subscription(std::string_view address, std::string_view secret);

/// The key pair and the salt of one message: both are new for each (RFC 8291, section 3.1; RFC 8188, section 2.1).
class PushSeal {
 public:
  /// Throws std::runtime_error where OpenSSL fails.
  static PushSeal fresh();
  /// For vectors: a P-256 key of 32 bytes with its uncompressed point, and a salt of 16.
  static PushSeal of(std::string_view private_key, std::string_view point, std::string salt);

  /// The body that only the subscriber can read, by aes128gcm (RFC 8291), in one record. Refuses (invalid) a
  /// subscription whose point is not on the curve, (too_large) more than `push_plaintext_bytes_max`.
  core::Result<std::string> seal(const PushSubscription& to, std::string_view plaintext) const;

 private:
  struct Pkey;
  PushSeal(std::shared_ptr<const Pkey> key, std::string point, std::string salt);

  std::shared_ptr<const Pkey> key_;
  std::string point_;
  std::string salt_;
};

/// What a service worker or an app is told: headline and text in the recipient's languages, composed so that all
/// of it leaves room for the link (answer_links' with_link).
core::Result<std::string> web_push_payload(const core::Notice& notice, const Words& words,
                                           const std::vector<std::string>& languages, std::string_view id);

/// By which the push service puts the later message in the place of an earlier one that it still keeps: the same
/// for all about one alert to one recipient; says nothing of either.
std::string web_push_topic(const core::RecipientId& recipient, const core::AlertId& alert);

}  // namespace tuanyuan::push
