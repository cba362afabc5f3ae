#pragma once

#include <vector>

#include "core/answer.hpp"
#include "core/refusal.hpp"
#include "tuanyuan/v1/answer.pb.h"

namespace tuanyuan::wire {

/// Refuses (invalid), with all paths at once, an acknowledgement without alert or kind, and UNABLE without a
/// reason. The recipient may be absent: the topic or the path says who answers. A reason beside another kind
/// means nothing and is dropped.
core::Result<core::Acknowledgement> from_proto(const v1::Acknowledgement& message);
v1::Acknowledgement to_proto(const core::Acknowledgement& acknowledgement);

/// Refuses a sighting without id, alert or time, or with a position that is half given or out of range.
core::Result<core::Sighting> from_proto(const v1::Sighting& message);
v1::Sighting to_proto(const core::Sighting& sighting);

/// Refuses a receipt without a result, and one that says neither which acknowledgement nor which sighting.
core::Result<core::Receipt> from_proto(const v1::Receipt& message);
v1::Receipt to_proto(const core::Receipt& receipt);
v1::Receipts to_proto(const std::vector<core::Receipt>& receipts);

}  // namespace tuanyuan::wire
