#pragma once

#include "core/recipient.hpp"
#include "core/refusal.hpp"
#include "tuanyuan/v1/recipient.pb.h"

namespace tuanyuan::wire {

/// Refuses, with all paths at once, what cannot stand in a Recipient: an unknown category, audience, delivery
/// or channel, a division or coverage that is none, half a position or one without its reference system.
core::Result<core::Recipient> from_proto(const v1::Recipient& message);

/// Endpoint secrets are write-only and left out (contract, section 5).
v1::Recipient to_proto(const core::Recipient& recipient);

}  // namespace tuanyuan::wire
