#pragma once

#include <string>

#include "adapters/push/http.hpp"
#include "core/delivery.hpp"
#include "core/refusal.hpp"
#include "ports/channel.hpp"

namespace tuanyuan::push {

/// The `webhook-id` (contract, section 5): the same for all that concerns one recipient, alert, revision and step,
/// however often it is sent and by whichever process. Hexadecimal; says nothing of what it is made of.
/// What only takes the alert down has another one than the notice of the same version.
std::string webhook_id(const core::RecipientId& recipient, const core::AlertId& alert, core::Version version,
                       core::Parcel parcel = core::Parcel::notice);

/// The body (contract, section 5) around the very bytes of the signed copy. `acknowledge_url`: where one click
/// answers; empty: nowhere. Whom the circle has left behind gets a CLOSE without a notice: nothing for it was
/// signed. Refuses (invalid) a notice without a copy in JSON.
core::Result<std::string> webhook_body(const ports::Dispatch& dispatch, const std::string& acknowledge_url = "");
/// What all who get the same copy get of it: without the link, and the brace that closes it.
core::Result<std::string> open_webhook_body(const ports::Dispatch& dispatch);

/// What an answer means for the delivery:
///
///     2xx            accepted
///     410            rejected, and nobody is there any more
///     400, 413, 422  rejected: the same request can never do
///     all others     retry: the receiver, or whoever runs it, can put it right; after Retry-After where given
///     not sent       retry, but rejected where the request itself is refused, and held where it was overtaken
///     unknown        unknown
ports::SendResult outcome_of(const HttpResult& result, core::Instant now);

}  // namespace tuanyuan::push
