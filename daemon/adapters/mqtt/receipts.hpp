#pragma once

#include <vector>

#include "adapters/mqtt/inbound.hpp"
#include "adapters/mqtt/outlet.hpp"
#include "core/answer.hpp"

namespace tuanyuan::mqtt {

/// The messages that carry these receipts, each to where its neighbour in `replies` says: one message a receipt,
/// but for those who asked for `Receipts`, which are gathered where topic, encoding and correlation data are the
/// same, at most receipts_per_message_max in one. Pure; the two
/// vectors have the same length.
std::vector<Outgoing> pack_receipts(const std::vector<core::Receipt>& receipts,
                                    const std::vector<ReplyTo>& replies);

}  // namespace tuanyuan::mqtt
