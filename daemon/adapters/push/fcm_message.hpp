#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/push/answer_code.hpp"
#include "adapters/push/words.hpp"
#include "core/refusal.hpp"

namespace tuanyuan::push {

struct FcmMessage {
  std::string id;            ///< by which the app knows a repetition
  std::string to = "token";  ///< what `address` is: that, a "topic" or a "condition"
  std::string address;       ///< of the app on that device, or of all that have joined
  std::string link;          ///< what the app answers by; empty: nobody answers for a topic
  std::string android_channel;
  std::chrono::seconds kept{0};  ///< for a device that is away
};

/// The request: a notification that Android and iOS show by themselves, and the facts as `data`. One collapse key
/// and one tag for an alert: the later takes the place of what is shown. Refuses (too_large) what cannot be made
/// to fit.
core::Result<std::string> fcm_body(const core::Notice& notice, const Words& words,
                                   const std::vector<std::string>& languages, const FcmMessage& message);

/// FCM's own code in an answer that is no success ("UNREGISTERED"), or else the status of all of Google's
/// interfaces ("UNAUTHENTICATED"); "other" where it is none that is known, empty where there is none.
std::string fcm_error(std::string_view body);

/// What an answer means:
///
///     200                              accepted (by FCM; what the device does, nobody says)
///     404 UNREGISTERED                 rejected, and nobody is there any more
///     403 SENDER_ID_MISMATCH           the same: the token belongs to another project
///     400 INVALID_ARGUMENT             the same where no field of the message is named beside it
///     400, 413 and others of theirs    rejected: the same request can never do
///     401, 403, 404 with other codes   retry, once people have put it right, or by a new token
///     429 QUOTA_EXCEEDED               retry after Retry-After, else a minute
///     5xx, all others                  retry; after Retry-After where given
///     not sent, unknown                as for a webhook
Verdict fcm_verdict(const HttpResult& result, core::Instant now);

}  // namespace tuanyuan::push
