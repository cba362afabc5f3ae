#pragma once

#include <cstddef>
#include <vector>

#include "adapters/ledger/sqlite/connection.hpp"
#include "adapters/ledger/sqlite/numbering.hpp"
#include "ports/ledger.hpp"

namespace tuanyuan::ledger {

/// The outbox part of a transaction.
class OutboxWriter {
 public:
  OutboxWriter(Connection& database, Numbering& numbering) : database_(database), numbering_(numbering) {}

  /// Supersedes, updates, queues again, then inserts, so that what is new is never superseded by its own commit.
  void write(const ports::Commit& commit, ports::Committed& committed);

  /// Rows come back in state queued, ready for core::advance; in the table they are in flight.
  std::vector<core::Delivery> claim(core::ChannelKind channel, core::Instant now, core::Instant lease_until,
                                    std::size_t limit);

  /// As at a start: nobody holds a lease any more, for whoever did is gone; and whatever is queued is due, for the
  /// clock that said when may have run ahead, and at worst something is tried a few minutes early.
  void begin_anew();

 private:
  void supersede(const ports::Supersede& supersede);
  void update(const ports::DeliveryUpdate& update);
  void requeue(const ports::Requeue& requeue);
  std::uint64_t insert(const core::Delivery& delivery);

  Connection& database_;
  Numbering& numbering_;
};

}  // namespace tuanyuan::ledger
