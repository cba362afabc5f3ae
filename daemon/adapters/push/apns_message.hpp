#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/push/http.hpp"
#include "adapters/push/limits.hpp"
#include "adapters/push/words.hpp"
#include "core/delivery.hpp"
#include "core/refusal.hpp"
#include "ports/channel.hpp"

namespace tuanyuan::push {

/// The `apns-id`: the same for all that concerns one recipient, alert, revision and step, however often it is sent
/// and by whichever process. A UUID (RFC 9562, version 8) that says nothing of what it is made of.
std::string apns_id(const core::RecipientId& recipient, const core::Delivery& delivery);

/// A device token: hexadecimal, of no fixed length.
bool is_device_token(std::string_view text);

/// The payload: the headline in the first of the recipient's languages and the text in all of them, composed so
/// that all of it leaves room for a link; what the device's app wants beyond, it fetches by alertId. An alert or
/// update interrupts as `critical` where the deployment may (`is_critical`) and it is meant, as `time-sensitive`
/// otherwise; a recall takes its place without a sound. Refuses (too_large) what cannot be made to fit.
core::Result<std::string> apns_payload(const core::Notice& notice, const Words& words,
                                       const std::vector<std::string>& languages, bool is_critical);

/// What is to be done beside what becomes of the delivery.
enum class ApnsNeed {
  nothing,
  new_token,  ///< the provider token has expired: make another, and try again by a new connection
  operator_,  ///< APNs refuses us: key, team, topic, certificate. People have to put that right
};
struct ApnsVerdict {
  ports::SendResult sent;
  ApnsNeed need = ApnsNeed::nothing;
  std::string reason;  ///< as APNs names it; one that it does not have is "other"

  ApnsVerdict() = default;
};

/// What an answer means:
///
///     200                                        accepted (by APNs; what the device does, nobody says)
///     400 BadDeviceToken, DeviceTokenNotForTopic rejected, and nobody is there any more
///     410 Unregistered, ExpiredToken             the same, since its `timestamp`
///     400, 404, 405, 413 with other reasons      rejected: the same request can never do
///     403 ExpiredProviderToken                   retry with another token, once there may be one
///     403 with other reasons                     retry, once people have put it right
///     429 TooManyProviderTokenUpdates            retry after `apns_token_age_min`
///     429 TooManyRequests                        retry; only this device is asked to wait
///     429, 5xx, all others                       retry; after Retry-After where given
///     not sent                                   retry, but rejected where the request itself is refused
///     unknown                                    unknown
ApnsVerdict apns_verdict(const HttpResult& result, core::Instant now);

/// The reason in an answer's body ({"reason":"…"}), "other" where it is none of APNs', empty where there is none.
std::string apns_reason(std::string_view body);

}  // namespace tuanyuan::push
