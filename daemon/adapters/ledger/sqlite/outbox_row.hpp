#pragma once

#include "adapters/ledger/sqlite/connection.hpp"
#include "ports/ledger.hpp"

namespace tuanyuan::ledger {

/// The columns of outbox o, joined with alerts a, in the order of read_outbox_row. A macro, because statements are
/// literals.
#define TUANYUAN_OUTBOX_COLUMNS                                                                         \
  "o.id, a.id, revision, step, kind, status, audience, parcel, channel, division, recipient, urgency, " \
  "not_before, expires_at, attempts, maybe_sent, state, outdated, concerns, awaits, settled_at, "       \
  "endpoint"

struct OutboxRow {
  core::Delivery delivery;  ///< as it is stored; who holds it stands elsewhere (claims.hpp)
  bool outdated = false;
  core::Instant settled_at;
};

OutboxRow read_outbox_row(const Statement& row);

}  // namespace tuanyuan::ledger
